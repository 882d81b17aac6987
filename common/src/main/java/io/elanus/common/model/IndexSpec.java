package io.elanus.common.model;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.ResolvedIndex.Flat;
import io.elanus.common.model.ResolvedIndex.Hnsw;
import io.elanus.common.model.ResolvedIndex.Ivf;
import io.elanus.common.model.ResolvedIndex.Sparse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

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

  private static final String SPARSE_ALGORITHM = "inverted_index_algo";

  /// By Milvus's names: we have one, which is exact as they are.
  private static final List<String> SPARSE_ALGORITHMS =
      List.of(
          "TAAT_NAIVE",
          "DAAT_WAND",
          "DAAT_MAXSCORE",
          "BLOCK_MAX_MAXSCORE",
          "BLOCK_MAX_WAND",
          "SINDI");

  /// Does nothing, in Milvus neither.
  private static final FloatParam DROP_RATIO_BUILD =
      new FloatParam("drop_ratio_build", 0, 1, false);

  private static final FloatParam DROP_RATIO_SEARCH =
      new FloatParam("drop_ratio_search", 0, 1, false);

  /// Of algorithms whose bounds may be wrong: ours has none.
  private static final FloatParam DIM_MAX_SCORE_RATIO =
      new FloatParam("dim_max_score_ratio", 0.5, 1.3, true);

  /// Over float32.
  private static final Set<String> SERVED = Set.of(FLAT, HNSW, IVF_FLAT, AUTO);

  /// Over other vectors of numbers. Whatever is asked for, every search is exact.
  private static final Set<String> DENSE =
      Set.of(
          FLAT,
          HNSW,
          AUTO,
          "HNSW_SQ",
          "HNSW_PQ",
          "HNSW_PRQ",
          IVF_FLAT,
          "IVF_SQ8",
          "IVF_PQ",
          "IVF_RABITQ",
          "SCANN",
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
    if (type.equals(HNSW)) {
      Hnsw graph = new Hnsw(metric, M.toBuild(flatParams), EF_CONSTRUCTION.toBuild(flatParams));
      return field.type() == DataType.FLOAT_VECTOR ? graph : new Flat(metric);
    }
    if (field.type() == DataType.SPARSE_FLOAT_VECTOR) {
      return sparse(metric, flatParams);
    }
    int lists = type.contains("IVF") ? LISTS.toBuild(flatParams) : 0;
    return type.equals(IVF_FLAT) && field.type() == DataType.FLOAT_VECTOR
        ? new Ivf(metric, lists)
        : new Flat(metric);
  }

  private static Sparse sparse(Metric metric, Map<String, String> params) {
    if (params.containsKey(SPARSE_ALGORITHM)
        && !SPARSE_ALGORITHMS.contains(params.get(SPARSE_ALGORITHM))) {
      throw invalidIndexParams(
          "sparse inverted index algo %s not found or not supported, supported: [%s]"
              .formatted(params.get(SPARSE_ALGORITHM), String.join(" ", SPARSE_ALGORITHMS)));
    }
    DROP_RATIO_BUILD.check(params);
    return new Sparse(metric);
  }

  /// Whether segments get a file for an index of this type: "" is the automatic one. Over float32 and sparse vectors
  /// only.
  public static boolean hasFiles(String type) {
    return type.isEmpty() || type.equals(HNSW) || type.equals(IVF_FLAT) || SPARSE.contains(type);
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
      case Ivf _ -> new SearchEffort.Lists(PROBES.toSearch(flatParams));
      case Hnsw _ -> new SearchEffort.Candidates(candidates(flatParams, topK));
      case Sparse _ -> terms(flatParams);
    };
  }

  private static SearchEffort terms(Map<String, String> flatParams) {
    DIM_MAX_SCORE_RATIO.toSearch(flatParams, 1);
    float dropRatio = (float) DROP_RATIO_SEARCH.toSearch(flatParams, 0);
    return dropRatio == 0
        ? new SearchEffort.All()
        : new SearchEffort.Terms(Math.min(dropRatio, Math.nextDown(1f)));
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
      case FLOAT_VECTOR -> new Hnsw(metric, AUTO_M, AUTO_EF_CONSTRUCTION);
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

  private static DbException invalidIndexParams(String why) {
    return ErrorCode.INVALID_PARAMETER.because(
        "%s: %s", why, expectation("valid index params", "invalid index params"));
  }

  private static String expectation(String expected, String actual) {
    return ErrorCode.INVALID_PARAMETER.with("expected", expected, "actual", actual).text();
  }

  /// A whole number with its range.
  private record IntParam(String name, int min, int max, int defaultValue) {
    private static final Set<String> NONE = Set.of("", "None", "null");

    int toBuild(Map<String, String> params) {
      String text = value(params, name);
      return NONE.contains(text) ? defaultValue : inRange(parse(text));
    }

    int toSearch(Map<String, String> params) {
      String text = value(params, name);
      if (!params.containsKey(name)) {
        return defaultValue;
      }
      if (!isInteger(text)) {
        throw ErrorCode.INVALID_PARAMETER.because(
            "Type conflict in json: param '%s' (%s) should be integer", name, text);
      }
      return inRange(parse(text));
    }

    /// As Milvus's engine reads it: digits first, then nothing else.
    private long parse(String text) {
      if (!isInteger(text)) {
        boolean digitsFirst = !text.isEmpty() && isInteger(text.substring(0, digits(text)));
        throw ErrorCode.INVALID_PARAMETER.because(
            digitsFirst
                ? "wrong data type in json, key: '%s', value: '%s': %s"
                : "invalid integer value, key: '%s', value: '%s': %s",
            name,
            text,
            ErrorCode.INVALID_PARAMETER.text());
      }
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException e) {
        throw new DbException(
            ErrorCode.INVALID_PARAMETER,
            "integer value out of range, key: '%s', value: '%s'".formatted(name, text),
            e);
      }
    }

    private int inRange(long value) {
      if (value < min || value > max) {
        throw ErrorCode.INVALID_PARAMETER.because(
            "Out of range in json: param '%s' (%d) should be in range [%d, %d]",
            name, value, min, max);
      }
      return (int) value;
    }

    private static boolean isInteger(String text) {
      return !text.isEmpty()
          && digits(text) == text.length()
          && Character.isDigit(text.charAt(text.length() - 1));
    }

    /// How many characters from the start are a sign and digits.
    private static int digits(String text) {
      int end = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
      while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
        end++;
      }
      return end;
    }
  }

  /// A number with its range.
  ///
  /// @param closed whether `max` is in the range
  private record FloatParam(String name, double min, double max, boolean closed) {
    void check(Map<String, String> params) {
      if (!params.containsKey(name)) {
        return;
      }
      String text = value(params, name);
      try {
        inRange(Double.parseDouble(text));
      } catch (NumberFormatException e) {
        throw new DbException(
            ErrorCode.INVALID_PARAMETER,
            "invalid float value, key: '%s', value: '%s': %s"
                .formatted(name, text, ErrorCode.INVALID_PARAMETER.text()),
            e);
      }
    }

    double toSearch(Map<String, String> params, double defaultValue) {
      if (!params.containsKey(name)) {
        return defaultValue;
      }
      String text = value(params, name);
      try {
        return inRange(Double.parseDouble(text));
      } catch (NumberFormatException e) {
        throw new DbException(
            ErrorCode.INVALID_PARAMETER,
            "Type conflict in json: param '%s' (%s) should be a number".formatted(name, text),
            e);
      }
    }

    private double inRange(double value) {
      if (!(value >= min && (closed ? value <= max : value < max))) {
        throw ErrorCode.INVALID_PARAMETER.because(
            "Out of range in json: param '%s' (%s) should be in range [%s, %s%s",
            name, value, sixDigits(min), sixDigits(max), closed ? "]" : ")");
      }
      return value;
    }

    private static String sixDigits(double value) {
      return String.format(Locale.ROOT, "%.6f", value);
    }
  }
}
