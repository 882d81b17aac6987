package io.elanus.segment.shard;

import io.elanus.common.manifest.SegmentEntry;
import java.util.List;

/// The segments of a manifest that are not held here: a read of the whole shard has to ask for them where
/// they are, at the version of its snapshot.
///
/// @param manifestVersion of the manifest that names them; 0 when there is no manifest
public record Elsewhere(long manifestVersion, List<SegmentEntry> segments) {
  /// Everything is here.
  public static final Elsewhere NOTHING = new Elsewhere(0, List.of());

  public Elsewhere {
    segments = List.copyOf(segments);
  }

  public boolean isNothing() {
    return segments.isEmpty();
  }
}
