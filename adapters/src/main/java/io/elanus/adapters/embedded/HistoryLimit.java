package io.elanus.adapters.embedded;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/// Keeps watch on how much history the metastore has. Owned by whoever has the turn to commit.
final class HistoryLimit {
  private record Piece(long revision, long bytes) {}

  /// Watchers follow within a second; this is minutes of commits.
  private static final long MAX_COMMITS = 10_000;

  private static final long MAX_BYTES = 64 << 20;

  private final Deque<Piece> pieces = new ArrayDeque<>();
  private long startRevision;
  private long bytes;

  /// @param revision up to which there is no history
  HistoryLimit(long revision) {
    this.startRevision = revision;
  }

  /// Commits up to `revision`, after the ones before, have changed `changedBytes`.
  ///
  /// @return up to which revision history is to be forgotten now, if it has grown too long: half of it
  OptionalLong add(long revision, long changedBytes) {
    pieces.add(new Piece(revision, changedBytes));
    bytes += changedBytes;
    if (revision - startRevision <= MAX_COMMITS && bytes <= MAX_BYTES) {
      return OptionalLong.empty();
    }
    while (!pieces.isEmpty()
        && (revision - startRevision > MAX_COMMITS / 2 || bytes > MAX_BYTES / 2)) {
      Piece first = pieces.remove();
      startRevision = first.revision;
      bytes -= first.bytes;
    }
    return OptionalLong.of(startRevision);
  }
}
