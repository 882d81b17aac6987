package io.elanus.index;

import static io.elanus.index.IndexFile.LONG;

import io.elanus.index.kernel.NativeRows;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Vectors of bits read as MinHash signatures: a row is a number of elements, the first of which are divided into bands of equal
/// length. Two rows that are equal in a whole band are candidates for being alike (Broder, On the resemblance and containment of
/// documents, 1997; Leskovec and others, Mining of Massive Datasets, section 3.4).
///
/// ```
/// elements   |a b c|d e f|g h i| j       bands 3, of 3 elements; j is in none
/// ```
/// @param elementBytes of an element; divides the bytes of a row
/// @param bands 1 to the number of elements
public record Signatures(BitVectors vectors, int elementBytes, int bands) {
  public Signatures {
    Checks.require(
        elementBytes >= 1 && vectors.rowBytes() % elementBytes == 0,
        "rows of %d bytes have no elements of %d",
        vectors.rowBytes(),
        elementBytes);
    int elements = vectors.rowBytes() / elementBytes;
    Checks.require(bands >= 1 && bands <= elements, "%d bands of %d elements", bands, elements);
    vectors = new BitVectors(NativeRows.plain(vectors.data()), vectors.count(), vectors.rowBytes());
  }

  int count() {
    return vectors.count();
  }

  /// Of a row.
  int elements() {
    return vectors.rowBytes() / elementBytes;
  }

  int elementsOfBand() {
    return elements() / bands;
  }

  int bandBytes() {
    return elementsOfBand() * elementBytes;
  }

  /// Where an index has rows that are equal to these bytes in a band; others may be there, too: eight bytes at a time, the last of
  /// them filled up with zeros, `h = SplitMix64(h ^ bytes)`, and of the last h the upper half.
  static int hash(MemorySegment data, long start, int bytes) {
    long h = 0;
    long at = start;
    long end = start + bytes;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      h = SplitMix.draw(h ^ data.get(LONG, at), 0);
    }
    if (at < end) {
      long rest = 0;
      for (int shift = 0; at < end; at++, shift += Byte.SIZE) {
        rest |= (data.get(ValueLayout.JAVA_BYTE, at) & 0xffL) << shift;
      }
      h = SplitMix.draw(h ^ rest, 0);
    }
    return (int) (h >>> Integer.SIZE);
  }
}
