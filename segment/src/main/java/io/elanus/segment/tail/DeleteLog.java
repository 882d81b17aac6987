package io.elanus.segment.tail;

import io.elanus.segment.delete.Deletes;
import java.util.Arrays;
import java.util.List;

/// The deletes of the tail, by ascending version. Written by the tail's thread. A view stays as it
/// is: deletes are only added behind it, and an array that grows or loses its start is copied.
final class DeleteLog {
  private Deletes[] entries = new Deletes[16];
  private int count;
  private long sizeBytes;

  void add(Deletes deletes) {
    if (count == entries.length) {
      entries = Arrays.copyOf(entries, 2 * count);
    }
    entries[count++] = deletes;
    sizeBytes += deletes.sizeBytes();
  }

  /// Forgets the deletes at or below `version`.
  void dropThrough(long version) {
    int dropped = 0;
    while (dropped < count && entries[dropped].version() <= version) {
      sizeBytes -= entries[dropped++].sizeBytes();
    }
    if (dropped > 0) {
      int kept = count - dropped;
      entries = Arrays.copyOfRange(entries, dropped, dropped + Math.max(16, kept));
      count = kept;
    }
  }

  List<Deletes> view() {
    return Arrays.asList(entries).subList(0, count);
  }

  long sizeBytes() {
    return sizeBytes;
  }
}
