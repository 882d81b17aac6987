package io.elanus.common.meta;

import io.elanus.common.error.DbException;
import io.elanus.common.meta.MetaStore.Lease;
import java.time.Duration;

/// One process's hold on a lease of the store in memory.
final class MemoryLease implements Lease {
  private final MemoryMetaStore store;
  private final MemoryMeta state;
  private final long id;
  private final Duration ttl;

  MemoryLease(MemoryMetaStore store, MemoryMeta state, long id, Duration ttl) {
    this.store = store;
    this.state = state;
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
    store.beforeRenew();
    return state.renew(id);
  }

  @Override
  public void close() {
    try {
      store.beforeRenew();
    } catch (DbException _) {
      return; // out of reach: the lease ends in time
    }
    state.endLease(id);
  }
}
