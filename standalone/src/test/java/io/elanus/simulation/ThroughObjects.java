package io.elanus.simulation;

import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectStore;
import java.util.List;
import java.util.Optional;

/// A way to the bucket that is the given one but for what a plant changes.
class ThroughObjects implements ObjectStore {
  private final ObjectStore objects;

  ThroughObjects(ObjectStore objects) {
    this.objects = objects;
  }

  @Override
  public Created create(ObjectKey key, byte[] bytes) {
    return objects.create(key, bytes);
  }

  @Override
  public Created create(ObjectKey key, java.nio.file.Path file) {
    return objects.create(key, file);
  }

  @Override
  public byte[] read(ObjectKey key) {
    return objects.read(key);
  }

  @Override
  public byte[] read(ObjectKey key, long offset, int length) {
    return objects.read(key, offset, length);
  }

  @Override
  public void download(ObjectKey key, java.nio.file.Path target) {
    objects.download(key, target);
  }

  @Override
  public Optional<Long> size(ObjectKey key) {
    return objects.size(key);
  }

  @Override
  public List<ObjectKey> list(String prefix, String after, int limit) {
    return objects.list(prefix, after, limit);
  }

  @Override
  public void delete(ObjectKey key) {
    objects.delete(key);
  }

  @Override
  public void close() {
    objects.close();
  }
}
