package io.elanus.datanode;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentFilesTest {
  @ParameterizedTest
  @CsvSource({
    "FLOAT_VECTOR, 1024, 463867",
    "FLOAT16_VECTOR, 1024, 927734",
    "BINARY_VECTOR, 262144, 57983",
    "INT8_VECTOR, 2, 1000000",
    "SPARSE_FLOAT_VECTOR, , 1000000"
  })
  void aFileHasAsManyRowsAsItsLargestColumnCanHold(
      DataType type, @Nullable String dimension, int rows) {
    Map<String, String> params = dimension == null ? Map.of() : Map.of("dim", dimension);
    Field vector = new Field(101, "v", "", type, false, false, false, false, params);
    CollectionSchema schema = new CollectionSchema("c", "", List.of(vector), 1);

    assertThat(SegmentFiles.mostRows(schema, 1_000_000)).isEqualTo(rows);
  }
}
