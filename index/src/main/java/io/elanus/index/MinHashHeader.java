package io.elanus.index;

import static io.elanus.index.IndexFile.INT;
import static io.elanus.index.IndexFile.align;
import static io.elanus.index.IndexFile.verify;

import io.elanus.index.kernel.ValueType;
import java.lang.foreign.MemorySegment;

/// The bytes of a file of an index over MinHash signatures: what its start says, and where the rest is.
///
/// ```
/// start     as of every IndexFile, and   28  i32  bytes of an element
///                                        32  i32  bands
///           (its metric is 0, its dimension the bits of a row)
/// hashes    i32[bands][count]   of each band the rows' hashes, ascending
/// rows      i32[bands][count]   the row of each; those of equal hashes ascend
/// checksum  u32
/// ```
record MinHashHeader(int count, int rowBytes, int elementBytes, int bands) {
  static MinHashHeader read(MemorySegment file) {
    verify(
        IndexFile.kind(file) == IndexFile.Kind.MINHASH_LSH,
        "the index is not over MinHash signatures");
    int bits = IndexFile.dimension(file);
    MinHashHeader header =
        new MinHashHeader(
            IndexFile.count(file), bits / Byte.SIZE, file.get(INT, 28), file.get(INT, 32));
    boolean sane =
        IndexFile.metric(file) == Metric.L2
            && bits % Byte.SIZE == 0
            && header.count >= 0
            && header.rowBytes >= 1
            && header.elementBytes >= 1
            && header.rowBytes % header.elementBytes == 0
            && header.bands >= 1
            && header.bands <= header.rowBytes / header.elementBytes;
    verify(sane, "impossible values in %s", header);
    IndexFile.verifySize(file, header.fileBytes());
    return header;
  }

  static MinHashHeader of(Signatures signatures) {
    return new MinHashHeader(
        signatures.count(),
        signatures.vectors().rowBytes(),
        signatures.elementBytes(),
        signatures.bands());
  }

  void write(MemorySegment file) {
    IndexFile.writeStart(
        file,
        IndexFile.Kind.MINHASH_LSH,
        Metric.L2,
        rowBytes * Byte.SIZE,
        ValueType.FLOAT32,
        count);
    file.set(INT, 28, elementBytes);
    file.set(INT, 32, bands);
  }

  /// The hashes of a band.
  MemorySegment hashes(MemorySegment file, int band) {
    return file.asSlice(IndexFile.HEADER_BYTES + 4L * count * band, 4L * count);
  }

  /// The rows of a band.
  MemorySegment rows(MemorySegment file, int band) {
    return file.asSlice(rowsStart() + 4L * count * band, 4L * count);
  }

  long rowsStart() {
    return align(IndexFile.HEADER_BYTES + 4L * count * bands);
  }

  long fileBytes() {
    return align(rowsStart() + 4L * count * bands) + IndexFile.CHECKSUM_BYTES;
  }
}
