package io.elanus.querynode;

import io.elanus.common.model.NodeId;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.SimulatedProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// A node's way to the bucket, which takes its time.
final class SlowBucket implements ObjectStore {
  private final ServingWorld world;
  private final SimulatedProcess process;
  private final NodeId node;
  private final ObjectStore store;

  SlowBucket(ServingWorld world, SimulatedProcess process, NodeId node) {
    this.world = world;
    this.store = world.objects.on(MemoryObjectStore.Faults.NONE);
    this.process = process;
    this.node = node;
  }

  private void travel() {
    process.sleep(Duration.ofMillis(world.random.nextInt(1, 30)));
  }

  @Override
  public byte[] read(ObjectKey key) {
    travel();
    return store.read(key);
  }

  @Override
  public byte[] read(ObjectKey key, long offset, int length) {
    travel();
    world.rangedReads++;
    world.rangedBytes += length;
    byte[] bytes = store.read(key, offset, length);
    if (world.damagedRanges) {
      bytes[world.random.nextInt(bytes.length)] ^= 1;
    }
    return bytes;
  }

  @Override
  public void download(ObjectKey key, Path target) {
    travel();
    process.sleep(world.downloadTime);
    if (world.stalls.containsKey(node)
        && key.value()
            .startsWith(ObjectLayout.prefix(Objects.requireNonNull(world.stalls.get(node))))) {
      // not to be canceled
      world.world.fork("stall", () -> world.world.sleep(world.stallTime)).awaitEnd();
    }
    store.download(key, target);
  }

  @Override
  public Created create(ObjectKey key, byte[] bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Created create(ObjectKey key, Path file) {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    store.close();
  }
}
