package io.elanus.querynode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Objects of the bucket on this node's disk, by their keys, within two budgets: all files together on
/// disk, and those in use in memory, where they are mapped. What nobody uses stays until its place is
/// needed, the least recently used first, and is there after a restart.
///
/// ```
///            acquire                  downloaded                 last release
/// (nothing) ---------> (arriving) ------------------> (in use) ----------------> (unused)
///     ^                    ^  damaged                   |  ^  acquire                |
///     |                    +----------------------------+  +-------------------------+
///     +------------------------------ (leaving) <------------ place needed ----------+
/// ```
/// A file that arrives is named so until it is whole: a kill leaves nothing that looks like a file. Any
/// thread; no file is touched under the gate.
final class FileCache {
  private static final Logger log = LoggerFactory.getLogger(FileCache.class);
  private static final String ARRIVING = ".arriving";

  /// What was done since the process started.
  ///
  /// @param hits uses of a file that was there
  /// @param downloads files brought, with `downloadedBytes` in all
  /// @param evictions files removed to make place
  record Counts(long hits, long downloads, long downloadedBytes, long evictions) {}

  private final Run run;
  private final ObjectStore objects;
  private final Path folder;
  private final long diskLimit;
  private final long memoryLimit;
  private final Gate gate;

  // guarded by gate
  private final Map<ObjectKey, Cached> files = new HashMap<>();
  private final Map<ObjectKey, Long> partBytes = new HashMap<>();
  private long diskBytes;
  private long memoryBytes;
  private long uses;
  private long hits;
  private long downloads;
  private long downloadedBytes;
  private long evictions;

  private static final class Cached {
    final long sizeBytes;
    boolean present;

    /// On its way to this disk or off it, in the hands of one thread.
    boolean moving;

    boolean verified;
    int users;
    long lastUse;

    Cached(long sizeBytes, boolean present) {
      this.sizeBytes = sizeBytes;
      this.present = present;
    }

    boolean isEvictable() {
      return users == 0 && !moving;
    }
  }

  /// What is to be done for a use.
  private sealed interface Step {
    record Use() implements Step {}

    record Wait() implements Step {}

    record Bring(List<ObjectKey> instead) implements Step {}
  }

  /// @param diskLimit bytes of all files at most
  /// @param memoryLimit bytes of the files in use at most
  /// @throws DbException `STORAGE_IO_FAILED` when `folder` cannot be read
  FileCache(Run run, ObjectStore objects, Path folder, long diskLimit, long memoryLimit) {
    this.run = run;
    this.objects = objects;
    this.folder = folder;
    this.diskLimit = diskLimit;
    this.memoryLimit = memoryLimit;
    this.gate = run.gate();
    try {
      findFiles();
    } catch (IOException | UncheckedIOException e) {
      throw new DbException(
          ErrorCode.STORAGE_IO_FAILED, "cannot read cache %s: %s".formatted(folder, e), e);
    }
  }

  /// The file on this disk, brought when it is not there; it stays until [#release].
  ///
  /// @throws DbException `MEMORY_LIMIT_EXCEEDED`, `DISK_LIMIT_EXCEEDED` when it does not fit beside what is
  ///     in use; `STORAGE_KEY_NOT_FOUND`, `STORAGE_IO_FAILED`, `CANCELED`
  Path acquire(FileRef ref) {
    while (true) {
      Step step = gate.change(() -> next(ref));
      switch (step) {
        case Step.Use _ -> {
          return path(ref.key());
        }
        case Step.Wait _ -> gate.await(() -> !isMoving(ref.key()), Deadline.NEVER);
        case Step.Bring(List<ObjectKey> instead) -> {
          bringInstead(ref, instead);
          return path(ref.key());
        }
      }
    }
  }

  /// Gives back one [#acquire].
  void release(FileRef ref) {
    gate.change(() -> {
      Cached file = require(ref.key());
      file.users--;
      file.lastUse = ++uses;
      if (file.users == 0) {
        memoryBytes -= file.sizeBytes - partsOf(ref.key());
      }
    });
  }

  /// Whether the file is on this disk.
  boolean isHere(FileRef ref) {
    return gate.read(() ->
        Optional.ofNullable(files.get(ref.key()))
            .filter(file -> file.present && !file.moving)
            .isPresent());
  }

  /// Takes memory for parts of a file that are brought before it. Of a file that is in use they take no more:
  /// what fits as a whole fits while it arrives.
  ///
  /// @throws DbException `MEMORY_LIMIT_EXCEEDED`
  void reservePart(ObjectKey key, long bytes) {
    gate.change(() -> {
      if (!isInUse(key)) {
        requireMemory(key, bytes);
        memoryBytes += bytes;
      }
      partBytes.merge(key, bytes, Long::sum);
    });
  }

