package io.elanus.adapters.prometheus;

import io.elanus.adapters.prometheus.PortCalls.Operation;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Run;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A bucket whose calls are measured, each with all its tries.
public final class MeasuredObjectStore implements ObjectStore {
  private final ObjectStore objects;
  private final Operation create;
  private final Operation read;
  private final Operation download;
  private final Operation size;
  private final Operation list;
  private final Operation delete;

  /// @param objects closed with this
  public MeasuredObjectStore(ObjectStore objects, Run run, MeterRegistry meters) {
    this.objects = objects;
    PortCalls calls = new PortCalls(run, meters, "objects");
    this.create = calls.operation("create");
    this.read = calls.operation("read");
    this.download = calls.operation("download");
    this.size = calls.operation("size");
    this.list = calls.operation("list");
    this.delete = calls.operation("delete");
  }

  @Override
  public Created create(ObjectKey key, byte[] bytes) {
    return create.time(() -> objects.create(key, bytes));
  }

  @Override
  public Created create(ObjectKey key, Path file) {
    return create.time(() -> objects.create(key, file));
  }

  @Override
  public byte[] read(ObjectKey key) {
    return read.time(() -> objects.read(key));
  }

  @Override
  public byte[] read(ObjectKey key, long offset, int length) {
    return read.time(() -> objects.read(key, offset, length));
  }

  @Override
  public void download(ObjectKey key, Path target) {
    download.time(() -> objects.download(key, target));
  }

  @Override
  public Optional<Long> size(ObjectKey key) {
    return size.time(() -> objects.size(key));
  }

  @Override
  public List<ObjectKey> list(String prefix, String after, int limit) {
    return list.time(() -> objects.list(prefix, after, limit));
  }

  @Override
  public void delete(ObjectKey key) {
    delete.time(() -> objects.delete(key));
  }

  @Override
  public void close() {
    objects.close();
  }
}
