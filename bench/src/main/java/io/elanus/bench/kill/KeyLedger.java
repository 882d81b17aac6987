package io.elanus.bench.kill;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// What each key may hold: the versions that its operations, acknowledged or unknown, allow. 0 stands for
/// "not there". One writer owns a ledger, so each key's operations are in order.
final class KeyLedger {
  static final long ABSENT = 0;

  private final Map<Long, Set<Long>> possible = new HashMap<>();
  private final Map<Long, Long> newest = new HashMap<>();
  private final List<Long> settled = new ArrayList<>();
  private final long firstKey;
  private long nextKey;

  KeyLedger(long firstKey) {
    this.firstKey = firstKey;
    this.nextKey = firstKey;
  }

  long firstKey() {
    return firstKey;
  }

  /// One above the last key handed out.
  long endKey() {
    return nextKey;
  }

  long freshKey() {
    return nextKey++;
  }

  /// A key whose state is known, if there is one; unknown ones rest until the next audit.
  long anySettled(Random random) {
    return settled.isEmpty() ? -1 : settled.get(random.nextInt(settled.size()));
  }

  /// The version a next write of the key has: above every one it ever had.
  long nextVersion(long key) {
    return newest.merge(key, 1L, Long::sum);
  }

  /// The operation was acknowledged: the key holds `version` now.
  void acknowledged(long key, long version) {
    if (possible.put(key, new HashSet<>(Set.of(version))) == null) {
      settled.add(key);
    }
  }

  /// The operation may have had its effect: the key holds `version`, or what it held before.
  void unknown(long key, long version) {
    possible.computeIfAbsent(key, _ -> new HashSet<>(Set.of(ABSENT))).add(version);
    settled.remove(key);
  }

  boolean allows(long key, long version) {
    return possible.getOrDefault(key, Set.of(ABSENT)).contains(version);
  }

  boolean isUnknown(long key) {
    return possible.getOrDefault(key, Set.of(ABSENT)).size() > 1;
  }

  /// What the server showed is what counts from now on.
  void settle(long key, long version) {
    acknowledged(key, version);
    if (!settled.contains(key)) {
      settled.add(key);
    }
  }

  Set<Long> unknownKeys() {
    Set<Long> keys = new HashSet<>();
    possible.forEach((key, versions) -> {
      if (versions.size() > 1) {
        keys.add(key);
      }
    });
    return keys;
  }

  Set<Long> keys() {
    return possible.keySet();
  }
}
