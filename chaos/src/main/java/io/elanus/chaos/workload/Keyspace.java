package io.elanus.chaos.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Hands out keys and versions, neither twice. A session that writes keys of its own has a range of them.
public final class Keyspace {
  /// Session 0 has none of its own: its range are the keys that all share.
  public static final int SHARED_KEYS = 20;

  private static final long KEYS_PER_SESSION = 1_000_000_000L;
  private static final int MAX_SESSIONS = 1_000;

  /// @param end one above the last
  record Range(long start, long end) {
    String filter() {
      return "id >= %d and id < %d".formatted(start, end);
    }
  }

  private final List<AtomicLong> used = new ArrayList<>();
  private final AtomicLong versions = new AtomicLong();

  Keyspace() {
    for (int i = 0; i < MAX_SESSIONS; i++) {
      used.add(new AtomicLong());
    }
    used.getFirst().set(SHARED_KEYS);
  }

  long freshKey(int session) {
    return session * KEYS_PER_SESSION + used.get(session).getAndIncrement();
  }

  long freshVersion() {
    return versions.incrementAndGet();
  }

  /// The keys that were handed out, in ranges of at most `size`.
  List<Range> ranges(int size) {
    List<Range> ranges = new ArrayList<>();
    for (int session = 0; session < MAX_SESSIONS; session++) {
      long first = session * KEYS_PER_SESSION;
      long end = first + used.get(session).get();
      for (long start = first; start < end; start += size) {
        ranges.add(new Range(start, Math.min(end, start + size)));
      }
    }
    return ranges;
  }
}
