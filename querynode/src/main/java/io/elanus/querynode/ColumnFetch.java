package io.elanus.querynode;

import io.elanus.common.error.DbException;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.Run;
import io.elanus.querynode.PartFetch.Part;
import io.elanus.segment.file.SegmentReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads segments whose files are not on this disk yet: brings the columns that a read needs. A column stays until the segment is
/// closed.
final class ColumnFetch {
  private static final int PARALLEL_COLUMNS = 8;

  private final PartFetch parts;
  private final FanOut columns;

  ColumnFetch(Run run, PartFetch parts) {
    this.parts = parts;
    this.columns = new FanOut(run).atMost(PARALLEL_COLUMNS);
  }

  /// A reader of a segment that has only what every read needs.
  ///
  /// @throws DbException `CORRUPT` when the file cannot be read in parts, `SEGMENT_NOT_LOADED` when the machine
  ///     has no memory outside of files, `MEMORY_LIMIT_EXCEEDED` when the budget has none,
  ///     `STORAGE_KEY_NOT_FOUND`, `STORAGE_IO_FAILED`
  SegmentReader open(SegmentEntry entry, CollectionSchema schema) {
    return parts.reserving(
        entry.file(),
        SegmentReader.baseBytes(entry, schema),
        () ->
            SegmentReader.openPart(
                entry, schema, parts.source(entry.file(), Deadline.NEVER), parts::release));
  }

  /// Bytes that [#bring] would bring.
  ///
  /// @param needed the fields of each segment
  static long missingBytes(Map<SegmentReader, Set<Long>> needed) {
    return missing(needed).stream()
        .mapToLong(column -> column.segment().sizeBytes(column.fieldId()))
        .sum();
  }

  /// Brings what segments, of which the caller has references, lack of the fields needed.
  ///
  /// @throws DbException as [#open], `TIMEOUT`, `CANCELED`
  void bring(Map<SegmentReader, Set<Long>> needed, Deadline deadline) {
    List<Part.Column> missing = missing(needed);
    if (!missing.isEmpty()) {
      columns.each(missing, deadline, column -> bring(column, deadline));
    }
  }

  private static List<Part.Column> missing(Map<SegmentReader, Set<Long>> needed) {
    List<Part.Column> missing = new ArrayList<>();
    needed.forEach((segment, fieldIds) ->
        fieldIds.stream()
            .filter(id -> !segment.has(id))
            .forEach(id -> missing.add(new Part.Column(segment, id))));
    return missing;
  }

  private void bring(Part.Column column, Deadline deadline) {
    SegmentReader segment = column.segment();
    FileRef file = segment.entry().file();
    long fieldId = column.fieldId();
    Runnable bring = () -> segment.bring(fieldId, parts.source(file, deadline));
    parts.once(
        column,
        () -> segment.has(fieldId),
        deadline,
        () -> parts.reserving(file, segment.sizeBytes(fieldId), bring));
  }
}
