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
public record Deletes(long version, long upTo, Optional<PartitionId> partition, KeyColumn keys) {
  public Deletes {
    if (upTo >= version) {
      throw new IllegalArgumentException(
          "a delete at %d cannot remove version %d".formatted(version, upTo));
    }
  }

  public int count() {
    return keys.rowCount();
  }

  public boolean removes(long rowVersion) {
    return rowVersion <= upTo;
  }

  public boolean touches(PartitionId rowPartition) {
    return partition.isEmpty() || partition.get().equals(rowPartition);
  }

  /// Bytes held; an estimate.
  public long sizeBytes() {
    return 64 + keys.sizeBytes();
  }
}
