package io.elanus.standalone;

import io.elanus.adapters.embedded.EmbeddedBackends;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Run;
import io.elanus.common.wal.Wal;
import java.nio.file.Path;

/// Everything in one folder, which belongs to this process.
record EmbeddedDisk(EmbeddedBackends stores) implements Backends {
  static Backends open(Run run, Path folder) {
    return new EmbeddedDisk(EmbeddedBackends.open(run, folder));
  }

  @Override
  public MetaStore meta() {
    return stores.meta();
  }

  @Override
  public Wal wal() {
    return stores.wal();
  }

  @Override
  public ObjectStore objects() {
    return stores.objects();
  }

  @Override
  public void close() {
    stores.close();
  }
}
