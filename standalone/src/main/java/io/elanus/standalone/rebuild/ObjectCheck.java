package io.elanus.standalone.rebuild;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.Run;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.zip.CRC32C;

/// Whether objects are what manifests say: there, of that size, with that checksum. Each is read once; manifests of
/// one shard share most of theirs.
final class ObjectCheck {
  private static final int CHUNK_BYTES = 8 << 20;

  /// Objects read side by side, a chunk of memory each.
  private static final int PARALLEL = 8;

  /// How much is read of an object.
  enum Depth {
    SIZES,
    CHECKSUMS
  }

  private final ObjectStore objects;
  private final Depth depth;
  private final FanOut fanOut;
  private final ConcurrentMap<FileRef, Optional<String>> known = new ConcurrentHashMap<>();

  ObjectCheck(Run run, ObjectStore objects, Depth depth) {
    this.objects = objects;
    this.depth = depth;
    this.fanOut = new FanOut(run).atMost(PARALLEL);
  }

  /// @return a sentence for each object that is not whole
  /// @throws DbException `STORAGE_IO_FAILED` when that cannot be found out now
  List<String> problems(List<FileRef> files) {
    return fanOut.all(files, Deadline.NEVER, this::problem).stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private Optional<String> problem(FileRef file) {
    Optional<String> before = known.get(file);
    if (before != null) {
      return before;
    }
    Optional<String> found = look(file);
    known.put(file, found);
    return found;
  }

  private Optional<String> look(FileRef file) {
    Optional<Long> size = objects.size(file.key());
    if (size.isEmpty()) {
      return Optional.of("%s is missing".formatted(file.key()));
    }
    if (size.get() != file.sizeBytes()) {
      return Optional.of(
          "%s has %d bytes instead of %d".formatted(file.key(), size.get(), file.sizeBytes()));
    }
    return switch (depth) {
      case SIZES -> Optional.empty();
      case CHECKSUMS -> checksumProblem(file);
    };
  }

  private Optional<String> checksumProblem(FileRef file) {
    try {
      int found = crc32c(file.key(), file.sizeBytes());
      return found == file.crc32c()
          ? Optional.empty()
          : Optional.of(
              "%s has checksum %08x instead of %08x".formatted(file.key(), found, file.crc32c()));
    } catch (DbException e) {
      if (e.code() == ErrorCode.STORAGE_KEY_NOT_FOUND) {
        return Optional.of("%s is missing".formatted(file.key()));
      }
      throw e;
    }
  }

  private int crc32c(ObjectKey key, long sizeBytes) {
    CRC32C crc = new CRC32C();
    for (long at = 0; at < sizeBytes; at += CHUNK_BYTES) {
      crc.update(objects.read(key, at, (int) Math.min(CHUNK_BYTES, sizeBytes - at)));
    }
    return (int) crc.getValue();
  }
}
