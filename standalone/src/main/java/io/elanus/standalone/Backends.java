package io.elanus.standalone;

import io.elanus.common.meta.MetaStore;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Run;
import io.elanus.common.wal.Wal;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Consumer;

/// What roles stand on: one metastore, one set of logs, one bucket. Everything a cluster knows is there;
/// processes that open the same backends are the same cluster.
interface Backends extends AutoCloseable {
  MetaStore meta();

  Wal wal();

  ObjectStore objects();

  @Override
  void close();

  /// How a process opens them.
  @FunctionalInterface
  interface Opening {
    /// @param waiting is told what is waited for
    record Context(Run run, MeterRegistry meters, Consumer<String> waiting) {}

    /// May wait until the outside world answers.
    ///
    /// @throws io.elanus.common.error.DbException when waiting would not help
    Backends open(Context context);
  }
}
