package io.elanus.index;

import static io.elanus.index.IndexFile.LONG;

import io.elanus.index.kernel.ElementKernel;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A signature that is searched for. One thread.
final class SignatureQuery {
  private final MemorySegment data;
  private final int rowBytes;
  private final int elements;
  private final int bands;
  private final int bandBytes;
  private final int elementsOfBand;
  private final byte[] bytes;
  private final MemorySegment query;
  private final ElementKernel kernel;
  private final Likeness likeness;
  private final int[] oneRow = new int[1];
  private final int[] oneCount = new int[1];

  SignatureQuery(Signatures signatures, byte[] query, Likeness likeness) {
    this.data = signatures.vectors().data();
    this.rowBytes = signatures.vectors().rowBytes();
    Checks.require(query.length == rowBytes, "query has %d bytes, rows %d", query.length, rowBytes);
    this.elements = signatures.elements();
    this.bands = signatures.bands();
    this.bandBytes = signatures.bandBytes();
    this.elementsOfBand = signatures.elementsOfBand();
    this.bytes = query;
    this.query = MemorySegment.ofArray(query);
    this.kernel = ElementKernel.of(data, rowBytes, signatures.elementBytes());
    this.likeness = likeness;
  }

  /// As [Signatures#hash] of a band of the query.
  int hash(int band) {
    return Signatures.hash(query, (long) bandBytes * band, bandBytes);
  }

  /// The first band in which `row` is equal to the query; the number of bands when there is none.
  int firstShared(int row) {
    long start = (long) rowBytes * row;
    int band = 0;
    while (band < bands && !isShared(start, bandBytes * band)) {
      band++;
    }
    return band;
  }

  private boolean isShared(long row, int from) {
    int at = from;
    int end = from + bandBytes;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      if (query.get(LONG, at) != data.get(LONG, row + at)) {
        return false;
      }
    }
    for (; at < end; at++) {
      if (query.get(ValueLayout.JAVA_BYTE, at) != data.get(ValueLayout.JAVA_BYTE, row + at)) {
        return false;
      }
    }
    return true;
  }

  /// Of a row that shares a band with the query: its likeness, less being nearer.
  float distance(int row) {
    if (likeness == Likeness.BAND) {
      return -1;
    }
    oneRow[0] = row;
    kernel.count(bytes, oneRow, 1, oneCount);
    return distanceOf(oneCount[0]);
  }

  /// Offers those of `rows[0..count)` that share a band with the query. `equal` has room for as many numbers.
  void offer(int[] rows, int count, int[] equal, NearestRows nearest) {
    kernel.count(bytes, rows, count, equal);
    for (int i = 0; i < count; i++) {
      if (equal[i] >= elementsOfBand && firstShared(rows[i]) < bands) {
        float distance = likeness == Likeness.BAND ? -1 : distanceOf(equal[i]);
        nearest.offer(NearKey.of(distance, rows[i]));
      }
    }
  }

  private float distanceOf(int equal) {
    return -((float) equal / elements);
  }
}
