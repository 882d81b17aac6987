package io.elanus.segment.shard;

import io.elanus.common.model.Key;
import java.util.Comparator;

/// Names one row of a shard for ever; `hint` says where it was seen last.
///
/// @param version the row's effective version
/// @param index of the row in its record
public record RowAddress(Key key, long version, int index, RowHint hint) {
  /// What one takes in a list, with its key and its hint; an estimate.
  static final long HEAP_BYTES = 96;

  /// By key, of one key the newest row first.
  static final Comparator<RowAddress> ORDER =
      Comparator.comparing(RowAddress::key, Comparator.<Key>naturalOrder())
          .thenComparing(
              Comparator.comparingLong(RowAddress::version)
                  .thenComparingInt(RowAddress::index)
                  .reversed());

  /// A place where the row may be, to be looked at before it is believed.
  ///
  /// @param segment id of a segment, or [#TAIL]
  /// @param row within the segment, or within all blocks of the tail
  public record RowHint(long segment, int row) {
    public static final long TAIL = -1;
  }
}
