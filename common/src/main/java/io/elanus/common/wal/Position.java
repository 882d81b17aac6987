package io.elanus.common.wal;

/// A place between two records of a log: `offset` records (or gaps) of this incarnation lie before it.
/// Positions of different incarnations are never compared: another incarnation is another log.
///
/// @param incarnation drawn when the log was created
/// @param offset of the next record, from 0, growing; not necessarily dense
public record Position(long incarnation, long offset) {
  /// The position just after the record at this one.
  public Position next() {
    return new Position(incarnation, offset + 1);
  }

  /// @throws IllegalArgumentException for positions of different incarnations
  public boolean isAtOrAfter(Position other) {
    if (incarnation != other.incarnation) {
      throw new IllegalArgumentException(
          "%s and %s belong to different logs".formatted(this, other));
    }
    return offset >= other.offset;
  }

  public boolean isBefore(Position other) {
    return !isAtOrAfter(other);
  }

  @Override
  public String toString() {
    return "%x:%d".formatted(incarnation, offset);
  }
}
