package io.elanus.common.manifest;

import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import java.util.List;

/// A change of a manifest by somebody who is not the shard's owner: an index builder, a compactor, later an
/// importer. The owner re-bases it on its newest manifest, all of it or nothing.
///
/// @param id drawn by the submitter; a repeated edit has its effect once
public record ManifestEdit(long id, ShardId shard, List<Step> steps) {
  public ManifestEdit {
    steps = List.copyOf(steps);
  }

  public sealed interface Step {}

  /// Requires that `segment` is still there, or staged.
  public record AddIndex(SegmentId segment, IndexEntry index) implements Step {}

  /// Puts segments with the same rows, less those that no read sees any more, in the place of others.
  /// Requires that all of `removed` are still there. None of them may be waiting to be replaced otherwise.
  ///
  /// @param removed in the order of their ids
  /// @param staged whether the new ones are to wait for their index files ([Staged])
  public record Replace(List<SegmentId> removed, List<SegmentEntry> added, boolean staged)
      implements Step {
    public Replace {
      removed = List.copyOf(removed);
      added = List.copyOf(added);
    }
  }

  /// Puts what is staged for exactly these segments in their place.
  public record Swap(List<SegmentId> removed) implements Step {
    public Swap {
      removed = List.copyOf(removed);
    }
  }

  /// No row of `segment` is removed by deletes up to `appliedThrough`, beyond those the segment has applied.
  /// Requires that it is still there.
  public record RaiseApplied(SegmentId segment, long appliedThrough) implements Step {}
}