  /// Gives back what one or more [#reservePart] of the file took.
  void releasePart(ObjectKey key, long bytes) {
    gate.change(() -> {
      if (!isInUse(key)) {
        memoryBytes -= bytes;
      }
      partBytes.merge(key, -bytes, Long::sum);
      partBytes.remove(key, 0L);
    });
  }

  /// The bytes of an acquired file are not those `ref` describes: the next [#acquire] brings it again. Who
  /// has the old ones mapped keeps them.
  void damaged(FileRef ref) {
    gate.change(() -> {
      Cached file = require(ref.key());
      file.present = false;
      file.verified = false;
    });
  }

  /// Whether the checksum of an acquired file was compared since the process started.
  boolean isVerified(FileRef ref) {
    return gate.read(() -> require(ref.key()).verified);
  }

  void verified(FileRef ref) {
    gate.change(() -> require(ref.key()).verified = true);
  }

  /// Bytes of the files in use, and of the parts of others.
  long memoryBytes() {
    return gate.read(() -> memoryBytes);
  }

  long memoryLimit() {
    return memoryLimit;
  }

  long diskBytes() {
    return gate.read(() -> diskBytes);
  }

  Counts counts() {
    return gate.read(() -> new Counts(hits, downloads, downloadedBytes, evictions));
  }

