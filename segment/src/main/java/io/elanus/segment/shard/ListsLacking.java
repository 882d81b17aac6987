package io.elanus.segment.shard;

import io.elanus.index.RemoteLists;
import io.elanus.segment.file.SegmentReader;
import java.util.List;
import java.util.stream.Stream;

/// A search cannot be done before some lists of indexes are here: who asked for it brings them, and asks again.
public final class ListsLacking extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<Lack> lacks;

  /// What a search lacks of one index.
  ///
  /// @param ranges of its file, one at least
  public record Lack(SegmentReader segment, long fieldId, List<RemoteLists.Range> ranges) {
    /// Together with what another search lacks of the same index.
    Lack with(Lack other) {
      return new Lack(
          segment,
          fieldId,
          Stream.concat(ranges.stream(), other.ranges.stream()).distinct().toList());
    }
  }

  ListsLacking(List<Lack> lacks) {
    super("lists of %d indexes".formatted(lacks.size()), null, false, false);
    this.lacks = lacks;
  }

  public List<Lack> lacks() {
    return lacks;
  }
}
