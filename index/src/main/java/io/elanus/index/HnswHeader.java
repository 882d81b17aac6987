package io.elanus.index;

import io.elanus.index.kernel.ValueType;
import java.lang.foreign.MemorySegment;

/// What the first bytes of an HNSW file say, and where the rest of the file is; see [HnswFormat].
///
/// - `entry`: the row where every walk starts, the first of those on the highest level; -1 when
///   there are no rows.
/// - `topLevel`: the level of the entry.
/// - `upperLists`: link lists above level 0, the sum of all rows' levels.
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
    int upperLists) {

  /// Links a row can have on `level`.
  int degree(int level) {
    return level == 0 ? 2 * m : m;
  }

  long baseStart() {
    return IndexFile.HEADER_BYTES;
  }

  long slotsStart() {
    return IndexFile.align(baseStart() + 4L * degree(0) * count);
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
    return ScalarCodes.bytes(quantization, dimension, count);
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
