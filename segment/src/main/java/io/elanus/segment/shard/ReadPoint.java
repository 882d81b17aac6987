package io.elanus.segment.shard;

import io.elanus.segment.delete.Deletes;
import io.elanus.segment.tail.TailView;
import java.util.List;

/// The version a shard is read at, and what who holds segments of it has to know for that.
///
/// @param manifestVersion of the manifest whose segments are read
/// @param tail what follows that manifest, up to `version` at least
public record ReadPoint(long manifestVersion, long version, TailView tail) {
  /// Deletes up to this version are in the delete files of the manifest, later ones in the tail.
  public long coveredFrom() {
    return Math.min(tail.coveredFrom(), version);
  }

  /// The deletes of the tail above `after`, up to the version read at, by ascending version.
  ///
  /// @param after at least [#coveredFrom]
  public List<Deletes> deletes(long after) {
    return version <= tail.coveredFrom() ? List.of() : tail.deletes(after, version);
  }
}
