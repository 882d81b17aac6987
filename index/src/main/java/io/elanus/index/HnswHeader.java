package io.elanus.index;

import io.elanus.index.kernel.ValueType;
import java.lang.foreign.MemorySegment;

/// What the first bytes of an HNSW file say, and where the rest of the file is; see [HnswFormat].
///
/// - `entry`: the row where every walk starts, the first of those on the highest level; -1 when
///   there are no rows.
/// - `topLevel`: the level of the entry.
/// - `upperLists`: link lists above level 0, the sum of all rows' levels.
/// - `packed`: whether links of level 0 take as few bits as they can; see [PackedLinks]. Not where codes lie beside them.
/// - `paged`: whether rows lie beside their links, in records that are read page by page; with codes of one bit.
record HnswHeader(
    Metric metric,
    int dimension,
    ValueType type,
    int count,
    int m,
    int efConstruction,
    Quantization quantization,
    long seed,
    int entry,
    int topLevel,
    int upperLists,
    boolean packed,
    boolean paged) {

  /// Of the same graph with packed links.
  HnswHeader withPackedLinks() {
    return new HnswHeader(
        metric,
        dimension,
        type,
        count,
        m,
        efConstruction,
        quantization,
        seed,
        entry,
        topLevel,
        upperLists,
        true,
        false);
  }

  /// Of the same graph with a code of one bit for every neighbour of a row beside its links.
  HnswHeader withLinkedBits(boolean inPages) {
    return new HnswHeader(
        metric,
        dimension,
        type,
        count,
        m,
        efConstruction,
        Quantization.BIT,
        seed,
        entry,
        topLevel,
        upperLists,
        false,
        inPages);
  }

  /// Links a row can have on `level`.
  int degree(int level) {
    return level == 0 ? 2 * m : m;
  }

  long baseStart() {
    return quantization == Quantization.BIT ? linkedBits().alignment() : IndexFile.HEADER_BYTES;
  }

  /// Bytes from the level-0 links of a row to those of the next.
  long baseStride() {
    if (quantization == Quantization.BIT) {
      return linkedBits().stride();
    }
    return packed ? packedLinks().stride() : 4L * degree(0);
  }

  PackedLinks packedLinks() {
    return PackedLinks.of(count, degree(0));
  }

  /// What lies beside the links of level 0; of codes of one bit.
  LinkedBits linkedBits() {
    return new LinkedBits(dimension, degree(0), paged ? type.bytes() * dimension : 0);
  }

  long slotsStart() {
    return IndexFile.align(baseStart() + baseStride() * count);
  }

  long upperStart() {
    return IndexFile.align(slotsStart() + 4L * count);
  }

  long normsStart() {
    return IndexFile.align(upperStart() + 4L * m * upperLists);
  }

  long normsBytes() {
    return metric == Metric.COSINE ? 4L * count : 0;
  }

  long codesStart() {
    return IndexFile.align(normsStart() + normsBytes());
  }

  long codesBytes() {
    return quantization == Quantization.BIT
        ? LinkedMean.bytes(dimension)
        : ScalarCodes.bytes(quantization, dimension, count);
  }

  /// The rows that lie in their records, from where the first is.
  MemorySegment rowsInRecords(MemorySegment file) {
    long start = baseStart() + linkedBits().vectorStart();
    return count == 0 ? file.asSlice(0, 0) : file.asSlice(start, slotsStart() - start);
  }

  /// Of the rows' codes of one bit.
  Rotation rotation() {
    return new Rotation(dimension, seed);
  }

  MemorySegment codes(MemorySegment file) {
    return file.asSlice(codesStart(), codesBytes());
  }

  ScalarCodes readCodes(MemorySegment file) {
    return ScalarCodes.read(codes(file), quantization, metric, dimension, count);
  }

  long checksumStart() {
    return codesStart() + codesBytes();
  }

  long fileBytes() {
    return checksumStart() + IndexFile.CHECKSUM_BYTES;
  }
}
