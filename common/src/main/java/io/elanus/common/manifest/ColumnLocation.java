package io.elanus.common.manifest;

/// Where the values of a column lie in a segment file, so that a mapped file is the array.
///
/// @param fieldId a field's id, or one of the system columns below
/// @param offset of the first value's first byte; 64-byte aligned for vectors
/// @param sizeBytes of all values, PLAIN-encoded as Parquet defines it
public record ColumnLocation(long fieldId, long offset, long sizeBytes) {
  /// Effective version of each row, INT64.
  public static final long VERSION = 1;

  /// Index of the row within its record, INT32.
  public static final long INDEX = 2;

  /// Hybrid timestamp of the row's record, INT64.
  public static final long TIMESTAMP = 3;
}
