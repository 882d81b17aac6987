package io.elanus.common.model;

import static io.elanus.common.model.IndexFields.field;
import static io.elanus.common.model.IndexFields.params;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Definitions over fields that are no vectors.
class ScalarSpecTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          INT64       | index_type=STL_SORT
          INT64       | index_type=INVERTED
          INT64       | index_type=AUTOINDEX
          INT64       | index_type=
          BOOL        | index_type=BITMAP
          INT8        | index_type=BITMAP
          VARCHAR     | index_type=BITMAP
          VARCHAR     | index_type=Trie
          VARCHAR     | index_type=marisa-trie
          VARCHAR     | index_type=NGRAM min_gram=2 max_gram=3
          TEXT        | index_type=INVERTED
          DOUBLE      | index_type=STL_SORT
          TIMESTAMPTZ | index_type=STL_SORT
          TIMESTAMPTZ | index_type=INVERTED
          GEOMETRY    | index_type=RTREE
          GEOMETRY    | index_type=AUTOINDEX
          JSON        | index_type=INVERTED json_cast_type=DOUBLE json_path=f["a"] json_cast_function=STRING_TO_DOUBLE
          JSON        | index_type=AUTOINDEX json_cast_type=array_varchar json_path=f["a"]
          JSON        | index_type=INVERTED json_cast_type=json
          JSON        | index_type=BITMAP json_cast_type=BOOL json_path=f["a"]
          JSON        | index_type=STL_SORT json_cast_type=VARCHAR json_path=f["a"]
          JSON        | index_type=NGRAM min_gram=2 max_gram=2 json_cast_type=varchar json_path=f["a"]
          """)
  void otherFieldsHaveIndexesToo(DataType type, String params) {
    assertThatCode(() -> IndexSpec.check(field(type), params(params))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          INT64    | index_type=HNSW metric_type=L2        | index HNSW only supports vector data type: invalid parameter
          INT64    | index_type=HYBRID                     | invalid parameter[expected=valid index][actual=invalid index type: HYBRID]
          INT64    | index_type=NOPE                       | invalid parameter[expected=valid index][actual=invalid index type: NOPE]
          INT64    | index_type=TRIE                       | TRIE are only supported on varchar field: invalid parameter[expected=valid index params][actual=invalid index params]
          INT64    | index_type=RTREE                      | RTREE index can only be built on geometry field, got Int64
          INT64    | index_type=NGRAM min_gram=2 max_gram=3 | ngram index can only be created on VARCHAR or JSON field
          VARCHAR  | index_type=NGRAM min_gram=2           | Ngram index must specify both min_gram and max_gram
          VARCHAR  | index_type=NGRAM min_gram=2 max_gram=b | max_gram for Ngram index must be an integer, got: b
          VARCHAR  | index_type=NGRAM min_gram=3 max_gram=2 | invalid min_gram or max_gram value for Ngram index, min_gram: 3, max_gram: 2
          VARCHAR  | index_type=NGRAM min_gram=0 max_gram=2 | invalid min_gram or max_gram value for Ngram index
          GEOMETRY | index_type=INVERTED                   | INVERTED are not supported on Geometry field
          BOOL     | index_type=STL_SORT                   | STL_SORT are only supported on numeric, varchar, timestamptz, date or time field, got Bool
          DOUBLE   | index_type=BITMAP                     | bitmap index are only supported on bool, int, string and array field
          JSON     | index_type=INVERTED                   | json index must specify cast type: missing parameter[missing_param=json_cast_type]: invalid parameter
          JSON     | index_type=INVERTED json_cast_type=INT json_path=f | json_cast_type INT is not supported
          JSON     | index_type=BITMAP json_cast_type=DOUBLE json_path=f | json_cast_type DOUBLE is not supported for BITMAP index
          JSON     | index_type=STL_SORT json_cast_type=BOOL json_path=f | json_cast_type BOOL is not supported for STL_SORT index
          JSON     | index_type=NGRAM min_gram=2 max_gram=3 json_cast_type=BOOL json_path=f | JSON field with ngram index only supports VARCHAR cast type, got: BOOL
          JSON     | index_type=INVERTED json_cast_type=VARCHAR json_path=f json_cast_function=STRING_TO_DOUBLE | json_cast_function STRING_TO_DOUBLE is not supported for json_cast_type VARCHAR
          JSON     | index_type=INVERTED json_cast_type=DOUBLE json_path=f json_cast_function=X | json_cast_function X is not supported
          """)
  void whatDoesNotFitOtherFieldsIsRefused(DataType type, String params, String text) {
    assertThatThrownBy(() -> IndexSpec.check(field(type), params(params)))
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER))
        .hasMessageContaining(text);
  }

  @Test
  void bitmapsAreOfFewValues() {
    Field key = new Field(100, "f", "", DataType.INT64, true, false, false, false, Map.of());
    assertThatThrownBy(() -> IndexSpec.check(key, Map.of("index_type", "BITMAP")))
        .hasMessageContaining("create bitmap index on primary key not supported");
    assertThatCode(() -> IndexSpec.check(arrayOf(DataType.INT8), Map.of("index_type", "BITMAP")))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () -> IndexSpec.check(arrayOf(DataType.FLOAT), Map.of("index_type", "BITMAP")))
        .hasMessageContaining(
            "bitmap index are only supported on bool, int, string for array field");
  }

  private static Field arrayOf(DataType element) {
    return field(DataType.ARRAY, element);
  }

  @Test
  void anIndexOverAPathIsNamedByIt() {
    Field json = field(DataType.JSON);
    assertThat(IndexSpec.defaultName(json, Map.of("json_path", "f[\"a\"]"))).isEqualTo("f[\"a\"]");
    assertThat(IndexSpec.defaultName(json, Map.of("json_path", "/a"))).isEqualTo("f/a");
    assertThat(IndexSpec.defaultName(field(DataType.INT64), Map.of("json_path", "/a")))
        .as("of a field without paths")
        .isEqualTo("f");
  }
}
