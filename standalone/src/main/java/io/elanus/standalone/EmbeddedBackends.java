package io.elanus.standalone;

import io.elanus.common.meta.*;
import io.elanus.common.object.*;
import io.elanus.common.run.Run;
import io.elanus.common.wal.*;
import java.nio.file.Path;

record EmbeddedBackends(MetaStore meta, Wal wal, ObjectStore objects) implements AutoCloseable {
  static EmbeddedBackends open(Run run, Path data) {
    return new EmbeddedBackends(new MemoryMetaStore(run), new MemoryWal(run, 4), new MemoryObjectStore(run));
  }
  @Override
  public void close() {}
}
