package io.elanus.common.model;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.ResolvedIndex.Codes;
import io.elanus.common.model.ResolvedIndex.Flat;
import io.elanus.common.model.ResolvedIndex.Hnsw;
import io.elanus.common.model.ResolvedIndex.Ivf;
import io.elanus.common.model.ResolvedIndex.Sparse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The one table of index names and parameters: which there are, their ranges and defaults, and the
/// errors in Milvus's words. Parameters are flat, by name; the JSON under `params` is taken apart
/// before.
public final class IndexSpec {
  public static final String INDEX_TYPE = "index_type";
  public static final String METRIC_TYPE = "metric_type";
  public static final String FLAT = "FLAT";
  public static final String HNSW = "HNSW";
  public static final String IVF_FLAT = "IVF_FLAT";
  public static final String AUTO = "AUTOINDEX";
  private static final String HNSW_SQ = "HNSW_SQ";
  private static final String IVF_SQ8 = "IVF_SQ8";
  private static final String SCANN = "SCANN";

  /// Parameters of an index that may be altered later: nothing has to be built anew for them.
  public static final List<String> ALTERABLE =
      List.of("mmap.enabled", "indexoffsetcache.enabled", "warmup");

  private static final IntParam M = new IntParam("M", 2, 2048, 30);
  private static final IntParam EF_CONSTRUCTION =
      new IntParam("efConstruction", 1, Integer.MAX_VALUE, 360);

  /// 64 by default: at the 10 results clients ask for by default, 10 candidates would miss too
  /// many.
  private static final IntParam EF = new IntParam("ef", 1, Integer.MAX_VALUE, 64);

  private static final int AUTO_M = 18;
  private static final int AUTO_EF_CONSTRUCTION = 240;

  private static final IntParam LISTS = new IntParam("nlist", 1, 65536, 128);
  private static final IntParam PROBES = new IntParam("nprobe", 1, 65536, 8);

  /// Over float32.
  private static final Set<String> SERVED =
      Set.of(FLAT, HNSW, HNSW_SQ, IVF_FLAT, IVF_SQ8, SCANN, AUTO);

  /// What `sq_type` may be, and what walks look at then: at least that exact. Codes of six bits would be packed over
  /// the ends of bytes, and a value of 16 bits is read no faster than one of 32.
  private static final Map<String, Codes> SQ_TYPES =
      Map.of(
          "SQ4U", Codes.HALF_BYTES,
          "SQ6", Codes.BYTES,
          "SQ8", Codes.BYTES,
          "BF16", Codes.NONE,
          "FP16", Codes.NONE);

  /// Over other vectors of numbers. Whatever is asked for, every search is exact.
  private static final Set<String> DENSE =
      Set.of(
          FLAT,
          HNSW,
          AUTO,
          HNSW_SQ,
          "HNSW_PQ",
          "HNSW_PRQ",
          IVF_FLAT,
          IVF_SQ8,
          "IVF_PQ",
          "IVF_RABITQ",
          SCANN,
          "DISKANN");

  private static final Set<String> BITS = Set.of("BIN_FLAT", "BIN_IVF_FLAT", AUTO);
  private static final Set<String> SPARSE = Set.of("SPARSE_INVERTED_INDEX", "SPARSE_WAND", AUTO);

  private static final Set<String> VECTOR_INDEXES =
      Set.of(
          "AISAQ",
          "BIN_FLAT",
          "BIN_IVF_FLAT",
          "DISKANN",
          "FAISS",
          "GPU_BRUTE_FORCE",
          "GPU_CAGRA",
          "GPU_HNSW",
          "GPU_HNSW_SQ",
          "GPU_IVF_FLAT",
          "GPU_IVF_PQ",
          "HNSW_PQ",
          "HNSW_PRQ",
          "HNSW_SQ",
          "IVF_FLAT",
          "IVF_PQ",
          "IVF_RABITQ",
          "IVF_SQ8",
          "MINHASH_LSH",
          "SCANN",
          "SPARSE_INVERTED_INDEX",
          "SPARSE_WAND");

  private static final Set<String> SCALAR_INDEXES =
      Set.of(
          "BITMAP",
          "HYBRID",
          "INVERTED",
          "NGRAM",
          "RTREE",
          "STL_SORT",
          "TRIE",
          "Trie",
          "marisa-trie");

  private IndexSpec() {}

