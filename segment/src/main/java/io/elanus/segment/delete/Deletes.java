package io.elanus.segment.delete;

import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.PartitionId;
import java.util.Optional;

/// The deletes of one record: each removes the rows of its key with a version below `version` and
/// at most `upTo`.
///
/// @param version at which the rows are gone
/// @param upTo `version - 1`, or less for a delete by expression: the version it was evaluated at
/// @param partition when set, rows of other partitions stay
/// @param keys empty: rows of every key
public record Deletes(
    long version, long upTo, Optional<PartitionId> partition, Optional<KeyColumn> keys) {
  public Deletes {
    if (upTo >= version) {
      throw new IllegalArgumentException(
          "a delete at %d cannot remove version %d".formatted(version, upTo));
    }
  }

  /// Of some keys.
  public Deletes(long version, long upTo, Optional<PartitionId> partition, KeyColumn keys) {
    this(version, upTo, partition, Optional.of(keys));
  }

  /// Of all rows there are before `version`: of the shard, or of one partition.
  public static Deletes everything(long version, Optional<PartitionId> partition) {
    return new Deletes(version, version - 1, partition, Optional.empty());
  }

  /// How many keys are named.
  public int count() {
    return keys.map(KeyColumn::rowCount).orElse(0);
  }

  public boolean removes(long rowVersion) {
    return rowVersion <= upTo;
  }

  public boolean touches(PartitionId rowPartition) {
    return partition.isEmpty() || partition.get().equals(rowPartition);
  }

  /// Whether nothing is left of rows of `rowPartition` with versions up to `maxVersion`.
  public boolean removesAll(PartitionId rowPartition, long maxVersion) {
    return keys.isEmpty() && touches(rowPartition) && removes(maxVersion);
  }

  /// Bytes held; an estimate.
  public long sizeBytes() {
    return 64 + keys.map(KeyColumn::sizeBytes).orElse(0L);
  }
}
