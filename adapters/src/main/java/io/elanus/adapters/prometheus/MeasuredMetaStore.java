package io.elanus.adapters.prometheus;

import io.elanus.adapters.prometheus.PortCalls.Operation;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.run.Run;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A metastore whose calls are measured. A commit of unknown outcome counts as failed, one whose conditions
/// did not hold is counted apart. Watches are not measured: they wait.
public final class MeasuredMetaStore implements MetaStore {
  private final MetaStore store;
  private final Operation get;
  private final Operation range;
  private final Operation commit;
  private final Operation lease;
  private final Operation renew;
  private final Counter conflicts;

  /// @param store closed with this
  public MeasuredMetaStore(MetaStore store, Run run, MeterRegistry meters) {
    this.store = store;
    PortCalls calls = new PortCalls(run, meters, "meta");
    this.get = calls.operation("get");
    this.range = calls.operation("range");
    this.commit = calls.operation("commit");
    this.lease = calls.operation("lease");
    this.renew = calls.operation("renew");
    this.conflicts =
        Counter.builder("elanus_meta_conflicts_total")
            .description("Commits whose conditions did not hold")
            .register(meters);
  }

  @Override
  public Optional<MetaEntry> get(String key) {
    return get.time(() -> store.get(key));
  }

  @Override
  public MetaRange range(String prefix) {
    return range.time(() -> store.range(prefix));
  }

  @Override
  public CommitOutcome commit(String requestId, List<Condition> conditions, List<Change> changes) {
    List<Change> own = changes.stream().map(MeasuredMetaStore::unwrapped).toList();
    CommitOutcome outcome = commit.time(() -> store.commit(requestId, conditions, own));
    switch (outcome) {
      case CommitOutcome.Committed _ -> {}
      case CommitOutcome.Conflict _ -> conflicts.increment();
      case CommitOutcome.Unknown _ -> commit.failed(ErrorCode.OUTCOME_UNKNOWN);
    }
    return outcome;
  }

  private static Change unwrapped(Change change) {
    return change instanceof Change.PutLeased(var key, var value, MeasuredLease lease)
        ? new Change.PutLeased(key, value, lease.lease())
        : change;
  }

  @Override
  public MetaWatch watch(String prefix, long after) {
    return store.watch(prefix, after);
  }

  @Override
  public Lease lease(Duration ttl) {
    return new MeasuredLease(lease.time(() -> store.lease(ttl)), renew);
  }

  @Override
  public void close() {
    store.close();
  }

  private record MeasuredLease(Lease lease, Operation renewal) implements Lease {
    @Override
    public boolean renew() {
      return renewal.time(lease::renew);
    }

    @Override
    public Duration ttl() {
      return lease.ttl();
    }

    @Override
    public void close() {
      lease.close();
    }
  }
}
