package io.elanus.common.meta;

import io.elanus.common.error.DbException;
import io.elanus.common.meta.MetaStore.Lease;
import java.time.Duration;

/// One process's hold on a lease of the store in memory.
final class MemoryLease implements Lease {
  private final MemoryMeta state;
  private final MemoryMetaStore.Faults faults;
  private final long id;
  private final Duration ttl;

  MemoryLease(MemoryMeta state, MemoryMetaStore.Faults faults, long id, Duration ttl) {
    this.state = state;
    this.faults = faults;
    this.id = id;
    this.ttl = ttl;
  }

  long id() {
    return id;
  }

  boolean isOf(MemoryMeta other) {
    return state == other;
  }

  @Override
  public Duration ttl() {
    return ttl;
  }

  @Override
  public boolean renew() {
    faults.beforeRenew();
    return state.renew(id);
  }

  @Override
  public void close() {
    try {
      faults.beforeRenew();
    } catch (DbException _) {
      return; // out of reach: the lease ends in time
    }
    state.endLease(id);
  }
}
