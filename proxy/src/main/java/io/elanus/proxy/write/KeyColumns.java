package io.elanus.proxy.write;

import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.Key;
import io.elanus.common.model.KeyHash;
import io.elanus.proxy.Invalid;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/// Columns of keys: made of keys, checked, told apart by shard.
final class KeyColumns {
  private KeyColumns() {}

  static KeyColumn of(Field primaryKey, Collection<Key> keys) {
    return primaryKey.type() == DataType.INT64
        ? new Int64Column(keys.stream().mapToLong(key -> ((Key.LongKey) key).value()).toArray())
        : new VarCharColumn(
            keys.stream().map(key -> ((Key.TextKey) key).value()).toArray(String[]::new));
  }

  /// The shard of each key.
  static int[] shards(KeyColumn keys, int shardCount) {
    int[] shards = new int[keys.rowCount()];
    for (int row = 0; row < shards.length; row++) {
      shards[row] = KeyHash.shard(keys.key(row), shardCount);
    }
    return shards;
  }

  static void requireDistinct(KeyColumn keys) {
    Set<Key> seen = new HashSet<>();
    for (int row = 0; row < keys.rowCount(); row++) {
      if (!seen.add(keys.key(row))) {
        throw Invalid.parameter("duplicate primary keys are not allowed in the same batch");
      }
    }
  }
}