  /// What is built over `field` for these parameters. Unknown ones are ignored, as in Milvus.
  ///
  /// @throws DbException `INVALID_PARAMETER`
  public static ResolvedIndex check(Field field, Map<String, String> flatParams) {
    String type = value(flatParams, INDEX_TYPE);
    if (type.isEmpty()) {
      type = AUTO;
    }
    checkType(field, type, flatParams);
    if (type.equals(AUTO)) {
      return auto(field, flatParams);
    }
    Metric metric = metric(field, flatParams);
    if (field.type() == DataType.SPARSE_FLOAT_VECTOR) {
      SparseSpec.checkToBuild(flatParams);
      return new Sparse(metric);
    }
    ResolvedIndex index = resolve(type, metric, flatParams);
    return field.type() == DataType.FLOAT_VECTOR ? index : new Flat(metric);
  }

  private static ResolvedIndex resolve(String type, Metric metric, Map<String, String> params) {
    return switch (type) {
      case HNSW -> graph(metric, params, Codes.NONE);
      case HNSW_SQ -> graph(metric, params, scalarCodes(params));
      case IVF_SQ8 -> new Ivf(metric, LISTS.toBuild(params), Codes.BYTES);
      case SCANN -> new Ivf(metric, LISTS.toBuild(params), Codes.HALF_BYTES);
      default ->
          type.contains("IVF")
              ? new Ivf(metric, LISTS.toBuild(params), Codes.NONE)
              : new Flat(metric);
    };
  }

  private static Hnsw graph(Metric metric, Map<String, String> params, Codes codes) {
    return new Hnsw(metric, M.toBuild(params), EF_CONSTRUCTION.toBuild(params), codes);
  }

