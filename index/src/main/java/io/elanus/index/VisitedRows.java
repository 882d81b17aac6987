package io.elanus.index;

import java.util.Arrays;

/// The rows a walk has met. One byte per row holds the number of the walk that met it last, so that
/// starting a walk clears nothing; every 255th walk clears all. One thread.
final class VisitedRows {
  private final byte[] walks;
  private byte walk;

  VisitedRows(int count) {
    walks = new byte[count];
  }

  /// Forgets all rows.
  void clear() {
    walk++;
    if (walk == 0) {
      Arrays.fill(walks, (byte) 0);
      walk = 1;
    }
  }

  /// Notes row `ordinal` as met; false if it was already. Without a jump, which would not be foreseen.
  boolean add(int ordinal) {
    boolean fresh = walks[ordinal] != walk;
    walks[ordinal] = walk;
    return fresh;
  }

  /// Whether row `ordinal` was met.
  boolean has(int ordinal) {
    return walks[ordinal] == walk;
  }
}
