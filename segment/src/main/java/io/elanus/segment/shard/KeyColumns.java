package io.elanus.segment.shard;

import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.Key.LongKey;
import io.elanus.common.model.Key.TextKey;
import java.util.List;

/// Keys of addresses as a column.
final class KeyColumns {
  private KeyColumns() {}

  static KeyColumn of(Field primaryKey, List<RowAddress> addresses) {
    if (primaryKey.type() == DataType.INT64) {
      return new Int64Column(
          addresses.stream().mapToLong(a -> ((LongKey) a.key()).value()).toArray());
    }
    return new VarCharColumn(
        addresses.stream().map(a -> ((TextKey) a.key()).value()).toArray(String[]::new));
  }
}
