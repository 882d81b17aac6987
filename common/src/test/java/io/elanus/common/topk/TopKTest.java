package io.elanus.common.topk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.model.Key;
import io.elanus.common.model.Metric;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TopKTest {
  private record Row(Key key, float score) implements Hit {
    @Override
    public String toString() {
      return "%.0f(%d)".formatted(score, ((Key.LongKey) key).value());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      textBlock =
          """
          IP | 3 | 9(1) 5(2) end   | 7(3) 3(4) end   | 9(1) 7(3) 5(2) ...
          L2 | 3 | 1(1) 5(2) end   | 2(3) 9(4) end   | 1(1) 2(3) 5(2) ...
          IP | 9 | 9(1) end        | 7(3) end        | 9(1) 7(3) end
          IP | 2 | 9(1) end        | 7(3) end        | 9(1) 7(3) end
          IP | 2 | 5(8) 5(9) end   | 5(1) 5(2) end   | 5(1) 5(2) ...
          IP | 3 | 9(1) 7(2) 5(3) ... | 9(1) 8(1) end | 9(1) 7(2) 5(3) ...
          IP | 3 | 9(1) 7(1) 6(1) ... | 5(2) end     | 9(1) ...
          IP | 3 | 9(1) 7(1) 6(1) end | 5(2) end     | 9(1) 5(2) end
          IP | 1 | 9(1) ...        | 5(2) ...        | 9(1) ...
          IP | 1 | end             | end             | end
          IP | 1 | ...             | 5(2) end        | ...
          IP | 0 | 9(1) end        | end             | ...
          """)
  void merges(Metric metric, int k, String a, String b, String expected) {
    Ranking<Row> merged = TopK.merge(List.of(ranking(a), ranking(b)), metric, k);

    assertThat(shown(merged)).isEqualTo(expected);
  }

  @Test
  void onlyAFullOrExhaustedRankingAnswers() {
    assertThat(ranking("9(1) ...").answers(1)).isTrue();
    assertThat(ranking("9(1) ...").answers(2)).isFalse();
    assertThat(ranking("9(1) end").answers(2)).isTrue();
  }

  @Test
  void aRankingOutOfOrderIsRefused() {
    assertThatThrownBy(() -> TopK.merge(List.of(ranking("1(1) 2(2) end")), Metric.IP, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("source 0 is not in order: 1(1) before 2(2)");
  }

  @Test
  void whatIsNoNumberIsFarAway() {
    List<Row> rows = new ArrayList<>(List.of(row(1, Float.NaN), row(2, -5), row(3, 5)));

    rows.sort(TopK.order(Metric.L2));
    assertThat(rows).extracting(Row::key).containsExactly(Key.of(2), Key.of(3), Key.of(1));
    rows.sort(TopK.order(Metric.IP));
    assertThat(rows).extracting(Row::key).containsExactly(Key.of(3), Key.of(2), Key.of(1));
  }

  /// Sources cut anywhere, asked for more while they do not answer, give what sorting everything
  /// gives.
  @ParameterizedTest
  @EnumSource(Metric.class)
  void mergingEqualsSortingAll(Metric metric) {
    Random random = new Random(20251120);
    for (int round = 0; round < 2000; round++) {
      List<List<Row>> sources = randomSources(random, metric);
      int k = 1 + random.nextInt(8);

      assertThat(askUntilAnswered(sources, metric, k)).isEqualTo(bruteForce(sources, metric, k));
    }
  }

  private static List<Row> askUntilAnswered(List<List<Row>> sources, Metric metric, int k) {
    for (int limit = k; ; limit *= 2) {
      int most = limit;
      Ranking<Row> merged =
          TopK.merge(sources.stream().map(rows -> cut(rows, most)).toList(), metric, k);
      if (merged.answers(k)) {
        return merged.hits();
      }
    }
  }

  private static Ranking<Row> cut(List<Row> rows, int limit) {
    return new Ranking<>(rows.stream().limit(limit).toList(), rows.size() <= limit);
  }

  private static List<Row> bruteForce(List<List<Row>> sources, Metric metric, int k) {
    Set<Key> keys = new HashSet<>();
    return sources.stream()
        .flatMap(List::stream)
        .sorted(TopK.order(metric))
        .filter(row -> keys.add(row.key()))
        .limit(k)
        .toList();
  }

  private static List<List<Row>> randomSources(Random random, Metric metric) {
    return Stream.generate(() ->
            Stream.generate(() -> row(random.nextInt(12), random.nextInt(10)))
                .limit(random.nextInt(20))
                .sorted(TopK.order(metric))
                .toList())
        .limit(random.nextInt(5))
        .toList();
  }

  private static Row row(long key, float score) {
    return new Row(Key.of(key), score);
  }

  /// From `9(1) 5(2) end` or `9(1) ...`: scores with keys, then whether that is all.
  private static Ranking<Row> ranking(String text) {
    List<String> words = List.of(text.split(" "));
    List<Row> rows =
        words.subList(0, words.size() - 1).stream()
            .map(word -> word.split("[()]"))
            .map(parts -> row(Long.parseLong(parts[1]), Float.parseFloat(parts[0])))
            .toList();
    return new Ranking<>(rows, words.getLast().equals("end"));
  }

  private static String shown(Ranking<Row> ranking) {
    return Stream.concat(
            ranking.hits().stream().map(Row::toString),
            Stream.of(ranking.exhausted() ? "end" : "..."))
        .collect(Collectors.joining(" "));
  }
}
