package io.elanus.index;

import static io.elanus.index.IndexFile.LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Lists of links of which each takes as many bits as the number of rows needs, one after the other from the lowest bit of the first byte on. A
/// list that is not full ends at a link of all ones, which is no row. A list begins at a whole byte.
///
/// So a list of 32 links takes 72 bytes of a graph over 200,000 rows instead of 128, and any list can be read alone. Building needs lists
/// that can be changed by several threads: those are of whole ints, and are packed at the end.
record PackedLinks(int bits, int degree) {

  static PackedLinks of(int count, int degree) {
    return new PackedLinks(Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, count)), degree);
  }

  /// Bytes of a list.
  long stride() {
    return Math.ceilDiv((long) bits * degree, Byte.SIZE);
  }

  /// Where there is no link: more than any row.
  int end() {
    return (1 << bits) - 1;
  }

  /// Copies the list at `at` to `into` and returns how many links it has. Reads up to seven bytes beyond it.
  int read(MemorySegment file, long at, int[] into) {
    int none = end();
    for (int i = 0; i < degree; i++) {
      int bit = bits * i;
      int link = (int) (file.get(LONG, at + (bit >>> 3)) >>> (bit & 7)) & none;
      if (link == none) {
        return i;
      }
      into[i] = link;
    }
    return degree;
  }

  /// Writes the list `links[0..size)` at `at`.
  void write(MemorySegment file, long at, int[] links, int size) {
    long pending = 0;
    int held = 0;
    long next = at;
    for (int i = 0; i < degree; i++) {
      pending |= (long) (i < size ? links[i] : end()) << held;
      for (held += bits; held >= Byte.SIZE; held -= Byte.SIZE) {
        file.set(ValueLayout.JAVA_BYTE, next++, (byte) pending);
        pending >>>= Byte.SIZE;
      }
    }
    if (held > 0) {
      file.set(ValueLayout.JAVA_BYTE, next, (byte) pending);
    }
  }
}
