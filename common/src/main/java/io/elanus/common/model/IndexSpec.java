package io.elanus.common.model;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.ResolvedIndex.Flat;
import io.elanus.common.model.ResolvedIndex.FlatMinHash;
import io.elanus.common.model.ResolvedIndex.Hnsw;
import io.elanus.common.model.ResolvedIndex.Ivf;
import io.elanus.common.model.ResolvedIndex.MinHash;
import io.elanus.common.model.ResolvedIndex.Paged;
import io.elanus.common.model.ResolvedIndex.Sparse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The one table of index names and parameters: which there are, their ranges and defaults, and the
/// errors in Milvus's words. Parameters are flat, by name; the JSON under `params` is taken apart
/// before.
public final class IndexSpec {
  public static final String INDEX_TYPE = "index_type";
  public static final String METRIC_TYPE = "metric_type";
  public static final String JSON_PATH = "json_path";
  public static final String AUTO = "AUTOINDEX";

  /// Parameters of an index that may be altered later: nothing has to be built anew for them.
  public static final List<String> ALTERABLE =
      List.of("mmap.enabled", "indexoffsetcache.enabled", "warmup");

  private static final Set<String> OF_AUTO = Set.of(INDEX_TYPE, METRIC_TYPE);

  private static final String LISTS_OF_BITS = "BIN_IVF_FLAT";

  /// But for MinHash signatures, every search over bits looks at all rows.
  private static final Set<String> BITS = Set.of("BIN_FLAT", LISTS_OF_BITS, MinHashSpec.LSH);

  private static final Set<String> SPARSE = Set.of("SPARSE_INVERTED_INDEX", "SPARSE_WAND");

  private static final Set<String> NOT_SERVED = Set.of("FAISS");

  private IndexSpec() {}

  /// Whether `field` can have an index of these parameters. Unknown ones are ignored, as in Milvus.
  ///
  /// @return what is built, of an index over vectors; empty for others: filters look at columns
  /// @throws DbException `INVALID_PARAMETER`
  public static Optional<ResolvedIndex> check(Field field, Map<String, String> flatParams) {
    if (field.type().isVector()) {
      if (isAuto(flatParams)) {
        refuseBesideMetric(flatParams);
      }
      return Optional.of(resolve(field, flatParams));
    }
    String type = type(flatParams);
    checkType(field, type, flatParams);
    ScalarSpec.check(field, type, flatParams);
    return Optional.empty();
  }

  /// The name of an index that was given none: its field's, with the path for one over a path in a JSON field.
  public static String defaultName(Field field, Map<String, String> flatParams) {
    String path = path(field, flatParams);
    return path.startsWith(field.name()) ? path : field.name() + path;
  }

  /// The path in a JSON field that an index is over, by default all of it; "" for a field of another type, whatever its parameters say.
  public static String path(Field field, Map<String, String> flatParams) {
    if (field.type() != DataType.JSON) {
      return "";
    }
    String path = value(flatParams, JSON_PATH);
    return path.isEmpty() ? field.name() : path;
  }

  /// What two indexes of the same have in common, however they were asked for: without what may be altered, and with what is meant where nothing
  /// was given.
  public static Map<String, String> meaning(Field field, Map<String, String> flatParams) {
    if (field.type().isVector() && isAuto(flatParams)) {
      return automatic(resolve(field, flatParams), Map.of());
    }
    Map<String, String> meant = new TreeMap<>(flatParams);
    meant.keySet().removeAll(ALTERABLE);
    if (field.type() == DataType.JSON) {
      meant.put(JSON_PATH, path(field, flatParams));
    }
    return meant;
  }

  /// Whether we choose.
  public static boolean isAuto(Map<String, String> flatParams) {
    return type(flatParams).equals(AUTO);
  }

  /// What is kept, and shown, of an automatic index: with the metric that was chosen if none was given, as in Milvus.
  public static SortedMap<String, String> automatic(
      ResolvedIndex built, Map<String, String> flatParams) {
    String given = value(flatParams, METRIC_TYPE);
    String metric = given.isEmpty() ? built.metric().name() : given;
    return new TreeMap<>(Map.of(INDEX_TYPE, AUTO, METRIC_TYPE, metric));
  }

  private static String type(Map<String, String> flatParams) {
    String type = value(flatParams, INDEX_TYPE);
    return type.isEmpty() ? AUTO : type;
  }

