package io.elanus.adapters.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.adapters.mysql.LeaseJudge.Verdict;
import io.elanus.adapters.mysql.LeaseTable.Row;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LeaseJudgeTest {
  private static final Duration TTL = Duration.ofMillis(10_000);

  private final LeaseJudge judge = new LeaseJudge(0);

  /// A look that was answered a millisecond after it was asked. @return the ids of the dead
  private List<Long> look(long askedAtMillis, long... counters) {
    return slowLook(askedAtMillis, askedAtMillis + 1, counters);
  }

  private List<Long> slowLook(long askedAtMillis, long answeredAtMillis, long... counters) {
    List<Row> rows =
        IntStream.range(0, counters.length).mapToObj(i -> new Row(i, TTL, counters[i])).toList();
    return judge.judge(rows, askedAtMillis * 1_000_000, answeredAtMillis * 1_000_000).stream()
        .filter(Verdict::isDead)
        .map(verdict -> verdict.lease().id())
        .toList();
  }

  private List<Long> looks(long fromMillis, long toMillis, long... counters) {
    for (long at = fromMillis; at < toMillis; at += 500) {
      assertThat(look(at, counters)).isEmpty();
    }
    return look(toMillis, counters);
  }

  @Test
  void aLeaseDiesWhenItsCounterStandsStillForItsTimeAndTheMargin() {
    assertThat(looks(0, 10_500, 7)).isEmpty();
    assertThat(look(10_501, 7)).containsExactly(0L);
  }

  @Test
  void itLivesAsLongAsItIsRenewed() {
    assertThat(looks(0, 6_000, 1, 1)).isEmpty();
    assertThat(looks(6_500, 12_000, 2, 2)).isEmpty();

    assertThat(looks(12_500, 17_500, 2, 3)).containsExactly(0L);
  }

  @Test
  void theTimeCountsFromTheAnswerThatShowedTheCounterFirst() {
    slowLook(0, 2_000, 1);

    assertThat(looks(2_500, 12_000, 1)).isEmpty();
    assertThat(look(12_500, 1)).containsExactly(0L);
  }

  @Test
  void afterAGapEverybodyHasTheFullTimeAgain() {
    looks(0, 5_000, 1);

    assertThat(look(30_000, 1)).isEmpty();
    assertThat(looks(30_500, 40_500, 1)).isEmpty();
    assertThat(look(40_501, 1)).containsExactly(0L);
  }

  @Test
  void anAnswerThatTookLongIsAGap() {
    looks(0, 5_000, 1);

    assertThat(slowLook(5_500, 30_000, 1)).isEmpty();
    assertThat(look(30_500, 1)).isEmpty();
  }

  @Test
  void aLeaseThatIsGoneIsForgotten() {
    looks(0, 5_000, 1);
    assertThat(look(5_500)).isEmpty();

    assertThat(looks(6_000, 16_000, 1)).isEmpty();
  }
}
