package io.elanus.bench.arrival;

import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A bucket whose first byte takes a while and whose bytes all go through one narrow line, piece by piece,
/// so that whatever is read at the same time shares it.
final class NarrowBucket implements ObjectStore {
  private static final long PIECE_BYTES = 1 << 20;

  private final Run run;
  private final ObjectStore store;
  private final long bytesPerSecond;
  private final Duration firstByte;
  private final Gate gate;

  // guarded by gate
  private long freeAtNanoTime;
  private long sentBytes;

  NarrowBucket(Run run, ObjectStore store, long bytesPerSecond, Duration firstByte) {
    this.run = run;
    this.store = store;
    this.bytesPerSecond = bytesPerSecond;
    this.firstByte = firstByte;
    this.gate = run.gate();
    this.freeAtNanoTime = run.nanoTime();
  }

  long sentBytes() {
    return gate.read(() -> sentBytes);
  }

  private void send(long bytes) {
    run.sleep(firstByte);
    for (long left = bytes; left > 0; left -= PIECE_BYTES) {
      long piece = Math.min(left, PIECE_BYTES);
      long wait = gate.change(() -> queue(piece));
      run.sleep(Duration.ofNanos(Math.max(0, wait)));
    }
  }

  /// Under the gate.
  ///
  /// @return nanoseconds until the piece has passed
  private long queue(long bytes) {
    long now = run.nanoTime();
    freeAtNanoTime = Math.max(now, freeAtNanoTime) + bytes * 1_000_000_000 / bytesPerSecond;
    sentBytes += bytes;
    return freeAtNanoTime - now;
  }

  @Override
  public byte[] read(ObjectKey key) {
    byte[] bytes = store.read(key);
    send(bytes.length);
    return bytes;
  }

  @Override
  public byte[] read(ObjectKey key, long offset, int length) {
    send(length);
    return store.read(key, offset, length);
  }

  @Override
  public void download(ObjectKey key, Path target) {
    send(store.size(key).orElse(0L));
    store.download(key, target);
  }

  @Override
  public Created create(ObjectKey key, byte[] bytes) {
    return store.create(key, bytes);
  }

  @Override
  public Created create(ObjectKey key, Path file) {
    return store.create(key, file);
  }

  @Override
  public Optional<Long> size(ObjectKey key) {
    return store.size(key);
  }

  @Override
  public List<ObjectKey> list(String prefix, String after, int limit) {
    return store.list(prefix, after, limit);
  }

  @Override
  public void delete(ObjectKey key) {
    store.delete(key);
  }

  @Override
  public void close() {
    store.close();
  }
}