  /// What is built over the vectors of `field` for these parameters. Unknown ones are ignored, as in Milvus.
  ///
  /// @throws DbException `INVALID_PARAMETER`
  public static ResolvedIndex resolve(Field field, Map<String, String> flatParams) {
    if (isOfSingleVectors(field, flatParams)) {
      return resolve(field.element(), flatParams);
    }
    String type = type(flatParams);
    checkType(field, type, flatParams);
    if (type.equals(AUTO)) {
      return auto(field, flatParams);
    }
    Metric metric = metric(field, flatParams);
    if (field.type() == DataType.SPARSE_FLOAT_VECTOR) {
      SparseSpec.checkToBuild(flatParams);
      return new Sparse(metric);
    }
    return field.vectorType() == DataType.BINARY_VECTOR
        ? bits(type, metric, field.dimension(), flatParams)
        : DenseSpec.resolve(type, metric, field.dimension(), flatParams);
  }

  private static ResolvedIndex bits(
      String type, Metric metric, int dimension, Map<String, String> params) {
    if (metric.isOfLists()) {
      return new Flat(metric);
    }
    MinHashSpec.checkMetric(type, metric);
    if (type.equals(LISTS_OF_BITS)) {
      DenseSpec.lists(params); // looked at, not used: rows are few bytes
    }
    return metric == Metric.MHJACCARD
        ? MinHashSpec.resolve(type, dimension, params)
        : new Flat(metric);
  }

  /// Whether a metric of vectors is asked for over a field of lists: then the vectors in them are found, each alone. Not as signatures,
  /// which nobody has lists of.
  private static boolean isOfSingleVectors(Field field, Map<String, String> params) {
    String metric = value(params, METRIC_TYPE);
    return field.type() == DataType.ARRAY_OF_VECTOR
        && !metric.isEmpty()
        && Metric.ofName(metric).filter(m -> m.isOfLists() || m == Metric.MHJACCARD).isEmpty();
  }

  /// Whether segments get a file for an index of these parameters over such vectors.
  ///
  /// @param vectors as of [Field#vectorType]
  public static boolean hasFiles(Map<String, String> flatParams, DataType vectors) {
    String type = type(flatParams);
    boolean auto = isAuto(flatParams);
    return switch (vectors) {
      case BINARY_VECTOR ->
          type.equals(MinHashSpec.LSH) || auto && MinHashSpec.isMetric(flatParams);
      case SPARSE_FLOAT_VECTOR -> auto || SPARSE.contains(type);
      case FLOAT_VECTOR, FLOAT16_VECTOR, BFLOAT16_VECTOR, INT8_VECTOR ->
          auto || DenseSpec.hasFiles(type);
      default -> false;
    };
  }

  /// How hard a search looks: as the user says, else enough for `topK`.
  ///
  /// @param flatParams of the search; a metric, if there is one, must be the index's
  /// @throws DbException `INVALID_PARAMETER`
  public static SearchEffort searchEffort(
      ResolvedIndex index, Map<String, String> flatParams, int topK) {
    checkMetric(index.metric(), value(flatParams, METRIC_TYPE));
    return switch (index) {
      case Sparse _ -> SparseSpec.effort(flatParams);
      case MinHash(int elementBytes, int bands) ->
          MinHashSpec.effort(elementBytes, bands, flatParams);
      case FlatMinHash(int elementBytes, int elements) ->
          MinHashSpec.effortOfAll(elementBytes, elements, flatParams);
      case Flat _, Hnsw _, Paged _, Ivf _ -> DenseSpec.effort(index, flatParams, topK);
    };
  }

  /// Of a search for the `topK` nearest rows: to keep fewer than those is refused. Pages, groups and ranges of scores take what they need.
  ///
  /// @param flatParams for which [#searchEffort] has an answer
  /// @throws DbException `INVALID_PARAMETER`
  public static void requireEnough(ResolvedIndex index, Map<String, String> flatParams, int topK) {
    DenseSpec.requireEnough(index, flatParams, topK);
  }

