package io.elanus.segment.tail;

import io.elanus.common.model.PartitionId;
import io.elanus.segment.delete.Deletes;
import io.elanus.segment.file.SegmentRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a flush writes: everything of a tail at an instant, so that the checkpoint may move there.
///
/// @param appliedThrough deletes and expiries up to this version were applied: the rows they removed are left
///     out
/// @param partitions without those that have no rows
/// @param deletes by ascending version, for the delete file: segments before this cut need them
///     all, the segments of this cut those above `appliedThrough`
public record TailCut(
    long version, long appliedThrough, List<PartitionRows> partitions, List<Deletes> deletes) {
  public TailCut {
    partitions = List.copyOf(partitions);
    deletes = List.copyOf(deletes);
  }

  /// The rows of one partition, in the order a segment file has them.
  public record PartitionRows(PartitionId partition, SegmentRows rows) {}

  /// @param horizon the horizon of the checkpoint to be: no read goes below it, so that rows
  ///     deleted at or below it need not be kept
  public static TailCut of(TailView view, long horizon) {
    long appliedThrough = Math.min(horizon, view.version());
    long gone = Math.max(view.coveredFrom(), view.expiredThrough(appliedThrough));
    Map<PartitionId, List<Long>> refs = new TreeMap<>();
    for (int b = 0; b < view.blocks().size(); b++) {
      TailBlock block = view.blocks().get(b);
      for (int row = block.firstRowAfter(gone); row < block.rowCount(); row++) {
        if (block.deletedAt(row) > appliedThrough) {
          refs.computeIfAbsent(block.partition(row), _ -> new ArrayList<>())
              .add(SegmentRows.ref(b, row));
        }
      }
    }
    List<PartitionRows> partitions = new ArrayList<>();
    refs.forEach(
        (partition, rows) -> partitions.add(new PartitionRows(partition, sorted(view, rows))));
    return new TailCut(view.version(), appliedThrough, partitions, view.deletes());
  }

  public boolean isEmpty() {
    return partitions.isEmpty() && deletes.isEmpty();
  }

  public long rowCount() {
    return partitions.stream().mapToLong(p -> p.rows().rowCount()).sum();
  }

  private static SegmentRows sorted(TailView view, List<Long> refs) {
    long[] order = refs.stream().mapToLong(Long::longValue).toArray();
    return SegmentRows.sorted(view.schema(), view.blocks(), order);
  }
}
