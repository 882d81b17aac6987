package io.elanus.index;

/// Walks the accepted ordinals below `count` in ascending order, a block at a time. One thread.
final class AcceptedCursor {
  private final AcceptedRows accepted;
  private final int count;
  private int next;

  AcceptedCursor(AcceptedRows accepted, int count) {
    this.accepted = accepted;
    this.count = count;
  }

  /// Fills `block` from the start and returns how many ordinals it put there; 0 at the end.
  int next(int[] block) {
    return switch (accepted) {
      case AcceptedRows.All _ -> nextOfAll(block);
      case AcceptedRows.Bitmap(long[] words, _) -> nextOfBitmap(words, block);
    };
  }

  private int nextOfAll(int[] block) {
    int size = Math.min(block.length, count - next);
    for (int i = 0; i < size; i++) {
      block[i] = next++;
    }
    return size;
  }

  /// Takes whole words, so that a bit is never looked at twice: stops when the next word might not
  /// fit.
  private int nextOfBitmap(long[] words, int[] block) {
    int size = 0;
    int end = (int) Math.min(count, 64L * words.length);
    while (next < end && size + 64 <= block.length) {
      for (long bits = words[next >> 6]; bits != 0; bits &= bits - 1) {
        int ordinal = next + Long.numberOfTrailingZeros(bits);
        if (ordinal < count) {
          block[size++] = ordinal;
        }
      }
      next += 64;
    }
    return size;
  }
}
