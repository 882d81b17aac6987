package io.elanus.common.object;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/// The bucket in memory, for tests and for the simulator.
///
/// One instance is one process's way to the bucket; [#on] opens the same bucket for another
/// process, with its own faults.
public final class MemoryObjectStore implements ObjectStore {
  public enum Operation {
    CREATE,
    READ,
    LIST,
    DELETE
  }

  /// What goes wrong between one process and the bucket. Every method may sleep.
  public interface Faults {
    Faults NONE = new Faults() {};

    /// Nothing has happened yet. A throw (`STORAGE_IO_FAILED`) is the answer.
    ///
    /// @param key or the prefix of a list
    default void before(Operation operation, String key) {}

    /// When present, a create or delete answers `STORAGE_IO_FAILED` now and takes place after this
    /// time.
    default Optional<Duration> landsLater(Operation operation, String key) {
      return Optional.empty();
    }

    /// It has happened. A throw (`STORAGE_IO_FAILED`) is a lost answer.
    default void after(Operation operation, String key) {}
  }

  /// The objects themselves, guarded by their gate.
  private record Bucket(Run run, Gate gate, TreeMap<String, byte[]> objects) {}

  private final Bucket bucket;
  private final Faults faults;
  private volatile boolean closed;

  /// A new, empty bucket and a way to it without faults.
  ///
  /// @param run of the bucket: it outlives the processes that use it
  public MemoryObjectStore(Run run) {
    this(new Bucket(run, run.gate(), new TreeMap<>()), Faults.NONE);
  }

  private MemoryObjectStore(Bucket bucket, Faults faults) {
    this.bucket = bucket;
    this.faults = faults;
  }

  /// The same bucket as another process sees it. Closing it leaves the bucket alone.
  public ObjectStore on(Faults faults) {
    return new MemoryObjectStore(bucket, faults);
  }

  @Override
  public Created create(ObjectKey key, byte[] bytes) {
    byte[] own = bytes.clone();
    return change(
        Operation.CREATE,
        key,
        () -> {
          boolean isNew = bucket.objects.putIfAbsent(key.value(), own) == null;
          return isNew ? Created.CREATED : Created.EXISTS;
        });
  }

  @Override
  public Created create(ObjectKey key, Path file) {
    try {
      return create(key, Files.readAllBytes(file));
    } catch (IOException e) {
      throw failed("read of " + file, e);
    }
  }

  @Override
  public byte[] read(ObjectKey key) {
    return withFaults(Operation.READ, key.value(), () -> require(key).clone());
  }

  @Override
  public byte[] read(ObjectKey key, long offset, int length) {
    return withFaults(
        Operation.READ,
        key.value(),
        () -> {
          byte[] bytes = require(key);
          ObjectLimits.checkRange(key, bytes.length, offset, length);
          return Arrays.copyOfRange(bytes, (int) offset, (int) offset + length);
        });
  }

  @Override
  public void download(ObjectKey key, Path target) {
    try {
      Files.write(target, read(key), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw failed("download of %s to %s".formatted(key, target), e);
    }
  }

  @Override
  public Optional<Long> size(ObjectKey key) {
    return withFaults(
        Operation.READ,
        key.value(),
        () ->
            Optional.ofNullable(bucket.objects.get(key.value())).map(bytes -> (long) bytes.length));
  }

  @Override
  public List<ObjectKey> list(String prefix, String after, int limit) {
    ObjectLimits.checkLimit(limit);
    return withFaults(
        Operation.LIST,
        prefix,
        () ->
            bucket.objects.tailMap(prefix).keySet().stream()
                .takeWhile(key -> key.startsWith(prefix))
                .filter(key -> key.compareTo(after) > 0)
                .limit(limit)
                .map(ObjectKey::new)
                .toList());
  }

  @Override
  public void delete(ObjectKey key) {
    change(Operation.DELETE, key, () -> Optional.ofNullable(bucket.objects.remove(key.value())));
  }

  private byte[] require(ObjectKey key) {
    byte[] bytes = bucket.objects.get(key.value());
    if (bytes == null) {
      throw ObjectLimits.notFound(key);
    }
    return bytes;
  }

  private <T> T change(Operation operation, ObjectKey key, Supplier<T> action) {
    Optional<Duration> delay = faults.landsLater(operation, key.value());
    if (delay.isPresent()) {
      bucket.run.fork("late " + operation, () -> changeLate(action, delay.get()));
      throw ErrorCode.STORAGE_IO_FAILED.because("%s of %s: no answer", operation, key);
    }
    return withFaults(operation, key.value(), action);
  }

  private void changeLate(Supplier<?> action, Duration delay) {
    bucket.run.sleep(delay);
    bucket.gate.change(() -> {
      Objects.requireNonNull(action.get());
    });
  }

  private <T> T withFaults(Operation operation, String key, Supplier<T> action) {
    if (closed) {
      throw ObjectLimits.closed();
    }
    faults.before(operation, key);
    T result = bucket.gate.change(action);
    faults.after(operation, key);
    return result;
  }

  private static DbException failed(String what, IOException cause) {
    return new DbException(ErrorCode.STORAGE_IO_FAILED, what + " failed", cause);
  }

  @Override
  public void close() {
    closed = true;
  }
}