  private static Codes scalarCodes(Map<String, String> params) {
    String type = params.getOrDefault("sq_type", "SQ8");
    Codes codes = SQ_TYPES.get(type.toUpperCase(Locale.ROOT));
    if (codes == null) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "invalid scalar quantizer type: %s, optional types are %s",
          type, new TreeSet<>(SQ_TYPES.keySet()));
    }
    return codes;
  }

  /// Whether segments get a file for an index of this type: "" is the automatic one. Over float32 and sparse vectors
  /// only.
  public static boolean hasFiles(String type) {
    return type.isEmpty() || SERVED.contains(type) && !type.equals(FLAT) || SPARSE.contains(type);
  }

  /// How hard a search looks: as the user says, else enough for `topK`.
  ///
  /// @param flatParams of the search; a metric, if there is one, must be the index's
  /// @throws DbException `INVALID_PARAMETER`
  public static SearchEffort searchEffort(
      ResolvedIndex index, Map<String, String> flatParams, int topK) {
    checkMetric(index.metric(), value(flatParams, METRIC_TYPE));
    return switch (index) {
      case Flat _ -> new SearchEffort.All();
      case Ivf lists ->
          new SearchEffort.Lists(
              PROBES.toSearch(flatParams), refine(lists.codes(), flatParams, topK));
      case Hnsw graph ->
          new SearchEffort.Candidates(
              candidates(flatParams, topK), refine(graph.codes(), flatParams, topK));
      case Sparse _ -> SparseSpec.effort(flatParams);
    };
  }

  private static float refine(Codes codes, Map<String, String> flatParams, int topK) {
    return codes == Codes.NONE ? 1 : RefineParam.of(flatParams, topK);
  }

  private static int candidates(Map<String, String> flatParams, int topK) {
    if (!flatParams.containsKey(EF.name())) {
      return Math.max(topK, EF.defaultValue());
    }
    int ef = EF.toSearch(flatParams);
    if (ef < topK) {
      throw ErrorCode.INVALID_PARAMETER.because("ef(%d) should be larger than k(%d)", ef, topK);
    }
    return ef;
  }

  /// @param asked "" when the search names none
  /// @throws DbException `INVALID_PARAMETER` when it is not the index's
  public static void checkMetric(Metric expected, String asked) {
    if (!asked.isEmpty() && !expected.name().equalsIgnoreCase(asked)) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "metric type not match: %s", expectation(expected.name(), asked));
    }
  }

  private static void checkType(Field field, String type, Map<String, String> params) {
    boolean forVectors = SERVED.contains(type) || VECTOR_INDEXES.contains(type);
    if (!forVectors && !SCALAR_INDEXES.contains(type)) {
      throw ErrorCode.INVALID_PARAMETER.with(
          "expected", "valid index", "actual", "invalid index type: " + type);
    }
    if (field.type().isVector() && !type.equals(AUTO) && value(params, METRIC_TYPE).isEmpty()) {
      throw invalidIndexParams("metric type not set for vector index");
    }
    if (!type.equals(AUTO) && forVectors != field.type().isVector()) {
      throw cannotBuild(field, type);
    }
    if (!field.type().isVector() || field.type() == DataType.ARRAY_OF_VECTOR) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "index type %s on field %s of type %s is not served yet",
          type, field.name(), field.type().milvusName());
    }
    Set<String> fitting =
        switch (field.type()) {
          case FLOAT16_VECTOR, BFLOAT16_VECTOR, INT8_VECTOR -> DENSE;
          case BINARY_VECTOR -> BITS;
          case SPARSE_FLOAT_VECTOR -> SPARSE;
          default -> SERVED;
        };
    if (!fitting.contains(type)) {
      throw misfit(field, type);
    }
  }

  /// An index of another kind of vectors, or one that is not served.
  private static DbException misfit(Field field, String type) {
    boolean ofBits = BITS.contains(type) || type.equals("MINHASH_LSH");
    boolean ofSparse = SPARSE.contains(type);
    boolean fits =
        switch (field.type()) {
          case BINARY_VECTOR -> ofBits;
          case SPARSE_FLOAT_VECTOR -> ofSparse;
          default -> !ofBits && !ofSparse;
        };
    return fits
        ? ErrorCode.INVALID_PARAMETER.because("index type %s is not served yet", type)
        : cannotBuild(field, type);
  }

  private static ResolvedIndex auto(Field field, Map<String, String> params) {
    for (IntParam param : Set.of(M, EF_CONSTRUCTION)) {
      if (params.containsKey(param.name())) {
        throw ErrorCode.INVALID_PARAMETER.because(
            "only metric type can be passed when use AutoIndex, but got %s", param.name());
      }
    }
    Metric metric =
        value(params, METRIC_TYPE).isEmpty() ? autoMetric(field) : metric(field, params);
    return switch (field.type()) {
      case FLOAT_VECTOR -> new Hnsw(metric, AUTO_M, AUTO_EF_CONSTRUCTION, Codes.NONE);
      case SPARSE_FLOAT_VECTOR -> new Sparse(metric);
      default -> new Flat(metric);
    };
  }

  private static Metric autoMetric(Field field) {
    return switch (field.type()) {
      case BINARY_VECTOR -> Metric.HAMMING;
      case SPARSE_FLOAT_VECTOR -> Metric.IP;
      default -> Metric.COSINE;
    };
  }

  private static Metric metric(Field field, Map<String, String> params) {
    String name = value(params, METRIC_TYPE);
    return Metric.ofName(name)
        .filter(metric -> fits(field, metric))
        .orElseThrow(() -> bad(field, name));
  }

  private static boolean fits(Field field, Metric metric) {
    return switch (metric) {
      case HAMMING, JACCARD -> field.type() == DataType.BINARY_VECTOR;
      case IP -> field.type() != DataType.BINARY_VECTOR;
      case L2, COSINE ->
          field.type() != DataType.BINARY_VECTOR && field.type() != DataType.SPARSE_FLOAT_VECTOR;
    };
  }

  private static DbException bad(Field field, String metric) {
    return switch (field.type()) {
      case SPARSE_FLOAT_VECTOR ->
          invalidIndexParams("only IP&BM25 is the supported metric type for sparse index");
      case BINARY_VECTOR ->
          invalidIndexParams("binary vector index does not support metric type: " + metric);
      default -> invalidIndexParams("float vector index does not support metric type: " + metric);
    };
  }

  private static String value(Map<String, String> params, String name) {
    return params.getOrDefault(name, "");
  }

  private static DbException cannotBuild(Field field, String type) {
    return ErrorCode.INVALID_PARAMETER.because(
        "data type %s can't build with this index %s", field.type().milvusName(), type);
  }

  static DbException invalidIndexParams(String why) {
    return ErrorCode.INVALID_PARAMETER.because(
        "%s: %s", why, expectation("valid index params", "invalid index params"));
  }

  private static String expectation(String expected, String actual) {
    return ErrorCode.INVALID_PARAMETER.with("expected", expected, "actual", actual).text();
  }
}
