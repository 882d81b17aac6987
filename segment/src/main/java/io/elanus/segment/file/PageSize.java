package io.elanus.segment.file;

import io.elanus.common.error.ErrorCode;

/// The sizes of one page, known before its first byte is written.
record PageSize(Levels levels, int valueBytes) {
  /// @throws io.elanus.common.error.DbException `PARAMETER_TOO_LARGE` when 32 bits do not hold them
  static PageSize of(ParquetColumn column, Levels levels, long valueBytes) {
    long total = levels.sizeBytes() + valueBytes;
    if (total > Integer.MAX_VALUE) {
      throw ErrorCode.PARAMETER_TOO_LARGE.because(
          "column '%s' takes %d bytes, a segment file holds columns below 2 GiB",
          column.name(), total);
    }
    return new PageSize(levels, (int) valueBytes);
  }

  int bodyBytes() {
    return levels.sizeBytes() + valueBytes;
  }
}
