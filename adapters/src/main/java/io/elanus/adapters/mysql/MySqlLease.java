package io.elanus.adapters.mysql;

import io.elanus.common.meta.MetaStore.Lease;
import java.time.Duration;

/// This process's hold on a row of the leases.
final class MySqlLease implements Lease {
  private final MySqlMetaStore store;
  private final long id;
  private final Duration ttl;

  MySqlLease(MySqlMetaStore store, long id, Duration ttl) {
    this.store = store;
    this.id = id;
    this.ttl = ttl;
  }

  long id() {
    return id;
  }

  boolean isOf(MySqlMetaStore other) {
    return store == other;
  }

  @Override
  public Duration ttl() {
    return ttl;
  }

  @Override
  public boolean renew() {
    return store.renew(id);
  }

  @Override
  public void close() {
    store.end(id);
  }
}