  /// What a start finds. More than the budget allows is removed, what arrived first before the others.
  private void findFiles() throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> found;
    try (Stream<Path> all = Files.walk(folder)) {
      found = all.filter(Files::isRegularFile).sorted(FileCache::byAge).toList();
    }
    for (Path path : found) {
      if (path.toString().endsWith(ARRIVING)) {
        Files.delete(path);
      } else {
        Cached file = new Cached(Files.size(path), true);
        file.lastUse = ++uses;
        diskBytes += file.sizeBytes;
        files.put(key(path), file);
      }
    }
    List<ObjectKey> excess = gate.read(() -> chooseFor(0).orElseThrow());
    evict(excess);
  }

  private static int byAge(Path a, Path b) {
    try {
      int byTime = Files.getLastModifiedTime(a).compareTo(Files.getLastModifiedTime(b));
      return byTime != 0 ? byTime : a.compareTo(b);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Under the gate.
  private Step next(FileRef ref) {
    Cached file = files.get(ref.key());
    if (file != null && file.moving) {
      return new Step.Wait();
    }
    if (file != null && file.users == 0 && file.sizeBytes != ref.sizeBytes()) {
      forget(ref.key()); // cut short: arrives anew, in its place
      file = null;
    }
    if (file != null && file.present) {
      take(ref.key(), file);
      hits++;
      return new Step.Use();
    }
    return arrive(ref, file == null ? new Cached(ref.sizeBytes(), false) : file);
  }

  /// Under the gate.
  private Step arrive(FileRef ref, Cached file) {
    boolean counted = files.containsKey(ref.key());
    List<ObjectKey> instead =
        chooseFor(counted ? 0 : ref.sizeBytes())
            .orElseThrow(() ->
                ErrorCode.DISK_LIMIT_EXCEEDED.because(
                    "%s of %d bytes does not fit the disk cache: %d of %d bytes are in use",
                    ref.key(), ref.sizeBytes(), memoryBytes, diskLimit));
    take(ref.key(), file);
    if (!counted) {
      files.put(ref.key(), file);
      diskBytes += ref.sizeBytes();
    }
    file.moving = true;
    instead.forEach(key -> require(key).moving = true);
    return new Step.Bring(instead);
  }

  /// Under the gate.
  private void take(ObjectKey key, Cached file) {
    if (file.users == 0) {
      long more = file.sizeBytes - partsOf(key);
      requireMemory(key, more);
      memoryBytes += more;
    }
    file.users++;
    file.lastUse = ++uses;
  }

  /// Under the gate.
  private void requireMemory(ObjectKey key, long bytes) {
    if (bytes > memoryLimit - memoryBytes) {
      throw ErrorCode.MEMORY_LIMIT_EXCEEDED.because(
          "%s of %d bytes does not fit the memory for data: %d of %d bytes are taken",
          key, bytes, memoryBytes, memoryLimit);
    }
  }

  /// Under the gate. Which files to remove so that `sizeBytes` more fit; empty when no choice is enough.
  private Optional<List<ObjectKey>> chooseFor(long sizeBytes) {
    long excess = diskBytes + sizeBytes - diskLimit;
    List<ObjectKey> chosen = new ArrayList<>();
    List<Map.Entry<ObjectKey, Cached>> unused =
        excess <= 0
            ? List.of()
            : files.entrySet().stream()
                .filter(file -> file.getValue().isEvictable())
                .sorted(Comparator.comparingLong(file -> file.getValue().lastUse))
                .toList();
    for (Map.Entry<ObjectKey, Cached> file : unused) {
      if (excess > 0) {
        excess -= file.getValue().sizeBytes;
        chosen.add(file.getKey());
      }
    }
    return excess > 0 ? Optional.empty() : Optional.of(chosen);
  }

  private void bringInstead(FileRef ref, List<ObjectKey> instead) {
    boolean whole = false;
    try {
      evict(instead);
      bring(ref);
      whole = true;
    } finally {
      arrived(ref, whole);
    }
  }

  private void arrived(FileRef ref, boolean whole) {
    gate.change(() -> {
      Cached file = require(ref.key());
      file.moving = false;
      file.present = whole;
      if (whole) {
        downloads++;
        downloadedBytes += ref.sizeBytes();
        return;
      }
      file.users--;
      if (file.users == 0) {
        memoryBytes -= file.sizeBytes - partsOf(ref.key());
        forget(ref.key());
      }
    });
  }

  /// A disk may be fuller than the budget knows: then everything nobody uses makes place, once.
  private void bring(FileRef ref) {
    try {
      download(ref);
    } catch (RuntimeException e) {
      if (!isDiskFullFor(ref)) {
        throw e;
      }
      log.warn("disk is full, removing what nobody uses folder={}", folder, e);
      evict(gate.change(this::chooseUnused));
      if (isDiskFullFor(ref)) {
        throw new DbException(
            ErrorCode.DISK_LIMIT_EXCEEDED,
            "disk of %s is full: no place for %s of %d bytes"
                .formatted(folder, ref.key(), ref.sizeBytes()),
            e);
      }
      download(ref);
    }
  }

  private boolean isDiskFullFor(FileRef ref) {
    try {
      return Files.getFileStore(folder).getUsableSpace() < ref.sizeBytes();
    } catch (IOException _) {
      return false;
    }
  }

  /// Under the gate.
  private List<ObjectKey> chooseUnused() {
    List<ObjectKey> unused =
        files.entrySet().stream()
            .filter(file -> file.getValue().isEvictable())
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    unused.forEach(key -> require(key).moving = true);
    return unused;
  }

  private void download(FileRef ref) {
    Path path = path(ref.key());
    Path arriving = path.resolveSibling(path.getFileName() + ARRIVING);
    try {
      Files.createDirectories(path.getParent());
      Files.deleteIfExists(arriving);
      objects.download(ref.key(), arriving);
      Files.setLastModifiedTime(arriving, FileTime.fromMillis(run.wallMillis()));
      Files.move(arriving, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failed("bring", ref.key(), e);
    } finally {
      removeQuietly(arriving);
    }
  }

  private static void removeQuietly(Path arriving) {
    try {
      Files.deleteIfExists(arriving);
    } catch (IOException e) {
      log.warn("cannot remove what did not arrive path={}", arriving, e);
    }
  }

  /// Removes files that are marked as moving.
  private void evict(List<ObjectKey> keys) {
    for (ObjectKey key : keys) {
      try {
        Files.deleteIfExists(path(key));
      } catch (IOException e) {
        log.warn("cannot remove a cached file key={}", key, e);
      }
      gate.change(() -> {
        forget(key);
        evictions++;
      });
    }
  }

  /// Under the gate.
  private void forget(ObjectKey key) {
    Cached file = require(key);
    files.remove(key);
    diskBytes -= file.sizeBytes;
  }

  /// Under the gate.
  private boolean isInUse(ObjectKey key) {
    return Optional.ofNullable(files.get(key)).filter(file -> file.users > 0).isPresent();
  }

  /// Under the gate.
  private long partsOf(ObjectKey key) {
    return partBytes.getOrDefault(key, 0L);
  }

  /// Under the gate.
  private boolean isMoving(ObjectKey key) {
    Cached file = files.get(key);
    return file != null && file.moving;
  }

  /// Under the gate.
  private Cached require(ObjectKey key) {
    return Optional.ofNullable(files.get(key)).orElseThrow();
  }

  private Path path(ObjectKey key) {
    return folder.resolve(key.value());
  }

  private ObjectKey key(Path path) {
    StringBuilder key = new StringBuilder();
    folder.relativize(path).forEach(part -> key.append(key.isEmpty() ? "" : "/").append(part));
    return new ObjectKey(key.toString());
  }

  private static DbException failed(String verb, ObjectKey key, IOException cause) {
    return new DbException(
        ErrorCode.STORAGE_IO_FAILED, "cannot %s %s: %s".formatted(verb, key, cause), cause);
  }
}
