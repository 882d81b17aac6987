package io.elanus.querynode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.model.Field;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.Run;
import io.elanus.index.RemoteLists;
import io.elanus.querynode.PartFetch.Part;
import io.elanus.querynode.ShardReading.Probing;
import io.elanus.segment.column.DenseColumn;
import io.elanus.segment.file.RemoteIndexes;
import io.elanus.segment.file.SegmentReader;
import io.elanus.segment.shard.ListsLacking;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Searches segments whose files are not on this disk yet by lists of their indexes: brings the head of an index, then the lists that
/// a search needs. What was brought stays until the segment is closed.
final class ListFetch {
  private static final Logger log = LoggerFactory.getLogger(ListFetch.class);

  /// Small ones come in one range each.
  private static final int PARALLEL_LISTS = 16;

  private static final int PARALLEL_HEADS = 8;

  private final PartFetch parts;
  private final FanOut heads;
  private final FanOut lists;

  private record Wanted(SegmentReader segment, long fieldId, RemoteLists.Range range) {}

  ListFetch(Run run, PartFetch parts) {
    this.parts = parts;
    this.heads = new FanOut(run).atMost(PARALLEL_HEADS);
    this.lists = new FanOut(run).atMost(PARALLEL_LISTS);
  }

  /// Those of `segments`, of which the caller has references, that can be searched so: the heads of their indexes are here.
  ///
  /// @throws DbException `MEMORY_LIMIT_EXCEEDED`, `SEGMENT_NOT_LOADED`, `STORAGE_IO_FAILED`, `TIMEOUT`, `CANCELED`
  List<SegmentReader> open(
      List<SegmentReader> segments, Field field, Probing probing, Deadline deadline) {
    boolean oneEach = !field.nullable() && field.vectorType() == field.type();
    return oneEach
        ? heads.all(segments, deadline, segment -> open(segment, field, probing, deadline)).stream()
            .flatMap(Optional::stream)
            .toList()
        : List.of();
  }

  private Optional<SegmentReader> open(
      SegmentReader segment, Field field, Probing probing, Deadline deadline) {
    RemoteIndexes indexes = segment.remoteIndexes().orElseThrow();
    if (segment.has(field.id()) || indexes.isAside(field.id())) {
      return Optional.empty();
    }
    indexes
        .file(field.id())
        .ifPresent(file ->
            parts.once(
                new Part.Head(segment, field.id()),
                () -> indexes.isKnown(field.id()),
                deadline,
                () -> bringHead(indexes, field, file, deadline)));
    return indexes
        .lists(field.id())
        .filter(found -> DenseColumn.metric(probing.metric()).equals(Optional.of(found.metric())))
        .map(_ -> segment);
  }

  private void bringHead(RemoteIndexes indexes, Field field, FileRef file, Deadline deadline) {
    SegmentReader.ColumnSource source = parts.source(file, deadline);
    try {
      long bytes = indexes.headBytes(field, file, source);
      if (bytes == 0) {
        indexes.leaveAside(field.id());
        return;
      }
      parts.reserving(file, bytes, () -> indexes.bringHead(field, file, bytes, source));
    } catch (DbException e) {
      if (!leaveAside(e, indexes, field.id(), file)) {
        throw e;
      }
    }
  }

  /// Where the file is not what it should be, the next try takes the column.
  ///
  /// @return whether that is so
  private static boolean leaveAside(
      DbException failure, RemoteIndexes indexes, long fieldId, FileRef file) {
    boolean bad =
        failure.code() == ErrorCode.CORRUPT || failure.code() == ErrorCode.STORAGE_KEY_NOT_FOUND;
    if (bad) {
      log.warn("index cannot be searched by lists file={} reason={}", file.key(), failure.text());
      indexes.leaveAside(fieldId);
    }
    return bad;
  }

  static long missingBytes(ListsLacking lacking) {
    return lacking.lacks().stream()
        .flatMap(lack -> lack.ranges().stream())
        .mapToLong(RemoteLists.Range::bytes)
        .sum();
  }

  /// Brings what a search lacked of segments of which the caller has references.
  ///
  /// @throws DbException `CORRUPT` when a list is not whole, and as [#open]
  void bring(ListsLacking lacking, Deadline deadline) {
    List<Wanted> wanted =
        lacking.lacks().stream()
            .flatMap(lack ->
                lack.ranges().stream()
                    .map(range -> new Wanted(lack.segment(), lack.fieldId(), range)))
            .toList();
    lists.each(wanted, deadline, one -> bring(one, deadline));
  }

  private void bring(Wanted one, Deadline deadline) {
    RemoteIndexes indexes = one.segment.remoteIndexes().orElseThrow();
    FileRef file = indexes.file(one.fieldId).orElseThrow();
    RemoteLists known = indexes.lists(one.fieldId).orElseThrow();
    int list = one.range.list();
    Runnable bring = () -> indexes.bringList(one.fieldId, one.range, parts.source(file, deadline));
    try {
      parts.once(
          new Part.OneList(one.segment, one.fieldId, list),
          () -> known.isHere(list),
          deadline,
          () -> parts.reserving(file, one.range.bytes(), bring));
    } catch (DbException e) {
      leaveAside(e, indexes, one.fieldId, file);
      throw e;
    }
  }
}
