package io.elanus.segment.file;

import io.elanus.common.error.ErrorCode;

/// The sizes of one page, known before its first byte is written.
record PageSize(int valueCount, int repetitionBytes, int definitionBytes, int valueBytes) {
  /// @throws io.elanus.common.error.DbException `PARAMETER_TOO_LARGE` when 32 bits do not hold them
  static PageSize of(ParquetColumn column, int rowCount, long valueBytes) {
    boolean list = column.kind() == ParquetColumn.Kind.FLOAT_LIST;
    long valueCount = (long) rowCount * column.dimension();
    long repetition = list ? Levels.repetitionBytes(rowCount, column.dimension()) : 0;
    long definition = list ? Levels.definitionBytes(valueCount) : 0;
    long total = repetition + definition + valueBytes;
    if (total > Integer.MAX_VALUE || valueCount > Integer.MAX_VALUE) {
      throw ErrorCode.PARAMETER_TOO_LARGE.because(
          "column '%s' of %d rows takes %d bytes, a segment file holds columns below 2 GiB",
          column.name(), rowCount, total);
    }
    return new PageSize((int) valueCount, (int) repetition, (int) definition, (int) valueBytes);
  }

  int levelBytes() {
    return repetitionBytes + definitionBytes;
  }

  int bodyBytes() {
    return levelBytes() + valueBytes;
  }
}
