package io.elanus.rootcoord;

import io.elanus.common.meta.Leadership;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.run.Coalescer;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;

/// Timestamps and ids for many callers at once: who waits while a call is made shares the next one.
///
/// Timestamps given out are larger than any a caller can know of, so each batch confirms by a read of
/// the election key that there is no successor yet. Ids need not: their range is this leader's own.
final class Allocator {
  private final Leadership leadership;
  private final Coalescer<Integer, Long> timestamps;
  private final Coalescer<Integer, Long> ids;

  Allocator(Run run, MetaStore store, Leadership leadership) {
    this.leadership = leadership;
    TimestampOracle oracle =
        new TimestampOracle(
            run, new HighWaterMark(run, store, leadership, MetaKeys.TIMESTAMP_MARK, 0));
    IdRanges ranges =
        new IdRanges(new HighWaterMark(run, store, leadership, MetaKeys.ID_MARK, IdRanges.FIRST));
    this.timestamps =
        Coalescer.each(run, "timestamps", counts -> takeConfirmed(counts, oracle::take));
    this.ids = Coalescer.each(run, "ids", counts -> split(counts, ranges::take));
  }

  /// The first of `count` fresh timestamps in a row. That it answers also says: nobody was elected after
  /// this node before the call.
  long timestamps(int count, Deadline deadline) {
    return timestamps.join(count, deadline);
  }

  /// The first of `count` fresh ids in a row.
  long ids(int count, Deadline deadline) {
    return ids.join(count, deadline);
  }

  private List<Long> takeConfirmed(List<Integer> counts, IntToLongFunction take) {
    leadership.confirmNow();
    return split(counts, take);
  }

  /// Takes once for all and hands each caller its part.
  private static List<Long> split(List<Integer> counts, IntToLongFunction take) {
    int total = counts.stream().mapToInt(Integer::intValue).reduce(0, Math::addExact);
    long next = take.applyAsLong(total);
    List<Long> firsts = new ArrayList<>(counts.size());
    for (int count : counts) {
      firsts.add(next);
      next += count;
    }
    return firsts;
  }
}
