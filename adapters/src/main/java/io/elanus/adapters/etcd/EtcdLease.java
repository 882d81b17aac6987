package io.elanus.adapters.etcd;

import io.elanus.common.meta.MetaStore.Lease;
import java.time.Duration;

/// This process's hold on a lease of etcd, which lives at least as long as it promises here: etcd
/// counts in whole seconds, and knows a shortest time.
final class EtcdLease implements Lease {
  private final EtcdMetaStore store;
  private final long id;
  private final Duration ttl;

  EtcdLease(EtcdMetaStore store, long id, Duration ttl) {
    this.store = store;
    this.id = id;
    this.ttl = ttl;
  }

  long id() {
    return id;
  }

  boolean isOf(EtcdMetaStore other) {
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
