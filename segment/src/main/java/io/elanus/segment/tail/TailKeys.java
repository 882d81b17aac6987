package io.elanus.segment.tail;

import java.util.Arrays;

/// Finds the rows of a key among the rows of the tail, by hash: a table of chains over row numbers.
/// Rows are numbered from 0 in the order they are added. Owned by the tail's thread.
final class TailKeys {
  static final int NONE = -1;

  private int[] heads = filled(64);
  private int[] next = new int[64];
  private int[] hashes = new int[64];
  private int count;

  private static int[] filled(int size) {
    int[] heads = new int[size];
    Arrays.fill(heads, NONE);
    return heads;
  }

  /// Adds the next row.
  void add(int hash) {
    if (count == next.length) {
      grow();
    }
    hashes[count] = hash;
    link(count++);
  }

  /// The newest row with this hash, or [#NONE].
  int first(int hash) {
    return skip(heads[slot(hash)], hash);
  }

  /// The next older row with the hash of `row`, or [#NONE].
  int after(int row) {
    return skip(next[row], hashes[row]);
  }

  /// Forgets the first `rows` rows; the others are numbered from 0 again.
  void dropFirst(int rows) {
    System.arraycopy(hashes, rows, hashes, 0, count - rows);
    count -= rows;
    relink();
  }

  private int skip(int row, int hash) {
    int candidate = row;
    while (candidate != NONE && hashes[candidate] != hash) {
      candidate = next[candidate];
    }
    return candidate;
  }

  private void grow() {
    next = Arrays.copyOf(next, 2 * next.length);
    hashes = Arrays.copyOf(hashes, 2 * hashes.length);
    heads = new int[2 * heads.length];
    relink();
  }

  private void relink() {
    Arrays.fill(heads, NONE);
    for (int row = 0; row < count; row++) {
      link(row);
    }
  }

  private void link(int row) {
    int slot = slot(hashes[row]);
    next[row] = heads[slot];
    heads[slot] = row;
  }

  /// Fibonacci hashing: the high bits of a product spread keys that differ in few bits.
  private int slot(int hash) {
    int shift = Integer.numberOfLeadingZeros(heads.length) + 1;
    return (hash * 0x9E3779B9) >>> shift;
  }

  /// Bytes held.
  long sizeBytes() {
    return 4L * (heads.length + next.length + hashes.length);
  }
}
