package io.elanus.common.model;

import static java.util.Map.entry;

import io.elanus.common.model.ResolvedIndex.Breadth;
import io.elanus.common.model.ResolvedIndex.Codes;
import io.elanus.common.model.ResolvedIndex.Flat;
import io.elanus.common.model.ResolvedIndex.Hnsw;
import io.elanus.common.model.ResolvedIndex.Ivf;
import io.elanus.common.model.ResolvedIndex.Paged;
import java.util.Map;
import java.util.Set;

/// The index types over vectors of numbers, their parameters, and what each is built as. Errors in Milvus's words.
///
/// A type that we have no form of our own for is built as its nearest relative that finds no less: every index of codes scores
/// the best anew by their vectors, whether that is asked for or not (docs/decisions/0139-index-names.md).
final class DenseSpec {
  private static final IntParam M = new IntParam("M", 2, 2048, 30);
  private static final IntParam EF_CONSTRUCTION =
      new IntParam("efConstruction", 1, Integer.MAX_VALUE, 360);
  private static final IntParam LISTS = new IntParam("nlist", 1, 65536, 128);

  /// 64 by default: at the 10 results clients ask for by default, 10 candidates would miss too
  /// many.
  private static final IntParam EF = new IntParam("ef", 1, Integer.MAX_VALUE, 64);

  private static final IntParam SEARCH_LIST =
      new IntParam("search_list_size", 1, Integer.MAX_VALUE, 100);

  /// As users know it from Milvus's guide.
  private static final IntParam SHORT_SEARCH_LIST =
      new IntParam("search_list", 1, Integer.MAX_VALUE, 100);

  private static final IntParam PROBES = new IntParam("nprobe", 1, 65536, 8);

  /// Of RABITQ: its queries have four bits whatever is asked, as the best rows are scored anew.
  private static final Set<IntParam> QUERY_BITS =
      Set.of(new IntParam("rbq_bits_query", 0, 8, 0), new IntParam("rbq_query_bits", 0, 8, 0));

  /// Of SCANN: they are there in any case.
  private static final BoolParam WITH_VECTORS = new BoolParam("with_raw_data");

  private static final int AUTO_M = 18;
  private static final int AUTO_EF_CONSTRUCTION = 240;

  /// As DISKANN's max_degree, and its search_list_size.
  private static final int DISK_MAX_DEGREE = 56;

  private static final int DISK_EF_CONSTRUCTION = 100;

  /// As CAGRA's graph_degree of 64 and intermediate_graph_degree.
  private static final int CAGRA_M = 32;

  private static final int CAGRA_EF_CONSTRUCTION = 128;

  /// What is built for a vector field of so many dimensions.
  @FunctionalInterface
  private interface Plan {
    ResolvedIndex resolve(Metric metric, int dimension, Map<String, String> params);
  }

  private static final Map<String, Plan> PLANS =
      Map.ofEntries(
          entry("FLAT", (metric, _, _) -> new Flat(metric)),
          entry("HNSW", (metric, _, params) -> graph(metric, params, Codes.NONE, Breadth.EF)),
          entry("HNSW_SQ", DenseSpec::scalarGraph),
          entry("HNSW_PQ", DenseSpec::productGraph),
          entry("HNSW_PRQ", DenseSpec::residualGraph),
          entry("IVF_FLAT", (metric, _, params) -> lists(metric, params, Codes.NONE)),
          entry("IVF_SQ8", (metric, _, params) -> lists(metric, params, Codes.BYTES)),
          entry("IVF_PQ", DenseSpec::productLists),
          entry("IVF_RABITQ", DenseSpec::bitLists),
          entry("SCANN", DenseSpec::halfByteLists),
          entry("DISKANN", (metric, _, _) -> onDisk(metric)),
          entry("AISAQ", (metric, _, _) -> onDisk(metric)),
          entry("GPU_BRUTE_FORCE", (metric, _, _) -> new Flat(metric)),
          entry("GPU_HNSW", (metric, _, params) -> graph(metric, params, Codes.NONE, Breadth.EF)),
          entry("GPU_HNSW_SQ", DenseSpec::scalarGraph),
          entry("GPU_IVF_FLAT", (metric, _, params) -> lists(metric, params, Codes.NONE)),
          entry("GPU_IVF_PQ", DenseSpec::productLists),
          entry("GPU_CAGRA", (metric, _, _) -> cagra(metric)));

  private static final Set<String> WITHOUT_FILES = Set.of("FLAT", "GPU_BRUTE_FORCE");

  /// Not over bytes, as in Milvus.
  private static final Set<String> NOT_OVER_INT8 = Set.of("IVF_RABITQ", "DISKANN", "AISAQ");

  /// Over float32 alone, as in Milvus.
  private static final Set<String> OVER_FLOAT =
      Set.of("GPU_BRUTE_FORCE", "GPU_IVF_FLAT", "GPU_IVF_PQ", "GPU_CAGRA");

  private DenseSpec() {}

  static boolean has(String type) {
    return PLANS.containsKey(type);
  }

  static boolean hasFiles(String type) {
    return has(type) && !WITHOUT_FILES.contains(type);
  }

