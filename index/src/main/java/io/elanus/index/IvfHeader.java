package io.elanus.index;

import static io.elanus.index.IndexFile.INT;
import static io.elanus.index.IndexFile.align;
import static io.elanus.index.IndexFile.verify;

import java.lang.foreign.MemorySegment;

/// The bytes of an IVF file: what its start says, and where the rest is.
///
/// ```
/// start     as of every IndexFile, and   28  i32  lists, 0 when there are no vectors
///                                        32  i32  bits of a code, 0 when there are vectors in the lists
/// centroids f32[lists][dimension]    of length 1, or 0, but for L2
/// ends      i32[lists]               the place after each list's last; the first list begins at 0
/// rows      i32[count]               the row in each place; within a list they ascend
/// norms     f32[count]               1 / |vector| by place, 0 for a zero vector; cosine over vectors only, else empty
/// vectors   f32[count][dimension]    by place, or their codes, see ScalarCodes
/// checksum  u32
/// ```
record IvfHeader(Metric metric, int dimension, int count, int lists, Quantization quantization) {
  static IvfHeader read(MemorySegment file) {
    IvfHeader header =
        new IvfHeader(
            IndexFile.metric(file),
            IndexFile.dimension(file),
            IndexFile.count(file),
            file.get(INT, 28),
            Quantization.ofBits(file.get(INT, 32)));
    boolean sane =
        header.dimension >= 1
            && header.count >= 0
            && header.lists >= (header.count == 0 ? 0 : 1)
            && header.lists <= IndexParams.Ivf.MAX_LISTS;
    verify(sane, "impossible values in %s", header);
    IndexFile.Kind kind = IndexFile.kind(file);
    verify(kind == header.kind(), "an index of kind %s has no %s", kind, header);
    IndexFile.verifySize(file, header.fileBytes());
    return header;
  }

  void write(MemorySegment file) {
    IndexFile.writeStart(file, kind(), metric, dimension, count);
    file.set(INT, 28, lists);
    file.set(INT, 32, quantization.bits());
  }

  private IndexFile.Kind kind() {
    return quantization.coded() ? IndexFile.Kind.IVF_SQ : IndexFile.Kind.IVF_FLAT;
  }

  FloatVectors centroids(MemorySegment file) {
    return vectors(file, IndexFile.HEADER_BYTES, lists);
  }

  long endsStart() {
    return align(IndexFile.HEADER_BYTES + 4L * lists * dimension);
  }

  long rowsStart() {
    return align(endsStart() + 4L * lists);
  }

  long normsStart() {
    return align(rowsStart() + 4L * count);
  }

  /// Of an index without codes.
  FloatVectors vectors(MemorySegment file) {
    return vectors(file, vectorsStart(), count);
  }

  /// The section of the codes.
  MemorySegment codes(MemorySegment file) {
    return file.asSlice(vectorsStart(), codesBytes());
  }

  ScalarCodes readCodes(MemorySegment file) {
    return ScalarCodes.read(codes(file), quantization, metric, dimension, count);
  }

  boolean hasNorms() {
    return metric == Metric.COSINE && !quantization.coded();
  }

  long fileBytes() {
    long bytes = quantization.coded() ? codesBytes() : 4L * count * dimension;
    return align(vectorsStart() + bytes) + IndexFile.CHECKSUM_BYTES;
  }

  private long codesBytes() {
    return ScalarCodes.bytes(quantization, dimension, count);
  }

  private long vectorsStart() {
    return align(normsStart() + (hasNorms() ? 4L * count : 0));
  }

  private FloatVectors vectors(MemorySegment file, long start, int size) {
    return new FloatVectors(file.asSlice(start, 4L * size * dimension), size, dimension);
  }
}
