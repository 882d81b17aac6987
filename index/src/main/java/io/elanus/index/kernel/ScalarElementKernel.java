package io.elanus.index.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// [ElementKernel] in plain Java, for elements of any size and rows anywhere.
final class ScalarElementKernel implements ElementKernel {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment rows;
  private final int rowBytes;
  private final int elementBytes;

  ScalarElementKernel(MemorySegment rows, int rowBytes, int elementBytes) {
    this.rows = rows;
    this.rowBytes = rowBytes;
    this.elementBytes = elementBytes;
  }

  @Override
  public void count(byte[] query, int[] ordinals, int count, int[] out) {
    MemorySegment elements = MemorySegment.ofArray(query);
    for (int i = 0; i < count; i++) {
      out[i] = equal(elements, (long) rowBytes * ordinals[i], 0);
    }
  }

  /// From byte `from` of a row on, where an element begins.
  int equal(MemorySegment query, long row, int from) {
    return switch (elementBytes) {
      case Integer.BYTES -> equalInts(query, row, from);
      case Long.BYTES -> equalLongs(query, row, from);
      default -> equalElements(query, row, from);
    };
  }

  private int equalInts(MemorySegment query, long row, int from) {
    int equal = 0;
    for (int at = from; at < rowBytes; at += Integer.BYTES) {
      equal += query.get(INT, at) == rows.get(INT, row + at) ? 1 : 0;
    }
    return equal;
  }

  private int equalLongs(MemorySegment query, long row, int from) {
    int equal = 0;
    for (int at = from; at < rowBytes; at += Long.BYTES) {
      equal += query.get(LONG, at) == rows.get(LONG, row + at) ? 1 : 0;
    }
    return equal;
  }

  private int equalElements(MemorySegment query, long row, int from) {
    int equal = 0;
    for (int at = from; at < rowBytes; at += elementBytes) {
      int differ = 0;
      for (int b = at; b < at + elementBytes; b++) {
        differ |= query.get(ValueLayout.JAVA_BYTE, b) ^ rows.get(ValueLayout.JAVA_BYTE, row + b);
      }
      equal += differ == 0 ? 1 : 0;
    }
    return equal;
  }
}
