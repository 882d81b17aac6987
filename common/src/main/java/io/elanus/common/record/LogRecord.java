package io.elanus.common.record;

import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Field;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.RowBatch;
import java.util.List;
import java.util.Optional;

/// One record of the log: the unit of atomicity. All its effects have the same effective version `e`.
/// An unknown kind or a newer format halts the shard with an alarm; it is never skipped.
public sealed interface LogRecord {
  RecordHeader header();

  /// Adds rows. A row of a key that exists already is a second row, as in Milvus.
  record Insert(RecordHeader header, PartitionId partition, RowBatch rows) implements LogRecord {}

  /// Removes the keys in `replaced` and adds `rows`, at once. Usually `replaced` are the keys of the rows;
  /// with assigned ids they are the keys the client gave.
  ///
  /// @param readAt set for a partial upsert: the version of the shard that the values were read at which the rows
  ///     keep. It has no effect when one of the keys may have been written since
  record Upsert(
      RecordHeader header,
      PartitionId partition,
      KeyColumn replaced,
      RowBatch rows,
      Optional<Long> readAt)
      implements LogRecord {
    /// Of rows that do not depend on any before.
    public Upsert(RecordHeader header, PartitionId partition, KeyColumn replaced, RowBatch rows) {
      this(header, partition, replaced, rows, Optional.empty());
    }
  }

  /// Removes the rows of `keys`.
  ///
  /// @param upTo set for a delete by expression: the version the expression was evaluated at; later rows stay
  /// @param partition when set, rows of other partitions stay
  record Delete(
      RecordHeader header, KeyColumn keys, Optional<Long> upTo, Optional<PartitionId> partition)
      implements LogRecord {}

  /// A control record: the collection is gone, and so is everything of this shard.
  record DropCollection(RecordHeader header) implements LogRecord {}

  /// A control record: all rows of this shard that came before it are gone.
  record Truncate(RecordHeader header) implements LogRecord {}

  /// A control record: the partition is gone, its rows that came before and those that come after.
  record DropPartition(RecordHeader header, PartitionId partition) implements LogRecord {}

  /// A control record: the collection has another field, or all sub-fields of another struct. Rows that come without it,
  /// before and after, have its default value, or none. It is known already to who took the schema from a newer catalog.
  ///
  /// @param fields at least one
  record AddField(RecordHeader header, List<Field> fields) implements LogRecord {
    public AddField {
      fields = List.copyOf(fields);
    }

    public AddField(RecordHeader header, Field field) {
      this(header, List.of(field));
    }
  }

  /// A control record: a name or an alias that used to mean the collection does not any more. Rows stay; reads
  /// that were planned before have to ask anew what their name means.
  record Rename(RecordHeader header) implements LogRecord {}

  /// A control record: rows that never were in this log are in the shard's manifest. Who has none that begins with
  /// `version` at least lacks them, and must not go on.
  ///
  /// @param version at or above those of all these rows; that of this record is larger
  record ImportCommit(RecordHeader header, long version) implements LogRecord {}

  /// A control record: rows up to `through` have outlived the collection's TTL. As a delete of all keys that
  /// removes rows of versions up to `through`, and of its own version's predecessors at most. It is told by
  /// its `through` from those before it, so it has no DDL sequence: one that is not above has no effect.
  record Expire(RecordHeader header, long through) implements LogRecord {}

  /// Names a point of log order: the shard as of `mark` is the shard as it was before this record. The first
  /// one of a mark counts. Takes no effective version and no DDL sequence.
  ///
  /// @param mark a timestamp of rootcoord, the same in all shards of the collection
  record Mark(RecordHeader header, long mark) implements LogRecord {}

  /// Nothing; it makes the end of the log visible. Takes no effective version.
  record Barrier(RecordHeader header) implements LogRecord {}
}
