package io.elanus.segment.tail;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.KeyHash;
import java.util.Arrays;
import java.util.List;

/// When keys were written last, by their hash: a partial upsert that read before that may not have seen it, and has
/// no effect.
///
/// ```
/// slot      0   1   2   3        partial upsert of a key of slot 2 that read at 90: none, at 91: takes effect
/// version  12  80  91   5
/// ```
/// A slot may say too much, because keys share it, never too little. Nothing is noted before a shard's first partial
/// upsert: then every key counts as written at the version the shard has. So all of it follows from the log alone,
/// and shards that meet none pay nothing.
///
/// Owned by the thread that reads the log.
final class WriteSlots {
  private static final int BITS = Integer.numberOfTrailingZeros(Checkpoint.WRITE_SLOTS);

  /// Empty before the first partial upsert.
  private long[] versions;

  WriteSlots(List<Long> versions) {
    this.versions = versions.stream().mapToLong(Long::longValue).toArray();
  }

  /// Whether none of `keys` was written after `readAt`.
  ///
  /// @param version of the shard before this record
  boolean areUnwritten(KeyColumn keys, long readAt, long version) {
    if (!areKept()) {
      versions = new long[Checkpoint.WRITE_SLOTS];
      Arrays.fill(versions, version);
    }
    for (int row = 0; row < keys.rowCount(); row++) {
      if (versions[KeyHash.slot(keys.key(row), BITS)] > readAt) {
        return false;
      }
    }
    return true;
  }

  /// Whether a partial upsert was met.
  boolean areKept() {
    return versions.length > 0;
  }

  /// @param version above all before
  void written(KeyColumn keys, long version) {
    for (int row = 0; row < keys.rowCount(); row++) {
      versions[KeyHash.slot(keys.key(row), BITS)] = version;
    }
  }

  /// As if every key was written.
  void allWritten(long version) {
    Arrays.fill(versions, version);
  }

  void clear() {
    versions = new long[0];
  }

  List<Long> toList() {
    return Arrays.stream(versions).boxed().toList();
  }
}
