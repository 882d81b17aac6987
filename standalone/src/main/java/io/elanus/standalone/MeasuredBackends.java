package io.elanus.standalone;

import io.elanus.adapters.prometheus.MeasuredMetaStore;
import io.elanus.adapters.prometheus.MeasuredObjectStore;
import io.elanus.adapters.prometheus.MeasuredWal;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Run;
import io.elanus.common.wal.Wal;
import io.micrometer.core.instrument.MeterRegistry;

/// Backends whose calls are measured, whatever stands behind them.
record MeasuredBackends(MetaStore meta, Wal wal, ObjectStore objects, Backends opened)
    implements Backends {
  /// @param opened closed with this
  MeasuredBackends(Backends opened, Run run, MeterRegistry meters) {
    this(
        new MeasuredMetaStore(opened.meta(), run, meters),
        new MeasuredWal(opened.wal(), run, meters),
        new MeasuredObjectStore(opened.objects(), run, meters),
        opened);
  }

  @Override
  public void close() {
    opened.close();
  }
}
