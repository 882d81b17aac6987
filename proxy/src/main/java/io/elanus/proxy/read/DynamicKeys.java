package io.elanus.proxy.read;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.BytesColumn;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;

/// Cuts `$meta` down to the keys that are asked for.
final class DynamicKeys {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private DynamicKeys() {}

  /// @param keys empty for all
  static Column keep(Set<String> keys, Column column) {
    if (keys.isEmpty() || !(column instanceof BytesColumn(byte[][] values))) {
      return column;
    }
    return new BytesColumn(
        Arrays.stream(values).map(value -> keep(keys, value)).toArray(byte[][]::new));
  }

  private static byte[] keep(Set<String> keys, byte[] value) {
    try {
      ObjectNode object = MAPPER.readValue(value, ObjectNode.class);
      return MAPPER.writeValueAsBytes(object.retain(keys));
    } catch (IOException e) {
      throw new DbException(ErrorCode.CORRUPT, "stored dynamic field is not a JSON object", e);
    }
  }
}
