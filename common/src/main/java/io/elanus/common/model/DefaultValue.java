package io.elanus.common.model;

/// What rows get that come without a value.
public sealed interface DefaultValue {
  record BoolValue(boolean value) implements DefaultValue {}

  /// Of integers of all widths, and of times in microseconds.
  record IntValue(long value) implements DefaultValue {}

  record FloatValue(double value) implements DefaultValue {}

  record TextValue(String value) implements DefaultValue {}
}
