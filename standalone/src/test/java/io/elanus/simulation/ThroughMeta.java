package io.elanus.simulation;

import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.CommitOutcome;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.MetaEntry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A way to the metastore that is the given one but for what a plant changes.
class ThroughMeta implements MetaStore {
  private final MetaStore meta;

  ThroughMeta(MetaStore meta) {
    this.meta = meta;
  }

  @Override
  public Optional<MetaEntry> get(String key) {
    return meta.get(key);
  }

  @Override
  public MetaRange range(String prefix) {
    return meta.range(prefix);
  }

  @Override
  public CommitOutcome commit(String requestId, List<Condition> given, List<Change> made) {
    return meta.commit(requestId, given, made);
  }

  @Override
  public MetaWatch watch(String prefix, long after) {
    return meta.watch(prefix, after);
  }

  @Override
  public Lease lease(Duration ttl) {
    return meta.lease(ttl);
  }

  @Override
  public void close() {
    meta.close();
  }
}
