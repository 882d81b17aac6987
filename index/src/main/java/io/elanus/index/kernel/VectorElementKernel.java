package io.elanus.index.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorSpecies;

/// [ElementKernel] with the Vector API, for elements as large as lanes of vectors can be, off heap. What is left of a row beyond
/// its last whole vector is compared by the scalar twin.
final class VectorElementKernel implements ElementKernel {
  private static final VectorSpecies<Byte> SPECIES = CodeLanes.SPECIES;

  private final MemorySegment rows;
  private final int rowBytes;
  private final int elementBytes;
  private final int bound;
  private final ScalarElementKernel rest;

  VectorElementKernel(MemorySegment rows, int rowBytes, int elementBytes) {
    this.rows = NativeRows.plain(rows);
    this.rowBytes = rowBytes;
    this.elementBytes = elementBytes;
    this.bound = SPECIES.loopBound(rowBytes);
    this.rest = new ScalarElementKernel(this.rows, rowBytes, elementBytes);
  }

  static boolean has(int elementBytes) {
    return elementBytes <= Long.BYTES && Integer.bitCount(elementBytes) == 1;
  }

  @Override
  public void count(byte[] query, int[] ordinals, int count, int[] out) {
    MemorySegment elements = MemorySegment.ofArray(query);
    for (int i = 0; i < count; i++) {
      long row = (long) rowBytes * ordinals[i];
      out[i] = equal(query, row) + (bound < rowBytes ? rest.equal(elements, row, bound) : 0);
    }
  }

  private int equal(byte[] query, long row) {
    return switch (elementBytes) {
      case Byte.BYTES -> equalBytes(query, row);
      case Short.BYTES -> equalShorts(query, row);
      case Integer.BYTES -> equalInts(query, row);
      default -> equalLongs(query, row);
    };
  }

  private int equalBytes(byte[] query, long row) {
    int equal = 0;
    for (int at = 0; at < bound; at += CodeLanes.COUNT) {
      equal += load(row, at).eq(load(query, at)).trueCount();
    }
    return equal;
  }

  private int equalShorts(byte[] query, long row) {
    int equal = 0;
    for (int at = 0; at < bound; at += CodeLanes.COUNT) {
      equal +=
          load(row, at).reinterpretAsShorts().eq(load(query, at).reinterpretAsShorts()).trueCount();
    }
    return equal;
  }

  private int equalInts(byte[] query, long row) {
    int equal = 0;
    for (int at = 0; at < bound; at += CodeLanes.COUNT) {
      equal +=
          load(row, at).reinterpretAsInts().eq(load(query, at).reinterpretAsInts()).trueCount();
    }
    return equal;
  }

  private int equalLongs(byte[] query, long row) {
    int equal = 0;
    for (int at = 0; at < bound; at += CodeLanes.COUNT) {
      equal +=
          load(row, at).reinterpretAsLongs().eq(load(query, at).reinterpretAsLongs()).trueCount();
    }
    return equal;
  }

  private ByteVector load(long row, int at) {
    return ByteVector.fromMemorySegment(SPECIES, rows, row + at, ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteVector load(byte[] query, int at) {
    return ByteVector.fromArray(SPECIES, query, at);
  }
}
