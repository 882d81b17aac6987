package io.elanus.segment.file;

import io.elanus.common.expr.Expr;
import io.elanus.common.model.CollectionSchema;
import io.elanus.segment.column.ColumnView.Longs;
import io.elanus.segment.column.RowBits;
import io.elanus.segment.delete.Deletes;
import io.elanus.segment.delete.SegmentDeletes;
import io.elanus.segment.filter.FilterEvaluator;
import java.util.ArrayList;
import java.util.List;

/// The rows that are left of some segments of one partition, as one segment.
///
/// ```
/// s1  a1 b1 c1      deletes through 9: b at 5        s4  a1 a7 c1 d8
/// s2  a7 d8 e3      expired through 3
/// ```
/// The inputs stay where they are mapped; what this holds are 8 bytes per row and one bit more.
///
/// @param rows what is left, in the order of a segment; may be none
/// @param removedRows how many are not
public record SegmentMerge(SegmentRows rows, long removedRows) {
  /// @param segments open for as long as this is used
  /// @param deletes all of the shard with versions above what a segment has applied and at most `through`
  /// @param through the shard's horizon: no read is going to ask for an older version
  /// @param expiredThrough rows up to this version are gone for reads from the horizon on
  /// @param kept what rows say of themselves that are to be left; `ALWAYS` for all
  public static SegmentMerge of(
      CollectionSchema schema,
      List<SegmentReader> segments,
      List<Deletes> deletes,
      long through,
      long expiredThrough,
      Expr kept) {
    List<long[]> chosen = new ArrayList<>();
    long all = 0;
    for (SegmentReader segment : segments) {
      SegmentDeletes slot = new SegmentDeletes(segment);
      slot.advance(deletes, through);
      long[] left = slot.neverDeleted();
      removeExpired(segment, left, expiredThrough);
      chosen.add(FilterEvaluator.matching(kept, segment, left));
      all += segment.rowCount();
    }
    SegmentRows rows = SegmentRows.merged(schema, segments, chosen);
    return new SegmentMerge(rows, all - rows.rowCount());
  }

  /// The rows of one segment that a read at `version` sees.
  ///
  /// @param segment open for as long as this is used; knows nothing of deletes above `version`
  /// @param deletes all of the shard with versions above what the segment has applied and at most `version`
  /// @param expiredThrough rows up to this version are gone at `version`
  public static SegmentMerge asOf(
      CollectionSchema schema,
      SegmentReader segment,
      List<Deletes> deletes,
      long version,
      long expiredThrough) {
    SegmentDeletes slot = new SegmentDeletes(segment);
    slot.advance(deletes, version);
    SegmentRows rows =
        SegmentRows.merged(schema, List.of(segment), List.of(slot.live(version, expiredThrough)));
    return new SegmentMerge(rows, (long) segment.rowCount() - rows.rowCount());
  }

  private static void removeExpired(SegmentReader segment, long[] left, long expiredThrough) {
    if (segment.entry().minVersion() > expiredThrough) {
      return;
    }
    Longs versions = segment.versions();
    for (int row = RowBits.next(left, 0); row >= 0; row = RowBits.next(left, row + 1)) {
      if (versions.get(row) <= expiredThrough) {
        RowBits.remove(left, row);
      }
    }
  }
}
