package io.elanus.index;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/// Signatures of few families: members of one have most of their elements in common.
final class TestSignatures {
  private TestSignatures() {}

  /// `count` rows of `elements` elements of `elementBytes` bytes, off heap, of `families` families. The first rows are alike.
  static BitVectors draw(int count, int elements, int elementBytes, int families, long seed) {
    return offHeap(rows(count, elements, elementBytes, families, seed), elements * elementBytes);
  }

  static byte[] rows(int count, int elements, int elementBytes, int families, long seed) {
    Random random = new Random(seed);
    int rowBytes = elements * elementBytes;
    byte[] heads = new byte[families * rowBytes];
    random.nextBytes(heads);
    byte[] rows = new byte[count * rowBytes];
    for (int row = 0; row < count; row++) {
      int family = row < 3 ? 0 : random.nextInt(families);
      double changed = row < 3 ? 0 : random.nextDouble();
      for (int at = 0; at < rowBytes; at += elementBytes) {
        byte[] element = new byte[elementBytes];
        if (random.nextDouble() < changed) {
          random.nextBytes(element);
        } else {
          System.arraycopy(heads, family * rowBytes + at, element, 0, elementBytes);
        }
        System.arraycopy(element, 0, rows, row * rowBytes + at, elementBytes);
      }
    }
    return rows;
  }

  static BitVectors offHeap(byte[] rows, int rowBytes) {
    MemorySegment data =
        Arena.ofAuto().allocate(Math.max(1, rows.length), 64).asSlice(0, rows.length);
    return new BitVectors(
        data.copyFrom(MemorySegment.ofArray(rows)), rows.length / rowBytes, rowBytes);
  }

  static BitVectors onHeap(byte[] rows, int rowBytes) {
    return new BitVectors(MemorySegment.ofArray(rows), rows.length / rowBytes, rowBytes);
  }
}
