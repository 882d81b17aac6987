package io.elanus.common.topk;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.model.Key;
import io.elanus.common.model.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ScorePageTest {
  private record Found(Key key, float score) implements Hit {
    @Override
    public String toString() {
      return "%.0f(%s)".formatted(score, key);
    }
  }

  private static Ranking<Found> ranking(boolean exhausted, float... scores) {
    return new Ranking<>(
        IntStream.range(0, scores.length)
            .mapToObj(i -> new Found(new Key.LongKey(i), scores[i]))
            .toList(),
        exhausted);
  }

  private static ScoreRange behind(float bound) {
    return new ScoreRange(Optional.of(bound), true, Optional.empty());
  }

  private static String page(ScorePage page, Metric metric, Ranking<Found> ranking) {
    return page.of(ranking, metric)
        .map(hits -> hits.stream().map(hit -> "%.0f".formatted(hit.score())).toList().toString())
        .orElse("goes on");
  }

  @Test
  void aPageTakesWhatIsInItsRange() {
    var open = ranking(true, 1, 2, 2, 3, 4, 5);
    var between = new ScoreRange(Optional.of(2f), false, Optional.of(4f));

    assertThat(page(new ScorePage(ScoreRange.ALL, 3, false), Metric.L2, open))
        .isEqualTo("[1, 2, 2]");
    assertThat(page(new ScorePage(between, 9, false), Metric.L2, open)).isEqualTo("[2, 2, 3]");
    assertThat(page(new ScorePage(behind(2), 2, false), Metric.L2, open)).isEqualTo("[3, 4]");
    assertThat(page(new ScorePage(behind(9), 2, false), Metric.L2, open)).isEqualTo("[]");
  }

  @Test
  void similaritiesGoTheOtherWay() {
    var open = ranking(true, 9, 7, 7, 5, 1);
    var between = new ScoreRange(Optional.of(7f), false, Optional.of(1f));

    assertThat(page(new ScorePage(between, 9, false), Metric.IP, open)).isEqualTo("[7, 7, 5]");
    assertThat(page(new ScorePage(behind(9), 1, true), Metric.IP, open)).isEqualTo("[7, 7]");
  }

  @Test
  void aRankingHasToGoOnUntilThePageIsSure() {
    var cut = ranking(false, 1, 2, 2);

    assertThat(page(new ScorePage(ScoreRange.ALL, 2, false), Metric.L2, cut)).isEqualTo("[1, 2]");
    assertThat(page(new ScorePage(ScoreRange.ALL, 2, true), Metric.L2, cut)).isEqualTo("goes on");
    assertThat(page(new ScorePage(behind(2), 1, false), Metric.L2, cut)).isEqualTo("goes on");
    assertThat(
            page(
                new ScorePage(new ScoreRange(Optional.empty(), false, Optional.of(2f)), 5, true),
                Metric.L2,
                cut))
        .isEqualTo("[1]");
  }

  @Test
  void pagesTogetherAreTheWholeRanking() {
    Random random = new Random(4);
    for (int round = 0; round < 500; round++) {
      float[] scores = new float[random.nextInt(1, 40)];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = random.nextInt(8);
      }
      java.util.Arrays.sort(scores);
      Ranking<Found> all = ranking(true, scores);
      int k = random.nextInt(1, 6);

      List<Found> pages = new ArrayList<>();
      ScoreRange range = ScoreRange.ALL;
      List<Found> page = new ScorePage(range, k, true).of(all, Metric.L2).orElseThrow();
      while (!page.isEmpty()) {
        pages.addAll(page);
        range = behind(page.getLast().score());
        page = new ScorePage(range, k, true).of(all, Metric.L2).orElseThrow();
      }

      assertThat(pages).isEqualTo(all.hits());
    }
  }
}
