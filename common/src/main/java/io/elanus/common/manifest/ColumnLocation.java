package io.elanus.common.manifest;

/// Where the values of a column lie in a segment file, so that a mapped file is the array.
///
/// @param fieldId a field's id, one of the system columns below, or what stands for the validity or the starts of
///     a field
/// @param offset of the first value's first byte; 64-byte aligned for vectors
/// @param sizeBytes of all values, PLAIN-encoded as Parquet defines it
public record ColumnLocation(long fieldId, long offset, long sizeBytes) {
  /// Effective version of each row, INT64.
  public static final long VERSION = 1;

  /// Index of the row within its record, INT32.
  public static final long INDEX = 2;

  /// Hybrid timestamp of the row's record, INT64.
  public static final long TIMESTAMP = 3;

  /// Under which id the validity of a field that may be null is found: one bit per row.
  public static long validity(long fieldId) {
    return -2 * fieldId;
  }

  /// Under which id the starts of a field's lists are found: as many ints as lists, and one more.
  public static long starts(long fieldId) {
    return -2 * fieldId - 1;
  }

  /// The field that the values, the validity or the starts belong to.
  public long owner() {
    return fieldId < 0 ? -fieldId / 2 : fieldId;
  }
}
