package io.elanus.querynode;

import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.Watcher;
import io.elanus.common.run.Run;
import java.util.List;

/// Follows the `pointer/` keys: tells of new manifests.
final class Pointers implements AutoCloseable {
  private final Leaders leaders;
  private final Holdings holdings;
  private final Watcher watcher;

  Pointers(Run run, MetaStore meta, Leaders leaders, Holdings holdings) {
    this.leaders = leaders;
    this.holdings = holdings;
    this.watcher = Watcher.start(run, meta, MetaKeys.POINTERS, new Following());
  }

  @Override
  public void close() {
    watcher.close();
  }

  private final class Following implements Watcher.Listener {
    @Override
    public void listed(List<MetaEntry> entries) {
      leaders.manifestsChanged();
      holdings.manifestsChanged();
    }

    @Override
    public void changed(List<MetaEvent> events) {
      for (MetaEvent event : events) {
        event
            .value()
            .map(value -> ShardPointerCodec.decode(value).shard())
            .ifPresent(shard -> {
              leaders.manifestChanged(shard);
              holdings.manifestChanged(shard);
            });
      }
    }
  }
}
