package io.elanus.common.manifest;

import io.elanus.common.model.SegmentId;
import java.util.List;

/// What a compactor made of some segments, waiting for its index files: reads go on with the segments it is
/// to replace, which have theirs.
///
/// ```
/// segments s1 s2 s3, staged [s1 s2 -> s9]      s9 gets its index files      segments s3 s9
/// ```
///
/// @param replaces segments of the same manifest; of two batches no two are the same
/// @param segments with their rows
public record Staged(List<SegmentId> replaces, List<SegmentEntry> segments) {
  public Staged {
    replaces = List.copyOf(replaces);
    segments = List.copyOf(segments);
  }

  /// Whether this is what is to become of exactly `inputs`.
  public boolean replacesExactly(List<SegmentId> inputs) {
    return replaces.equals(inputs);
  }
}
