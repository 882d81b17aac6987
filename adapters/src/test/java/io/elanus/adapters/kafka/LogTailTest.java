package io.elanus.adapters.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.adapters.kafka.LogTail.Look;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal.WalRecord;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogTailTest {
  private final Run run = new SystemRun();
  private final LogTail tail = new LogTail(run, new LogId(0));

  @BeforeEach
  void joinAtTen() {
    tail.join(10);
  }

  @Test
  void aReaderAtItsBeginningSeesWhatComes() {
    add(batch(13, 10, 12));

    assertThat(records(10)).containsExactly(10L, 12L);
    assertThat(records(11)).containsExactly(12L);
    assertThat(look(10))
        .isInstanceOfSatisfying(Look.Records.class, r -> assertThat(r.next()).isEqualTo(13));
    assertThat(look(13)).isEqualTo(new Look.Nothing(13));
  }

  @Test
  void aReaderBeforeItIsBehind() {
    assertThat(look(9)).isEqualTo(new Look.Behind(10));
  }

  @Test
  void barriersSayNothingUnlessTheyReachAnEndThatWasAskedFor() {
    add(batch(14));
    assertThat(look(10)).isEqualTo(new Look.Nothing(14));

    tail.ask(15);
    assertThat(look(10)).isEqualTo(new Look.Nothing(14));

    add(batch(15));
    assertThat(look(10)).isEqualTo(new Look.Passed(15));
    assertThat(look(15)).isEqualTo(new Look.Nothing(15));
  }

  @Test
  void anEndThatWasPassedBeforeItWasAskedForIsSaid() {
    add(batch(15));

    tail.ask(12);

    assertThat(look(10)).isEqualTo(new Look.Passed(15));
    assertThat(look(12)).isEqualTo(new Look.Nothing(15));
  }

  @Test
  void anEndThatAReaderHasPassedWithoutAWordIsSaid() {
    add(batch(15));

    tail.ask(15);

    assertThat(look(15, 11)).isEqualTo(new Look.Passed(15));
    assertThat(look(15, 15)).isEqualTo(new Look.Nothing(15));
  }

  @Test
  void whatIsTooMuchIsForgottenFromTheBeginning() {
    for (int i = 0; i < 10; i++) {
      add(new Batch(List.of(record(10 + i, 1 << 20)), 11 + i));
    }

    assertThat(look(10)).isEqualTo(new Look.Behind(16));
    assertThat(records(16)).containsExactly(16L, 17L, 18L, 19L);
  }

  @Test
  void theNewestBatchIsKeptHoweverLargeItIs() {
    add(new Batch(List.of(record(10, 16 << 20), record(11, 16 << 20)), 12));

    assertThat(records(10)).containsExactly(10L, 11L);
  }

  @Test
  void aBatchOfAnEarlierFollowingIsDropped() {
    int before = number();
    tail.leave();
    tail.join(100);

    tail.add(before, batch(12, 11));

    assertThat(look(100)).isEqualTo(new Look.Nothing(100));
    assertThat(number()).isGreaterThan(before);
  }

  @Test
  void itIsFollowedWhileSomebodyReads() {
    tail.join(50);
    assertThat(tail.round()).isPresent();

    tail.leave();
    assertThat(tail.round()).isPresent();

    tail.leave();
    assertThat(tail.round()).isEmpty();
  }

  @Test
  void aFailureIsToldToAllAndTheNextReaderBeginsAnew() {
    tail.fail(ErrorCode.LOG_FAILED.because("planned"));

    assertThatThrownBy(() -> look(10)).isInstanceOf(DbException.class).hasMessage("planned");
    assertThat(tail.round()).isEmpty();

    tail.join(20);
    assertThat(look(10)).isEqualTo(new Look.Behind(20));
  }

  private void add(Batch batch) {
    tail.add(number(), batch);
  }

  private int number() {
    return tail.round().orElseThrow().number();
  }

  private Look look(long offset) {
    return look(offset, offset);
  }

  private Look look(long offset, long told) {
    return tail.look(offset, told, () -> false, Deadline.after(run, Duration.ZERO));
  }

  private List<Long> records(long offset) {
    return ((Look.Records) look(offset))
        .records().stream().map(r -> r.position().offset()).toList();
  }

  private static Batch batch(long next, long... offsets) {
    return new Batch(Arrays.stream(offsets).mapToObj(o -> record(o, 8)).toList(), next);
  }

  private static WalRecord record(long offset, int bytes) {
    Position position = new Position(1, offset);
    return new WalRecord(position, position.next(), new byte[bytes]);
  }
}
