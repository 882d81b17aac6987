package io.elanus.common.manifest;

import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import java.util.List;
import java.util.Optional;

/// A change of a manifest by somebody who is not the shard's owner: an index builder, a compactor, who restores a
/// snapshot. The owner re-bases it on its newest manifest, all of it or nothing.
///
/// @param id drawn by the submitter; a repeated edit has its effect once
public record ManifestEdit(long id, ShardId shard, List<Step> steps) {
  public ManifestEdit {
    steps = List.copyOf(steps);
  }

  public sealed interface Step {}

  /// What the shard begins with, if that is what this says.
  public Optional<Seed> seed() {
    return steps.size() == 1 && steps.getFirst() instanceof Seed seed
        ? Optional.of(seed)
        : Optional.empty();
  }

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

  /// The first manifest of a shard whose collection is being restored, and the only step of its edit. Requires that
  /// nothing was written to the shard yet.
  ///
  /// @param added in the order of their ids; may be none
  /// @param version the shard goes on from there: at or above those of all their rows
  public record Seed(List<SegmentEntry> added, long version) implements Step {
    public Seed {
      added = List.copyOf(added);
    }
  }

  /// No row of `segment` is removed by deletes up to `appliedThrough`, beyond those the segment has applied.
  /// Requires that it is still there.
  public record RaiseApplied(SegmentId segment, long appliedThrough) implements Step {}
}
