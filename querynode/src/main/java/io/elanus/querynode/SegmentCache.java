package io.elanus.querynode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.IndexEntry;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.object.ObjectStore;
import io.elanus.segment.file.SegmentReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Segment and index files on this node's disk, by their object keys. Survives restarts; may be lost or
/// damaged at any time, then files are brought from the bucket again.
///
/// A file's checksum is compared once per start of the process, before any of its bytes is used.
final class SegmentCache {
  private static final Logger log = LoggerFactory.getLogger(SegmentCache.class);

  private final ObjectStore objects;
  private final Path folder;
  private final Set<FileRef> verified = ConcurrentHashMap.newKeySet();

  SegmentCache(ObjectStore objects, Path folder) {
    this.objects = objects;
    this.folder = folder;
  }

  /// @throws DbException `CORRUPT` when even the bucket's file is not the one `entry` describes
  SegmentReader open(SegmentEntry entry, CollectionSchema schema) {
    try {
      return openLocal(entry, schema);
    } catch (DbException e) {
      if (e.code() != ErrorCode.CORRUPT) {
        throw e;
      }
      log.warn("cached files are damaged, bringing them again segment={}", entry.id(), e);
      remove(entry);
      return openLocal(entry, schema);
    }
  }

  private SegmentReader openLocal(SegmentEntry entry, CollectionSchema schema) {
    Path file = local(entry.file());
    Map<IndexEntry, Path> indexes = new LinkedHashMap<>();
    entry.indexes().forEach(index -> indexes.put(index, local(index.file())));
    SegmentReader reader =
        verified.contains(entry.file())
            ? SegmentReader.openVerified(file, entry, schema)
            : SegmentReader.open(file, entry, schema);
    try {
      indexes.forEach(reader::attachIndex);
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
    verified.add(entry.file());
    return reader;
  }

  /// The file on this disk, brought from the bucket when it is not here.
  private Path local(FileRef file) {
    Path path = path(file);
    if (Files.exists(path)) {
      return path;
    }
    Path arriving = path.resolveSibling(path.getFileName() + ".arriving");
    try {
      Files.createDirectories(path.getParent());
      Files.deleteIfExists(arriving);
      objects.download(file.key(), arriving);
      Files.move(arriving, path, StandardCopyOption.ATOMIC_MOVE);
      return path;
    } catch (IOException e) {
      throw new DbException(
          ErrorCode.STORAGE_IO_FAILED,
          "cannot bring %s to %s: %s".formatted(file.key(), path, e),
          e);
    }
  }

  private void remove(SegmentEntry entry) {
    try {
      Files.deleteIfExists(path(entry.file()));
      verified.remove(entry.file());
      for (IndexEntry index : entry.indexes()) {
        Files.deleteIfExists(path(index.file()));
      }
    } catch (IOException e) {
      throw new DbException(
          ErrorCode.STORAGE_IO_FAILED, "cannot remove cached files of %s".formatted(entry.id()), e);
    }
  }

  private Path path(FileRef file) {
    return folder.resolve(file.key().value());
  }
}
