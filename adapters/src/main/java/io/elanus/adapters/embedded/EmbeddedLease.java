package io.elanus.adapters.embedded;

import io.elanus.common.meta.MetaStore.Lease;
import io.elanus.common.run.Deadline;
import java.time.Duration;

/// A lease of the embedded metastore. Its state is guarded by the store's gate and dies with the process:
/// nobody else can hold one.
final class EmbeddedLease implements Lease {
  private final EmbeddedMetaStore store;
  private final long id;
  private final Duration ttl;

  // guarded by the store's gate
  private Deadline end;
  private boolean ended;

  EmbeddedLease(EmbeddedMetaStore store, long id, Duration ttl, Deadline end) {
    this.store = store;
    this.id = id;
    this.ttl = ttl;
    this.end = end;
  }

  long id() {
    return id;
  }

  boolean isOf(EmbeddedMetaStore other) {
    return store == other;
  }

  Deadline end() {
    return end;
  }

  boolean hasEnded() {
    return ended;
  }

  /// @return false when it has ended
  boolean extend(Deadline newEnd) {
    end = ended ? end : newEnd;
    return !ended;
  }

  /// From here on no commit under the lease succeeds; its entries are then removed.
  void finish() {
    ended = true;
  }

  @Override
  public Duration ttl() {
    return ttl;
  }

  @Override
  public boolean renew() {
    return store.renew(this);
  }

  @Override
  public void close() {
    store.end(this);
  }
}
