package io.elanus.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final ProcessMemory MEMORY = new ProcessMemory(200 << 20, 50 << 20);

  @Test
  void ratesAreOfTheMedianRoundAndDividedByThoseOfOthers() {
    Result ours = result("hnsw", effort(10, 0.90, 1, 2, 100), effort(20, 0.95, 4, 4, 4));
    Result theirs = result("hnswlib", effort(10, 0.90, 4, 4, 1), effort(20, 0.99, 8, 8, 8));

    String table = new Comparison(List.of(ours, theirs), List.of("hnswlib", "gone")).table();

    assertThat(table)
        .isEqualTo(
            """
            |  | built, CPU s | memory, MiB | on huge pages | queries/s at 0.90 | at 0.95 | at 0.99 | by the clock | to hnswlib |
            | --- | --- | --- | --- | --- | --- | --- | --- | --- |
            | hnsw | 7.0 | 200 | 25 % | 500 | 250 | - | 250 / 125 / - | 2.00 / 1.23 / - |
            | hnswlib | 7.0 | 200 | 25 % | 250 | 203 | 125 | 125 / 101 / 63 | 1.00 / 1.00 / 1.00 |
            """);
  }

  @Test
  void everyPointIsALine() {
    Result ours = result("hnsw@huge", effort(10, 0.9, 1, 2, 4));

    assertThat(new Comparison(List.of(ours), List.of()).points())
        .isEqualTo(
            """
            contender,effort,recall,queries_per_cpu_second,slowest_round,fastest_round,queries_per_second
            hnsw@huge,10,0.9000,500,250,1000,250
            """);
  }

  private static Result result(String name, Result.Effort... efforts) {
    return new Result(
        ContenderName.parse(name), "1.0", new Contender.Duration(7, 8), MEMORY, List.of(efforts));
  }

  /// 1,000 queries, as long by the clock again.
  private static Result.Effort effort(int effort, double recall, double... cpu) {
    List<Contender.Duration> rounds =
        Arrays.stream(cpu)
            .mapToObj(seconds -> new Contender.Duration(seconds, 2 * seconds))
            .toList();
    return new Result.Effort(effort, recall, 1000, rounds);
  }
}
