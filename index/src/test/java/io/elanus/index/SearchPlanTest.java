package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchPlanTest {
  @ParameterizedTest
  @CsvSource({
    // accepted of 1,000,000 rows, ef, k, plan
    "1000000, 64,   10,   Walk[ef=64; keep=20; wanted=10; budget=500000; share=1.0]",
    "1000000, 64,   1000, Walk[ef=1000; keep=1000; wanted=1000; budget=500000; share=1.0]",
    "100000,  64,   10,   Walk[ef=64; keep=20; wanted=10; budget=50000; share=0.1]",
    "26000,   64,   10,   Walk[ef=64; keep=20; wanted=10; budget=13000; share=0.026]",
    "25000,   64,   10,   Scan[]",
    "100000,  1000, 1000, Scan[]",
    "1000,    1,    1,    Scan[]",
    "0,       64,   10,   Scan[]",
  })
  void theCheaperWayIsChosen(int accepted, int ef, int k, String plan) {
    AcceptedRows rows = firstRows(accepted);

    SearchPlan chosen = SearchPlan.of(new SearchParams.Hnsw(ef), k, 1_000_000, rows);

    assertThat(chosen.toString().replace(", ", "; ")).isEqualTo(plan);
  }

  @Test
  void smallIndexesAreScanned() {
    SearchParams ef = new SearchParams.Hnsw(64);

    assertThat(SearchPlan.of(ef, 10, 2048, AcceptedRows.ALL)).isEqualTo(new SearchPlan.Scan());
    assertThat(SearchPlan.of(ef, 10, 2049, AcceptedRows.ALL)).isInstanceOf(SearchPlan.Walk.class);
  }

  @Test
  void exactIsAlwaysAScan() {
    SearchParams exact = new SearchParams.Exact();

    assertThat(SearchPlan.of(exact, 1, 1_000_000, AcceptedRows.ALL))
        .isEqualTo(new SearchPlan.Scan());
  }

  @Test
  void aWalkIsAWalkHoweverFewRowsAreAccepted() {
    SearchParams walk = new SearchParams.Walk(64);

    assertThat(SearchPlan.of(walk, 10, 1_000_000, firstRows(100)))
        .isEqualTo(new SearchPlan.Walk(64, 64, 10, Integer.MAX_VALUE, 0.0001));
    assertThat(SearchPlan.of(walk, 10, 1_000_000, firstRows(3)))
        .isEqualTo(new SearchPlan.Walk(64, 3, 3, Integer.MAX_VALUE, 0.000003));
    assertThat(SearchPlan.of(walk, 10, 1_000_000, firstRows(0))).isEqualTo(new SearchPlan.Scan());
  }

  @Test
  void aWalkIsNotGivenUpByChance() {
    SearchPlan.Walk walk = new SearchPlan.Walk(64, 20, 10, 15_000, 0.03);

    assertThat(walk.isHopeless(500, 60, 0)).as("1.8 were to be expected").isFalse();
    assertThat(walk.isHopeless(3000, 400, 3)).as("3 of 12 are enough").isFalse();
    assertThat(walk.isHopeless(3000, 400, 2)).as("2 of 12 are not").isTrue();
    assertThat(walk.isHopeless(400, 400, 0)).as("too soon to tell").isFalse();
    assertThat(walk.isHopeless(15_001, 1800, 1000)).as("dearer than a scan").isTrue();
  }

  private static AcceptedRows firstRows(int count) {
    long[] words = new long[(count + 63) / 64];
    Arrays.fill(words, -1);
    if (count % 64 != 0) {
      words[words.length - 1] = (1L << count) - 1;
    }
    return AcceptedRows.of(words);
  }
}
