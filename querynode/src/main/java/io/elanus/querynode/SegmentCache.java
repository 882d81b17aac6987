package io.elanus.querynode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.IndexEntry;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.segment.file.SegmentReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The open segments of this node, over the files of a [FileCache]. Several owners of one segment share its
/// mapping.
///
/// A file's checksum is compared once per start of the process, before any of its bytes is used; a file
/// that is lost or damaged is brought from the bucket again, once.
final class SegmentCache {
  private static final Logger log = LoggerFactory.getLogger(SegmentCache.class);

  private final FileCache files;
  private final ColumnFetch columns;
  private final long partFromBytes;
  private final Gate gate;

  // guarded by gate
  private final Map<SegmentEntry, SegmentReader> open = new HashMap<>();

  /// @param partFromBytes size from which a file that is not here is read in part while it arrives
  SegmentCache(Run run, FileCache files, ColumnFetch columns, long partFromBytes) {
    this.files = files;
    this.columns = columns;
    this.partFromBytes = partFromBytes;
    this.gate = run.gate();
  }

  /// @return a reader for one owner, who closes it
  /// @throws DbException `CORRUPT` when even the bucket's file is not the one `entry` describes, and what
  ///     [FileCache#acquire] throws
  SegmentReader open(SegmentEntry entry, CollectionSchema schema) {
    return shared(entry, schema).orElseGet(() -> openFiles(entry, schema));
  }

  /// As [#open], but of a large segment that is not on this disk only a part, at once: the caller brings the
  /// columns it reads by the [ColumnFetch], and opens it whole later.
  SegmentReader openSoon(SegmentEntry entry, CollectionSchema schema) {
    boolean part = entry.file().sizeBytes() >= partFromBytes && !files.isHere(entry.file());
    return shared(entry, schema)
        .orElseGet(() -> part ? openPart(entry, schema) : open(entry, schema));
  }

  private SegmentReader openPart(SegmentEntry entry, CollectionSchema schema) {
    try {
      return columns.open(entry, schema);
    } catch (DbException e) {
      if (e.code() != ErrorCode.CORRUPT && e.code() != ErrorCode.SEGMENT_NOT_LOADED) {
        throw e;
      }
      log.info("segment cannot be read in parts segment={} reason={}", entry.id(), e.text());
      return open(entry, schema);
    }
  }

  private Optional<SegmentReader> shared(SegmentEntry entry, CollectionSchema schema) {
    Optional<SegmentReader> shared =
        gate.read(() -> Optional.ofNullable(open.get(entry)).flatMap(SegmentReader::share));
    shared.ifPresent(reader -> reader.adopt(schema));
    return shared;
  }

  private SegmentReader openFiles(SegmentEntry entry, CollectionSchema schema) {
    Map<FileRef, Path> found = acquire(entry);
    try {
      return open(entry, schema, found);
    } catch (DbException e) {
      log.warn("cached files are damaged, bringing them again segment={}", entry.id(), e);
    }
    return open(entry, schema, acquire(entry));
  }

  /// Takes the files over: they are released when it fails, or nobody has the segment mapped any more.
  private SegmentReader open(
      SegmentEntry entry, CollectionSchema schema, Map<FileRef, Path> acquired) {
    try {
      SegmentReader reader = map(entry, schema, acquired);
      gate.change(() -> open.putIfAbsent(entry, reader) == null);
      return reader;
    } catch (RuntimeException | Error e) {
      if (e instanceof DbException) {
        acquired.keySet().forEach(files::damaged);
      }
      acquired.keySet().forEach(files::release);
      if (e instanceof OutOfMemoryError) {
        throw noMemory(entry, e);
      }
      throw e;
    }
  }

  /// What the machine refuses is a load that failed; the process lives on.
  private static DbException noMemory(SegmentEntry entry, Throwable cause) {
    return new DbException(
        ErrorCode.MEMORY_LIMIT_EXCEEDED,
        "no memory to open segment %s".formatted(entry.id()),
        cause);
  }

  private Map<FileRef, Path> acquire(SegmentEntry entry) {
    Map<FileRef, Path> acquired = new HashMap<>();
    boolean all = false;
    try {
      for (FileRef ref : refs(entry)) {
        acquired.put(ref, files.acquire(ref));
      }
      all = true;
      return acquired;
    } finally {
      if (!all) {
        acquired.keySet().forEach(files::release);
      }
    }
  }

  private SegmentReader map(
      SegmentEntry entry, CollectionSchema schema, Map<FileRef, Path> acquired) {
    AtomicBoolean whole = new AtomicBoolean();
    Runnable unmapped =
        () -> {
          if (whole.get()) {
            unmapped(entry);
          }
        };
    Path file = path(acquired, entry.file());
    SegmentReader reader =
        files.isVerified(entry.file())
            ? SegmentReader.openVerified(file, entry, schema, unmapped)
            : SegmentReader.open(file, entry, schema, unmapped);
    try {
      for (IndexEntry index : entry.indexes()) {
        Path indexFile = path(acquired, index.file());
        reader.attachIndex(index, schema.requireField(index.fieldId()), indexFile);
      }
    } catch (RuntimeException | Error e) {
      reader.close();
      throw e;
    }
    files.verified(entry.file());
    whole.set(true);
    return reader;
  }

  private void unmapped(SegmentEntry entry) {
    gate.change(() -> Optional.ofNullable(open.remove(entry)));
    refs(entry).forEach(files::release);
  }

  private static List<FileRef> refs(SegmentEntry entry) {
    List<FileRef> refs = new ArrayList<>(List.of(entry.file()));
    entry.indexes().stream().map(IndexEntry::file).forEach(refs::add);
    return refs;
  }

  private static Path path(Map<FileRef, Path> acquired, FileRef ref) {
    return Optional.ofNullable(acquired.get(ref)).orElseThrow();
  }
}
