package io.elanus.adapters.embedded;

import io.elanus.common.meta.MetaStore;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Closer;
import io.elanus.common.run.Run;
import io.elanus.common.wal.Wal;
import java.nio.file.Path;

/// All three ports under one data directory, which belongs to this process while they are open.
///
/// ```
/// <data>/LOCK       who uses the directory
/// <data>/log/       EmbeddedWal
/// <data>/objects/   EmbeddedObjectStore
/// <data>/meta.db    EmbeddedMetaStore
/// ```
public final class EmbeddedBackends implements AutoCloseable {
  private final Closer closer;
  private final Wal wal;
  private final ObjectStore objects;
  private final MetaStore meta;

  private EmbeddedBackends(Closer closer, Run run, Path data, EmbeddedWalConfig config) {
    this.closer = closer;
    closer.add(DirectoryLock.take(run, data));
    wal = closer.add(EmbeddedWal.open(run, data.resolve("log"), config));
    objects = closer.add(EmbeddedObjectStore.open(run, data.resolve("objects")));
    meta = closer.add(EmbeddedMetaStore.open(run, data.resolve("meta.db")));
  }

  public static EmbeddedBackends open(Run run, Path data) {
    return open(run, data, EmbeddedWalConfig.DEFAULT);
  }

  /// Opens what is in `data`, and makes what is missing.
  ///
  /// @throws io.elanus.common.error.DbException when the directory is in use, damaged or not usable
  public static EmbeddedBackends open(Run run, Path data, EmbeddedWalConfig config) {
    Closer closer = new Closer();
    try {
      return new EmbeddedBackends(closer, run, data, config);
    } catch (RuntimeException | Error e) {
      closer.close();
      throw e;
    }
  }

  public Wal wal() {
    return wal;
  }

  public ObjectStore objects() {
    return objects;
  }

  public MetaStore meta() {
    return meta;
  }

  @Override
  public void close() {
    closer.close();
  }
}
