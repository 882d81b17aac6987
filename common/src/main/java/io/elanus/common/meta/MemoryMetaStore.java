package io.elanus.common.meta;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Run;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The metastore in memory, for tests and for the simulator.
///
/// One instance is one process's way to the store: `new MemoryMetaStore(run)` makes it, [#on] opens
/// it for another process, with its own faults. Leases are judged by the store's clock.
public final class MemoryMetaStore implements MetaStore {
  /// What goes wrong between one process and the store. Every method may sleep.
  public interface Faults {
    Faults NONE = new Faults() {};

    /// Nothing has happened yet. A throw is a lost request: `Unknown`, and it never takes place.
    default void beforeCommit(String requestId) {}

    /// When present, the commit answers `Unknown` now and takes place, or conflicts, after this
    /// time.
    default Optional<Duration> landsLater(String requestId) {
      return Optional.empty();
    }

    /// The commit was decided. A throw is a lost answer: `Unknown`.
    default void afterCommit(String requestId) {}

    /// Before a get, a range, a poll and the making of a lease; a throw is the answer.
    default void beforeRead(String keyOrPrefix) {}

    /// Before a lease is renewed or closed; a throw (`STORAGE_IO_FAILED`) leaves it as it was.
    default void beforeRenew() {}
  }

  private final Run world;
  private final MemoryMeta state;
  private final Faults faults;
  private volatile boolean closed;

  /// A new, empty store and a way to it without faults.
  ///
  /// @param run of the store: it outlives the processes that use it
  public MemoryMetaStore(Run run) {
    this(run, new MemoryMeta(run), Faults.NONE);
  }

  private MemoryMetaStore(Run world, MemoryMeta state, Faults faults) {
    this.world = world;
    this.state = state;
    this.faults = faults;
  }

  /// The same store as another process sees it. Closing it leaves the store alone.
  public MetaStore on(Faults faults) {
    return new MemoryMetaStore(world, state, faults);
  }

  @Override
  public Optional<MetaEntry> get(String key) {
    MetaLimits.checkKey(key);
    beforeRead(key);
    return state.get(key);
  }

  @Override
  public MetaRange range(String prefix) {
    MetaLimits.checkPrefix(prefix);
    beforeRead(prefix);
    return state.range(prefix);
  }

  @Override
  public CommitOutcome commit(String requestId, List<Condition> conditions, List<Change> changes) {
    MetaLimits.checkCommit(requestId, conditions, changes);
    MetaCommit commit = MetaCommit.of(requestId, conditions, changes);
    state.requireOwnLeases(commit);
    if (closed) {
      return new CommitOutcome.Unknown(MetaLimits.closed());
    }
    try {
      return commitWithFaults(commit);
    } catch (RuntimeException e) {
      return new CommitOutcome.Unknown(e);
    }
  }

  private CommitOutcome commitWithFaults(MetaCommit commit) {
    faults.beforeCommit(commit.requestId());
    Optional<Duration> delay = faults.landsLater(commit.requestId());
    if (delay.isPresent()) {
      world.fork("late commit", () -> commitLate(commit, delay.get()));
      throw ErrorCode.STORAGE_IO_FAILED.because("commit %s: no answer", commit.requestId());
    }
    CommitOutcome outcome = state.commit(commit);
    faults.afterCommit(commit.requestId());
    return outcome;
  }

  private CommitOutcome commitLate(MetaCommit commit, Duration delay) {
    world.sleep(delay);
    return state.commit(commit);
  }

  @Override
  public MetaWatch watch(String prefix, long after) {
    MetaLimits.checkPrefix(prefix);
    beforeRead(prefix);
    return new MemoryWatch(this, state, prefix, after);
  }

  @Override
  public Lease lease(Duration ttl) {
    MetaLimits.checkTtl(ttl);
    beforeRead("lease");
    return new MemoryLease(this, state, state.newLease(ttl), ttl);
  }

  /// Makes the store forget its changes up to `revision`: a watcher further behind has to read
  /// anew.
  public void compact(long revision) {
    state.compact(revision);
  }

  void beforeRead(String keyOrPrefix) {
    if (closed) {
      throw MetaLimits.closed();
    }
    faults.beforeRead(keyOrPrefix);
  }

  void beforeRenew() {
    if (closed) {
      throw MetaLimits.closed();
    }
    faults.beforeRenew();
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    state.wake();
  }
}
