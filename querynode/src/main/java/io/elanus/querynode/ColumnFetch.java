package io.elanus.querynode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.segment.file.SegmentReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// Reads segments whose files are not on this disk yet: brings the columns that a read needs, by ranges of
/// the object, into memory. A column is brought once however many reads want it, and stays until the
/// segment is closed. Its bytes count as memory for data.
final class ColumnFetch {
  /// Large enough that the time to the first byte does not count, small enough to be brought in parallel.
  private static final int RANGE_BYTES = 8 << 20;

  private static final int PARALLEL_COLUMNS = 8;
  private static final int PARALLEL_RANGES = 4;

  /// Of all reads together. Each takes its bytes of heap on its way.
  private static final int MAX_RANGES = 16;

  private final ObjectStore objects;
  private final FileCache files;
  private final FanOut columns;
  private final FanOut ranges;
  private final Gate gate;

  // guarded by gate: what is on its way
  private final Set<Column> arriving = new HashSet<>();
  private int ranging;

  /// Readers are the same only if they are the same object.
  private record Column(SegmentReader segment, long fieldId) {}

  ColumnFetch(Run run, ObjectStore objects, FileCache files) {
    this.objects = objects;
    this.files = files;
    this.columns = new FanOut(run).atMost(PARALLEL_COLUMNS);
    this.ranges = new FanOut(run).atMost(PARALLEL_RANGES);
    this.gate = run.gate();
  }

  /// A reader of a segment that has only what every read needs.
  ///
  /// @throws DbException `CORRUPT` when the file cannot be read in parts, `SEGMENT_NOT_LOADED` when the machine
  ///     has no memory outside of files, `MEMORY_LIMIT_EXCEEDED` when the budget has none,
  ///     `STORAGE_KEY_NOT_FOUND`, `STORAGE_IO_FAILED`
  SegmentReader open(SegmentEntry entry, CollectionSchema schema) {
    return reserving(
        SegmentReader.baseBytes(entry, schema),
        entry,
        () ->
            SegmentReader.openPart(
                entry,
                schema,
                source(entry, Deadline.NEVER),
                bytes -> files.releasePart(entry.file().key(), bytes)));
  }

  /// Bytes that [#bring] would bring.
  static long missingBytes(List<SegmentReader> segments, Set<Long> fieldIds) {
    return missing(segments, fieldIds).stream()
        .mapToLong(column -> column.segment.sizeBytes(column.fieldId))
        .sum();
  }

  /// Brings what `segments`, of which the caller has references, lack of `fieldIds`.
  ///
  /// @throws DbException as [#open], `TIMEOUT`, `CANCELED`
  void bring(List<SegmentReader> segments, Set<Long> fieldIds, Deadline deadline) {
    List<Column> missing = missing(segments, fieldIds);
    if (!missing.isEmpty()) {
      columns.each(missing, deadline, column -> bring(column, deadline));
    }
  }

  private static List<Column> missing(List<SegmentReader> segments, Set<Long> fieldIds) {
    List<Column> missing = new ArrayList<>();
    for (SegmentReader segment : segments) {
      fieldIds.stream()
          .filter(id -> !segment.has(id))
          .forEach(id -> missing.add(new Column(segment, id)));
    }
    return missing;
  }

  private void bring(Column column, Deadline deadline) {
    while (!column.segment.has(column.fieldId)) {
      boolean mine = gate.change(() -> arriving.add(column));
      if (mine) {
        bringAlone(column, deadline);
      } else {
        awaitArrival(column, deadline);
      }
    }
  }

  private void awaitArrival(Column column, Deadline deadline) {
    if (!gate.await(() -> !arriving.contains(column), deadline)) {
      throw ErrorCode.TIMEOUT.because(
          "timeout waiting for field %d of %s",
          column.fieldId, column.segment.entry().file().key());
    }
  }

  private void bringAlone(Column column, Deadline deadline) {
    SegmentReader segment = column.segment;
    try {
      reserving(
          segment.sizeBytes(column.fieldId),
          segment.entry(),
          () -> {
            segment.bring(column.fieldId, source(segment.entry(), deadline));
            return segment;
          });
    } finally {
      gate.change(() -> arriving.remove(column));
    }
  }

  /// The memory is given back when `work` fails; else by who closes the segment.
  private SegmentReader reserving(long bytes, SegmentEntry entry, Supplier<SegmentReader> work) {
    files.reservePart(entry.file().key(), bytes);
    boolean done = false;
    try {
      SegmentReader reader = work.get();
      done = true;
      return reader;
    } catch (OutOfMemoryError e) { // memory outside of the heap: the file may still be mapped
      throw new DbException(
          ErrorCode.SEGMENT_NOT_LOADED,
          "no memory for %d bytes of %s".formatted(bytes, entry.file().key()),
          e);
    } finally {
      if (!done) {
        files.releasePart(entry.file().key(), bytes);
      }
    }
  }

  private SegmentReader.ColumnSource source(SegmentEntry entry, Deadline deadline) {
    return (offset, target) -> {
      List<Long> starts = new ArrayList<>();
      for (long at = 0; at < target.byteSize(); at += RANGE_BYTES) {
        starts.add(at);
      }
      ranges.each(
          starts,
          deadline,
          start -> {
            int length = (int) Math.min(RANGE_BYTES, target.byteSize() - start);
            byte[] bytes = range(entry.file().key(), offset + start, length, deadline);
            MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, start, length);
          });
    };
  }

  private byte[] range(ObjectKey key, long offset, int length, Deadline deadline) {
    if (!gate.await(this::takePlace, deadline)) {
      throw ErrorCode.TIMEOUT.because("timeout waiting to read a range of %s", key);
    }
    try {
      return objects.read(key, offset, length);
    } finally {
      gate.change(() -> ranging--);
    }
  }

  /// Under the gate.
  private boolean takePlace() {
    boolean free = ranging < MAX_RANGES;
    ranging += free ? 1 : 0;
    return free;
  }
}
