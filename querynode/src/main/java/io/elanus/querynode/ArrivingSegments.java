package io.elanus.querynode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.error.ErrorKind;
import io.elanus.common.model.Field;
import io.elanus.common.model.SegmentId;
import io.elanus.common.run.Deadline;
import io.elanus.segment.file.SegmentReader;
import io.elanus.segment.shard.ListsLacking;
import io.elanus.segment.shard.ShardSnapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Brings what reads need of segments whose files are still on their way.
final class ArrivingSegments {
  private static final DbException ON_THEIR_WAY =
      ErrorCode.SEGMENT_NOT_LOADED.because("their files are on their way");

  private final ColumnFetch columns;
  private final ListFetch lists;

  ArrivingSegments(ColumnFetch columns, ListFetch lists) {
    this.columns = columns;
    this.lists = lists;
  }

  /// Of segments whose files are still on their way, the columns that this read needs, but for vectors that are found by lists of
  /// an index.
  ///
  /// @throws Unanswered when they cannot be brought now, or it waits
  /// @throws DbException `MEMORY_LIMIT_EXCEEDED` when the shard has no route: another node may have more room
  void bring(
      ShardLeader leader, ShardSnapshot snapshot, ShardReading<?> reading, Deadline deadline) {
    List<SegmentReader> read =
        arriving(snapshot).stream().filter(part -> reading.isIn(part.entry())).toList();
    if (read.isEmpty() || ColumnFetch.missingBytes(needed(read, reading, List.of())) == 0) {
      return;
    }
    bring(
        leader,
        read,
        () -> {
          Map<SegmentReader, Set<Long>> needed =
              needed(read, reading, probed(snapshot, read, reading, deadline));
          requireWorth(leader, snapshot, read, ColumnFetch.missingBytes(needed));
          columns.bring(needed, deadline);
        });
  }

  /// The lists that a search needs.
  ///
  /// @param before bytes that were brought for it before
  /// @return bytes that were brought for it by now
  /// @throws Unanswered as for columns
  long bring(
      ShardLeader leader,
      ShardSnapshot snapshot,
      ListsLacking lacking,
      long before,
      Deadline deadline) {
    List<SegmentReader> read = lacking.lacks().stream().map(ListsLacking.Lack::segment).toList();
    long bytes = before + ListFetch.missingBytes(lacking);
    bring(
        leader,
        read,
        () -> {
          requireWorth(leader, snapshot, read, bytes);
          lists.bring(lacking, deadline);
        });
    return bytes;
  }

  private void bring(ShardLeader leader, List<SegmentReader> read, Runnable work) {
    try {
      work.run();
    } catch (DbException e) {
      boolean hopeless = e.kind() == ErrorKind.OVERLOADED && !leader.isRouted();
      if (hopeless || e.kind() == ErrorKind.CANCELED) {
        throw e;
      }
      throw new Unanswered(ids(read), Optional.of(e));
    }
  }

  /// A read that needs most of what is on its way waits for that: it would come later if it came twice.
  private static void requireWorth(
      ShardLeader leader, ShardSnapshot snapshot, List<SegmentReader> read, long neededBytes) {
    long arrivingBytes = arriving(snapshot).stream().mapToLong(SegmentReader::sizeBytes).sum();
    if (neededBytes > arrivingBytes / 2 && leader.report().failure().isEmpty()) {
      throw new Unanswered(ids(read), Optional.of(ON_THEIR_WAY));
    }
  }

  private static List<SegmentReader> arriving(ShardSnapshot snapshot) {
    return snapshot.segments().stream().filter(segment -> !segment.isWhole()).toList();
  }

  private List<SegmentReader> probed(
      ShardSnapshot snapshot,
      List<SegmentReader> read,
      ShardReading<?> reading,
      Deadline deadline) {
    return reading
        .probing()
        .map(probing -> {
          Field field = snapshot.schema().requireField(probing.fieldId());
          return lists.open(read, field, probing, deadline);
        })
        .orElse(List.of());
  }

  /// The fields that are needed of each segment.
  ///
  /// @param probed of which the field that is probed is not
  private static Map<SegmentReader, Set<Long>> needed(
      List<SegmentReader> read, ShardReading<?> reading, List<SegmentReader> probed) {
    Set<Long> all = reading.fieldIds();
    Set<Long> others = new TreeSet<>(all);
    reading.probing().ifPresent(probing -> others.remove(probing.fieldId()));
    Map<SegmentReader, Set<Long>> needed = new LinkedHashMap<>();
    read.forEach(segment -> needed.put(segment, probed.contains(segment) ? others : all));
    return needed;
  }

  private static Set<SegmentId> ids(List<SegmentReader> segments) {
    return segments.stream().map(segment -> segment.entry().id()).collect(Collectors.toSet());
  }
}