  /// @param asked "" when the search names none
  /// @throws DbException `INVALID_PARAMETER` when it is not the index's
  public static void checkMetric(Metric expected, String asked) {
    if (!asked.isEmpty() && Metric.ofName(asked).filter(expected::equals).isEmpty()) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "metric type not match: %s", expectation(expected.name(), asked));
    }
  }

  private static void checkType(Field field, String type, Map<String, String> params) {
    boolean forVectors = isForVectors(type);
    if (!forVectors && !ScalarSpec.has(type)) {
      throw ErrorCode.INVALID_PARAMETER.with(
          "expected", "valid index", "actual", "invalid index type: " + type);
    }
    if (field.type().isVector() && !type.equals(AUTO) && value(params, METRIC_TYPE).isEmpty()) {
      throw invalidIndexParams("metric type not set for vector index");
    }
    if (!type.equals(AUTO) && forVectors && !field.type().isVector()) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "index %s only supports vector data type: %s", type, ErrorCode.INVALID_PARAMETER.text());
    }
    if (NOT_SERVED.contains(type)) {
      throw ErrorCode.INVALID_PARAMETER.because("index type %s is not served yet", type);
    }
    if (field.type().isVector() && !type.equals(AUTO) && !fits(type, field)) {
      throw cannotBuild(field, type);
    }
  }

  private static boolean isForVectors(String type) {
    return type.equals(AUTO)
        || BITS.contains(type)
        || SPARSE.contains(type)
        || NOT_SERVED.contains(type)
        || DenseSpec.has(type);
  }

  private static boolean fits(String type, Field field) {
    return switch (field.type()) {
      case BINARY_VECTOR -> BITS.contains(type);
      case SPARSE_FLOAT_VECTOR -> SPARSE.contains(type);
      case ARRAY_OF_VECTOR -> ListSpec.fits(type, field.vectorType());
      default -> DenseSpec.fits(type, field.type());
    };
  }

  private static ResolvedIndex auto(Field field, Map<String, String> params) {
    Metric metric =
        value(params, METRIC_TYPE).isEmpty() ? autoMetric(field) : metric(field, params);
    return switch (field.vectorType()) {
      case SPARSE_FLOAT_VECTOR -> new Sparse(metric);
      case BINARY_VECTOR ->
          metric == Metric.MHJACCARD ? MinHashSpec.auto(field.dimension()) : new Flat(metric);
      default -> DenseSpec.auto(metric, field.vectorType());
    };
  }

  private static void refuseBesideMetric(Map<String, String> params) {
    for (String param : params.keySet()) {
      if (!OF_AUTO.contains(param)) {
        throw ErrorCode.INVALID_PARAMETER.because(
            "only metric type can be passed when use AutoIndex, but got %s", param);
      }
    }
  }

  private static Metric autoMetric(Field field) {
    return switch (field.type()) {
      case BINARY_VECTOR -> Metric.HAMMING;
      case SPARSE_FLOAT_VECTOR -> Metric.IP;
      case ARRAY_OF_VECTOR ->
          field.vectorType() == DataType.BINARY_VECTOR
              ? Metric.MAX_SIM_HAMMING
              : Metric.MAX_SIM_COSINE;
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
    DataType vectors = field.vectorType();
    return metric.isOfLists() == (field.type() == DataType.ARRAY_OF_VECTOR)
        && switch (metric) {
          case HAMMING,
              JACCARD,
              SUBSTRUCTURE,
              SUPERSTRUCTURE,
              MHJACCARD,
              MAX_SIM_HAMMING,
              MAX_SIM_JACCARD ->
              vectors == DataType.BINARY_VECTOR;
          case IP, MAX_SIM_IP -> vectors != DataType.BINARY_VECTOR;
          case L2, COSINE, MAX_SIM_L2, MAX_SIM_COSINE ->
              vectors != DataType.BINARY_VECTOR && vectors != DataType.SPARSE_FLOAT_VECTOR;
        };
  }

  private static DbException bad(Field field, String metric) {
    return switch (field.type()) {
      case SPARSE_FLOAT_VECTOR ->
          invalidIndexParams("only IP&BM25 is the supported metric type for sparse index");
      case BINARY_VECTOR ->
          invalidIndexParams("binary vector index does not support metric type: " + metric);
      case ARRAY_OF_VECTOR ->
          invalidIndexParams("embedding list index does not support metric type: " + metric);
      case INT8_VECTOR ->
          invalidIndexParams("int vector index does not support metric type: " + metric);
      default -> invalidIndexParams("float vector index does not support metric type: " + metric);
    };
  }

  private static String value(Map<String, String> params, String name) {
    return params.getOrDefault(name, "");
  }

  private static DbException cannotBuild(Field field, String type) {
    return ErrorCode.INVALID_PARAMETER.because(
        "data type %s can't build with this index %s: %s",
        field.type().milvusName(), type, ErrorCode.INVALID_PARAMETER.text());
  }

  static DbException invalidIndexParams(String why) {
    return ErrorCode.INVALID_PARAMETER.because(
        "%s: %s", why, expectation("valid index params", "invalid index params"));
  }

  private static String expectation(String expected, String actual) {
    return ErrorCode.INVALID_PARAMETER.with("expected", expected, "actual", actual).text();
  }
}
