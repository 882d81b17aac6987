package io.elanus.common.model;

import java.util.Optional;
import java.util.stream.Stream;

/// How the values of a column lie: types that differ in meaning only have one form, and whatever moves values
/// (records, the tail, segment files) knows forms alone.
public enum ColumnForm {
  BOOL(1),
  INT32(4),
  INT64(5),
  FLOAT(10),
  DOUBLE(11),
  /// Well-formed Unicode.
  TEXT(21),
  /// Values of another form, any number of them in each row.
  LIST(22),
  /// Byte strings of any length.
  BYTES(23),
  /// Byte strings of one length.
  BYTE_VECTOR(100),
  FLOAT_VECTOR(101);

  private final int number;

  ColumnForm(int number) {
    this.number = number;
  }

  /// In records: that of the type which was the first to have this form.
  public int number() {
    return number;
  }

  public static Optional<ColumnForm> ofNumber(int number) {
    return Stream.of(values()).filter(form -> form.number == number).findFirst();
  }
}
