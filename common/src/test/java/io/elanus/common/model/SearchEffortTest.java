package io.elanus.common.model;

import static io.elanus.common.model.IndexFields.params;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.model.ResolvedIndex.Breadth;
import io.elanus.common.model.ResolvedIndex.Codes;
import io.elanus.common.model.ResolvedIndex.Flat;
import io.elanus.common.model.ResolvedIndex.Hnsw;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the parameters of a search make of an index.
class SearchEffortTest {
  private static final Hnsw GRAPH = new Hnsw(Metric.COSINE, 18, 240, Codes.NONE, Breadth.EF);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      textBlock =
          """
          nprobe=8            | 10  | 64
          nprobe=8            | 100 | 100
          ef=10               | 10  | 10
          ef=9                | 10  | 10
          ef=2147483647       | 10  | 2147483647
          metric_type=COSINE  | 10  | 64
          metric_type=cosine  | 10  | 64
          metric_type=        | 10  | 64
          """)
  void aSearchKeepsEnoughCandidates(String params, int topK, int ef) {
    assertThat(IndexSpec.searchEffort(GRAPH, params(params), topK))
        .isEqualTo(new SearchEffort.Candidates(ef, 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ef=-1            | param 'ef' (-1) should be in range [1, 2147483647]
          ef=32.0          | Type conflict in json: param 'ef' (32.0) should be integer
          ef=true          | Type conflict in json: param 'ef' (true) should be integer
          ef=null          | Type conflict in json: param 'ef' (null) should be integer
          ef=[32]          | param 'ef' ([32]) should be integer
          ef=3000000000    | param 'ef' (3000000000) should be in range [1, 2147483647]
          metric_type=L2   | metric type not match: invalid parameter[expected=COSINE][actual=L2]
          """)
  void refusesASearch(String params, String text) {
    assertThatThrownBy(() -> IndexSpec.searchEffort(GRAPH, params(params), 10))
        .isInstanceOf(DbException.class)
        .hasMessageContaining(text);
  }

  @Test
  void otherParametersSayHowManyCandidates() {
    ResolvedIndex loose = new Hnsw(Metric.L2, 18, 240, Codes.NONE, Breadth.LOOSE_EF);
    ResolvedIndex disk = new ResolvedIndex.Paged(Metric.L2, 56, 100);

    assertThat(candidates(loose, "ef=1")).isEqualTo(10);
    assertThat(candidates(loose, "ef=20")).isEqualTo(20);
    assertThat(candidates(disk, "ef=x")).isEqualTo(100);
    assertThat(candidates(disk, "search_list=30")).isEqualTo(30);
    assertThat(candidates(disk, "search_list_size=10 search_list=40")).isEqualTo(10);
    assertThat(candidates(disk, "search_list=9")).isEqualTo(10);
    assertThatThrownBy(() -> candidates(disk, "search_list_size=-1"))
        .hasMessageContaining("param 'search_list_size' (-1) should be in range [1, 2147483647]");
  }

  private static int candidates(ResolvedIndex index, String params) {
    return ((SearchEffort.Candidates) IndexSpec.searchEffort(index, params(params), 10)).count();
  }

  @Test
  void theNearestAreAmongThoseThatASearchKeeps() {
    ResolvedIndex loose = new Hnsw(Metric.L2, 18, 240, Codes.NONE, Breadth.LOOSE_EF);
    ResolvedIndex codes = new Hnsw(Metric.L2, 18, 240, Codes.BYTES, Breadth.EF);
    ResolvedIndex lists = new ResolvedIndex.Ivf(Metric.L2, 128, Codes.BYTES);
    ResolvedIndex disk = new ResolvedIndex.Paged(Metric.L2, 56, 100);

    assertTooFew(GRAPH, "ef=9", "ef(9) should be larger than k(10)");
    assertTooFew(codes, "reorder_k=9", "reorder_k(9) should be larger than k(10)");
    assertTooFew(lists, "reorder_k=9", "reorder_k(9) should be larger than k(10)");
    assertTooFew(disk, "search_list_size=1", "search_list_size(1) should be larger than k(10)");
    assertTooFew(disk, "search_list=9", "search_list(9) should be larger than k(10)");
    assertEnough(GRAPH, "ef=10");
    assertEnough(GRAPH, "reorder_k=9");
    assertEnough(loose, "ef=9");
    assertEnough(disk, "nprobe=9");
  }

  private static void assertTooFew(ResolvedIndex index, String params, String text) {
    assertThatThrownBy(() -> IndexSpec.requireEnough(index, params(params), 10))
        .isInstanceOf(DbException.class)
        .hasMessage(text);
  }

  private static void assertEnough(ResolvedIndex index, String params) {
    assertThatCode(() -> IndexSpec.requireEnough(index, params(params), 10))
        .doesNotThrowAnyException();
  }

  @Test
  void aSearchOfListsLooksThroughSome() {
    ResolvedIndex lists = new ResolvedIndex.Ivf(Metric.L2, 128, Codes.NONE);

    assertThat(IndexSpec.searchEffort(lists, Map.of(), 100))
        .isEqualTo(new SearchEffort.Lists(8, 1));
    assertThat(IndexSpec.searchEffort(lists, Map.of("nprobe", "16", "ef", "1"), 100))
        .isEqualTo(new SearchEffort.Lists(16, 1));
    assertThatThrownBy(() -> IndexSpec.searchEffort(lists, Map.of("nprobe", "0"), 10))
        .hasMessageContaining("param 'nprobe' (0) should be in range [1, 65536]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rbq_bits_query=9   | Out of range in json: param 'rbq_bits_query' (9) should be in range [0, 8]
          rbq_query_bits=-1  | param 'rbq_query_bits' (-1) should be in range [0, 8]
          rbq_bits_query=6.0 | Type conflict in json: param 'rbq_bits_query' (6.0) should be integer
          """)
  void refusesASearchOfLists(String params, String text) {
    ResolvedIndex lists = new ResolvedIndex.Ivf(Metric.L2, 128, Codes.HALF_BYTES);

    assertThatThrownBy(() -> IndexSpec.searchEffort(lists, params(params), 10))
        .isInstanceOf(DbException.class)
        .hasMessageContaining(text);
  }

  @Test
  void codesAreRefined() {
    ResolvedIndex codes = new ResolvedIndex.Ivf(Metric.L2, 128, Codes.BYTES);

    assertThat(IndexSpec.searchEffort(codes, Map.of("refine_k", "2.5"), 10))
        .isEqualTo(new SearchEffort.Lists(8, 2.5f));
    assertThat(IndexSpec.searchEffort(codes, Map.of("reorder_k", "60"), 20))
        .isEqualTo(new SearchEffort.Lists(8, 3));
    assertThat(IndexSpec.searchEffort(GRAPH, Map.of("refine_k", "x"), 10))
        .as("a graph of vectors has nothing to refine")
        .isEqualTo(new SearchEffort.Candidates(64, 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          refine_k=0.5 | Out of range in json: param 'refine_k' (0.5) should be in range [1.000000, 340282346638528859811704183484516925440.000000]
          refine_k=NaN | param 'refine_k' (NaN) should be in range
          refine_k=x   | Type conflict in json: param 'refine_k' (x) should be a number
          reorder_k=0  | param 'reorder_k' (0) should be in range [1, 2147483647]
          """)
  void refusesToRefine(String params, String text) {
    ResolvedIndex codes = new Hnsw(Metric.L2, 18, 240, Codes.HALF_BYTES, Breadth.EF);

    assertThatThrownBy(() -> IndexSpec.searchEffort(codes, params(params), 10))
        .isInstanceOf(DbException.class)
        .hasMessageContaining(text);
  }

  @Test
  void aScanNeedsNoCandidatesBeyondTheResult() {
    assertThat(IndexSpec.searchEffort(new Flat(Metric.L2), Map.of("ef", "x"), 7))
        .isEqualTo(new SearchEffort.All());
  }
}
