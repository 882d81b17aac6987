package io.elanus.index;

import static io.elanus.index.IndexFile.INT;
import static io.elanus.index.IndexFile.LONG;
import static io.elanus.index.IndexFile.align;
import static io.elanus.index.IndexFile.verify;

import io.elanus.index.kernel.ValueType;
import java.lang.foreign.MemorySegment;

/// The bytes of an IVF file: what its start says, and where the rest is.
///
/// ```
/// start     as of every IndexFile, and   28  i32  lists, 0 when there are no vectors
///                                        32  i32  bits of a code, 0 when there are vectors in the lists
///                                        36  i32  groups of rows, with codes of one bit; else 0
///                                        40  i64  seed of their rotation
/// centroids f32[lists][dimension]    of length 1, or 0, but for L2
/// ends      i32[lists]               the place after each list's last; the first list begins at 0
/// rows      i32[count]               the row in each place; within a list they ascend
/// norms     f32[count]               1 / |vector| by place, 0 for a zero vector; cosine over vectors only, else empty
/// sums      u32[lists + 1]           CRC32C of each list's vectors, and of all bytes before it; version 2 only, else empty
/// vectors   [count][dimension]       by place, of the values' type, or their codes, see ScalarCodes and BitCodes
/// checksum  u32
/// ```
///
/// What lies before the vectors is the head: it tells where each list lies.
///
/// @param summed whether there are sums, by which lists can be read one by one
record IvfHeader(
    Metric metric,
    int dimension,
    ValueType type,
    int count,
    int lists,
    Quantization quantization,
    int groups,
    long seed,
    boolean summed) {
  static IvfHeader read(MemorySegment file) {
    IvfHeader header = readStart(file);
    IndexFile.verifySize(file, header.fileBytes());
    return header;
  }

  /// By the first bytes of a file, [IndexFile#HEADER_BYTES] of them at least.
  static IvfHeader readStart(MemorySegment file) {
    IvfHeader header =
        new IvfHeader(
            IndexFile.metric(file),
            IndexFile.dimension(file),
            IndexFile.valueType(file),
            IndexFile.count(file),
            file.get(INT, 28),
            Quantization.ofBits(file.get(INT, 32)),
            file.get(INT, 36),
            file.get(LONG, 40),
            IndexFile.version(file) >= 2);
    boolean sane =
        header.dimension >= 1
            && header.count >= 0
            && header.lists >= (header.count == 0 ? 0 : 1)
            && header.lists <= IndexParams.Ivf.MAX_LISTS
            && header.groups >= 0
            && header.groups <= (header.quantization == Quantization.BIT ? header.count : 0);
    verify(sane, "impossible values in %s", header);
    IndexFile.Kind kind = IndexFile.kind(file);
    verify(kind == header.kind(), "an index of kind %s has no %s", kind, header);
    return header;
  }

  void write(MemorySegment file) {
    IndexFile.writeStart(file, kind(), metric, dimension, type, count);
    if (summed) {
      IndexFile.writeVersion(file, 2);
    }
    file.set(INT, 28, lists);
    file.set(INT, 32, quantization.bits());
    file.set(INT, 36, groups);
    file.set(LONG, 40, seed);
  }

  private IndexFile.Kind kind() {
    return switch (quantization) {
      case NONE -> IndexFile.Kind.IVF_FLAT;
      case SQ7, SQ4 -> IndexFile.Kind.IVF_SQ;
      case BIT -> IndexFile.Kind.IVF_BIT;
    };
  }

  DenseVectors centroids(MemorySegment file) {
    MemorySegment section = file.asSlice(IndexFile.HEADER_BYTES, 4L * lists * dimension);
    return new DenseVectors(section, lists, dimension);
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
  DenseVectors vectors(MemorySegment file) {
    return new DenseVectors(file.asSlice(vectorsStart(), vectorsBytes()), count, dimension, type);
  }

  /// The section of the codes.
  MemorySegment codes(MemorySegment file) {
    return file.asSlice(vectorsStart(), codesBytes());
  }

  /// What says how far places are, of an index of codes.
  ListScoring readCodes(MemorySegment file, IvfLists places) {
    return quantization == Quantization.BIT
        ? BitCodes.read(codes(file), bitShape(), metric, rotation(), places)
        : ListScoring.of(ScalarCodes.read(codes(file), quantization, metric, dimension, count));
  }

  BitCodes.Shape bitShape() {
    return new BitCodes.Shape(dimension, lists, groups);
  }

  Rotation rotation() {
    return new Rotation(dimension, seed);
  }

  boolean hasNorms() {
    return metric == Metric.COSINE && !quantization.coded();
  }

  long fileBytes() {
    long bytes = quantization.coded() ? codesBytes() : vectorsBytes();
    return align(vectorsStart() + bytes) + IndexFile.CHECKSUM_BYTES;
  }

  private long codesBytes() {
    return quantization == Quantization.BIT
        ? bitShape().bytes()
        : ScalarCodes.bytes(quantization, dimension, count);
  }

  long sumsStart() {
    return align(normsStart() + (hasNorms() ? 4L * count : 0));
  }

  /// Of a file with sums.
  long headBytes() {
    return sumsStart() + 4L * (lists + 1);
  }

  long vectorsStart() {
    return summed ? align(headBytes()) : sumsStart();
  }

  private long vectorsBytes() {
    return rowBytes() * count;
  }

  /// Of a vector.
  long rowBytes() {
    return (long) type.bytes() * dimension;
  }
}