  static boolean fits(String type, DataType field) {
    return has(type)
        && (field == DataType.FLOAT_VECTOR || !OVER_FLOAT.contains(type))
        && (field != DataType.INT8_VECTOR || !NOT_OVER_INT8.contains(type));
  }

  /// @param type one that there is
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  static ResolvedIndex resolve(
      String type, Metric metric, int dimension, Map<String, String> params) {
    Plan plan = PLANS.get(type);
    if (plan == null) {
      throw new IllegalArgumentException("no index type " + type);
    }
    return plan.resolve(metric, dimension, params);
  }

  /// By codes of seven bits walks are half as long again as fast as by vectors, find as much, and need a quarter of the memory;
  /// values of eight bits are as short as their codes. Where there are few rows searches scan, whatever the index.
  static ResolvedIndex auto(Metric metric, DataType vectors) {
    Codes codes = vectors == DataType.INT8_VECTOR ? Codes.NONE : Codes.BYTES;
    return new Hnsw(metric, AUTO_M, AUTO_EF_CONSTRUCTION, codes, Breadth.EF);
  }

  private static Hnsw scalarGraph(Metric metric, int dimension, Map<String, String> params) {
    RefineParam.checkScalarToBuild(params);
    return graph(metric, params, ScalarParam.codes(params), Breadth.EF);
  }

  private static Hnsw productGraph(Metric metric, int dimension, Map<String, String> params) {
    RefineParam.checkToBuild(params);
    return graph(metric, params, ProductParams.ofGraph(dimension, params), Breadth.LOOSE_EF);
  }

  private static Hnsw residualGraph(Metric metric, int dimension, Map<String, String> params) {
    RefineParam.checkToBuild(params);
    return graph(metric, params, ProductParams.ofResiduals(dimension, params), Breadth.LOOSE_EF);
  }

  private static Hnsw graph(
      Metric metric, Map<String, String> params, Codes codes, Breadth breadth) {
    return new Hnsw(metric, M.toBuild(params), EF_CONSTRUCTION.toBuild(params), codes, breadth);
  }

  private static Ivf productLists(Metric metric, int dimension, Map<String, String> params) {
    return lists(metric, params, ProductParams.ofLists(dimension, params));
  }

  private static Ivf halfByteLists(Metric metric, int dimension, Map<String, String> params) {
    WITH_VECTORS.checkToBuild(params);
    return lists(metric, params, Codes.HALF_BYTES);
  }

  private static Ivf bitLists(Metric metric, int dimension, Map<String, String> params) {
    RefineParam.checkToBuild(params);
    return lists(metric, params, Codes.BITS);
  }

  private static Ivf lists(Metric metric, Map<String, String> params, Codes codes) {
    return new Ivf(metric, lists(params), codes);
  }

  /// How many lists an index of lists has at most.
  ///
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  static int lists(Map<String, String> params) {
    return LISTS.toBuild(params);
  }

  private static Paged onDisk(Metric metric) {
    return new Paged(metric, DISK_MAX_DEGREE, DISK_EF_CONSTRUCTION);
  }

  private static Hnsw cagra(Metric metric) {
    return new Hnsw(metric, CAGRA_M, CAGRA_EF_CONSTRUCTION, Codes.NONE, Breadth.LOOSE_EF);
  }

  /// How hard a search looks.
  ///
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  static SearchEffort effort(ResolvedIndex index, Map<String, String> params, int topK) {
    return switch (index) {
      case Flat _ -> new SearchEffort.All();
      case Ivf lists -> {
        QUERY_BITS.forEach(bits -> bits.toSearch(params));
        yield new SearchEffort.Lists(PROBES.toSearch(params), refine(lists.codes(), params, topK));
      }
      case Hnsw graph ->
          new SearchEffort.Candidates(
              Math.max(EF.toSearch(params), topK), refine(graph.codes(), params, topK));
      case Paged _ ->
          new SearchEffort.Candidates(Math.max(searchList(params).toSearch(params), topK), 1);
      case ResolvedIndex.Sparse _, ResolvedIndex.MinHash _, ResolvedIndex.FlatMinHash _ ->
          throw new IllegalArgumentException("not dense: " + index);
    };
  }

  private static float refine(Codes codes, Map<String, String> params, int topK) {
    return codes == Codes.NONE ? 1 : RefineParam.of(params, topK);
  }

  private static IntParam searchList(Map<String, String> params) {
    return params.containsKey(SEARCH_LIST.name()) ? SEARCH_LIST : SHORT_SEARCH_LIST;
  }

  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` when a search is to keep less rows than it is to find
  static void requireEnough(ResolvedIndex index, Map<String, String> params, int topK) {
    switch (index) {
      case Hnsw graph -> {
        if (graph.breadth() == Breadth.EF) {
          EF.requireAtLeast(topK, params);
        }
        requireRefined(graph.codes(), params, topK);
      }
      case Ivf lists -> requireRefined(lists.codes(), params, topK);
      case Paged _ -> searchList(params).requireAtLeast(topK, params);
      case Flat _,
          ResolvedIndex.Sparse _,
          ResolvedIndex.MinHash _,
          ResolvedIndex.FlatMinHash _ -> {}
    }
  }

  private static void requireRefined(Codes codes, Map<String, String> params, int topK) {
    if (codes != Codes.NONE) {
      RefineParam.requireAtLeast(topK, params);
    }
  }
}
