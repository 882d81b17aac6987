package io.elanus.segment.tail;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.Expiry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.PartitionId;
import io.elanus.common.wal.Position;
import io.elanus.segment.delete.Deletes;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// The tail at an instant. Serves reads at any version up to `version`; see [TailBlock#visible].
///
/// @param position everything before it is applied
/// @param version the effective version of the last record that had effect
/// @param coveredFrom rows and deletes up to this version are in the manifest, later ones here
/// @param dropped whether the collection is gone
/// @param blocks by ascending version; the first may begin with rows up to `coveredFrom`
/// @param deletes by ascending version, all above `coveredFrom`
/// @param expiry of rows wherever they are
/// @param sizeBytes held by the tail at that instant; an estimate
public record TailView(
    CollectionSchema schema,
    Position position,
    long version,
    long coveredFrom,
    boolean dropped,
    List<TailBlock> blocks,
    List<Deletes> deletes,
    Expiry expiry,
    long sizeBytes) {
  /// Blocks and deletes are handed over by the tail, which never changes what is in them.
  public TailView {
    deletes = Collections.unmodifiableList(deletes);
  }

  /// Nothing after `checkpoint`.
  public static TailView empty(CollectionSchema schema, Checkpoint checkpoint) {
    return new TailView(
        schema,
        checkpoint.position(),
        checkpoint.version(),
        checkpoint.version(),
        checkpoint.dropped(),
        List.of(),
        List.of(),
        checkpoint.expiry(),
        0);
  }

  TailView at(Position newPosition) {
    return new TailView(
        schema, newPosition, version, coveredFrom, dropped, blocks, deletes, expiry, sizeBytes);
  }

  /// Rows up to this version have expired for a read at `readVersion`, in segments too; 0 when none have.
  public long expiredThrough(long readVersion) {
    return expiry.through(readVersion);
  }

  /// Bytes that indexes over its blocks take now, off the heap.
  public long indexBytes() {
    return blocks.stream().mapToLong(TailBlock::indexBytes).sum();
  }

  /// Rows after the checkpoint, deleted ones included.
  public long rowCount() {
    long rows = 0;
    for (TailBlock block : blocks) {
      rows += block.rowCount() - block.firstRowAfter(coveredFrom);
    }
    return rows;
  }

  /// Rows after the checkpoint, deleted ones included, but for those that a truncate or the drop of their partition
  /// removed.
  ///
  /// @param partition only of this one; empty for all
  public long rowsKept(Optional<PartitionId> partition) {
    List<Deletes> everything = deletes.stream().filter(d -> d.keys().isEmpty()).toList();
    if (partition.isEmpty() && everything.isEmpty()) {
      return rowCount();
    }
    long rows = 0;
    for (TailBlock block : blocks) {
      for (int row = block.firstRowAfter(coveredFrom); row < block.rowCount(); row++) {
        PartitionId of = block.partition(row);
        long rowVersion = block.versions().get(row);
        boolean wanted = partition.isEmpty() || partition.get().equals(of);
        if (wanted && everything.stream().noneMatch(d -> d.removesAll(of, rowVersion))) {
          rows++;
        }
      }
    }
    return rows;
  }

  /// The deletes with a version above `after` and at most `through`.
  ///
  /// @throws IllegalArgumentException when deletes above `after` are not here any more
  public List<Deletes> deletes(long after, long through) {
    if (after < coveredFrom) {
      throw new IllegalArgumentException(
          "deletes after %d wanted, held from %d".formatted(after, coveredFrom));
    }
    return deletes.subList(firstDeleteAfter(after), firstDeleteAfter(Math.max(after, through)));
  }

  private int firstDeleteAfter(long limit) {
    int low = 0;
    int high = deletes.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (deletes.get(middle).version() > limit) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
