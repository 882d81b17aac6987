package io.elanus.common.meta;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.Lease;
import io.elanus.common.run.Coalescer;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Ticker;
import java.util.List;
import java.util.Optional;

/// One node's hold on a role, from its election to its loss. It is never regained: whoever is elected
/// again has another one.
///
/// Three ways to rely on it, by what is at stake:
/// - [#guard] in a commit: the commit takes place only while the role is held. Nothing else proves that.
/// - [#confirm] before an answer from memory: nobody else was elected before the call.
/// - [#isHeld] before work that is only wasted when the role is lost: the lease, counted from before
///   its renewal was sent, has not run out on this machine's clock.
///
/// Made and closed by [Election].
public final class Leadership {
  private final Run run;
  private final MetaStore store;
  private final String key;
  private final long revision;
  private final Incarnation incarnation;
  private final Coalescer<Long, Boolean> confirmations;
  private final Gate gate;

  // guarded by gate
  private long heldUntil;
  private Optional<String> lostBecause = Optional.empty();
  private boolean resigned;

  /// @param revision of the election key's entry, which is this leadership's name
  Leadership(
      Run run,
      MetaStore store,
      String key,
      long revision,
      Incarnation incarnation,
      long heldUntil) {
    this.run = run;
    this.store = store;
    this.key = key;
    this.revision = revision;
    this.incarnation = incarnation;
    this.heldUntil = heldUntil;
    this.confirmations = Coalescer.shared(run, "confirm " + key, this::confirmAll);
    this.gate = run.gate();
  }

  /// Grows from one leader of the role to the next.
  public long revision() {
    return revision;
  }

  public Incarnation incarnation() {
    return incarnation;
  }

  /// Holds as long as nobody else can have been elected, in this life of the cluster.
  public List<Condition> guard() {
    return List.of(new Condition.RevisionIs(key, revision), incarnation.unchanged());
  }

  /// Reads the election key once for all callers that wait, after each of them arrived.
  ///
  /// @throws DbException `LEADERSHIP_LOST`; `STORAGE_IO_FAILED` when the store cannot be asked
  public void confirm(Deadline deadline) {
    check();
    confirmations.join(revision, deadline);
  }

  /// As [#confirm] with a read of its own: for a caller that speaks for many already.
  public void confirmNow() {
    check();
    if (store.get(key).filter(entry -> entry.revision() == revision).isEmpty()) {
      lose("another node was elected");
    }
    check();
  }

  public boolean isHeld() {
    return gate.read(() -> lostBecause.isEmpty() && run.nanoTime() - heldUntil < 0);
  }

  /// @throws DbException `LEADERSHIP_LOST`
  public void check() {
    if (!isHeld()) {
      throw lost();
    }
  }

  /// Gives the role up. The first reason counts.
  public void lose(String reason) {
    gate.change(() -> lostBecause = lostBecause.or(() -> Optional.of(reason)));
  }

  /// Makes [#awaitEnd] return while the role is still held, so that the term ends in good order.
  void resign() {
    gate.change(() -> resigned = true);
  }

  public DbException lost() {
    String reason = gate.read(() -> lostBecause.orElse("the lease ran out"));
    return ErrorCode.LEADERSHIP_LOST.because("leadership lost: %s: %s", key, reason);
  }

  /// Blocks until the role is lost, its lease has run out, or it is resigned.
  ///
  /// @return why
  String awaitEnd() {
    while (isHeld() && !gate.read(() -> resigned)) {
      Deadline lease = new Deadline(gate.read(() -> heldUntil));
      gate.await(() -> resigned || lostBecause.isPresent(), lease);
    }
    if (isHeld()) {
      return "resigned";
    }
    lose("the lease ran out");
    return gate.read(lostBecause::orElseThrow);
  }

  /// Renews `lease` well within its time to live until closed.
  Ticker renewing(Lease lease) {
    return Ticker.start(run, "renew " + key, lease.ttl().dividedBy(3), () -> renew(lease));
  }

  private boolean confirmAll(List<Long> callers) {
    confirmNow();
    return true;
  }

  private void renew(Lease lease) {
    long sentAt = run.nanoTime();
    if (!isHeld()) {
      return;
    }
    if (lease.renew()) {
      gate.change(() -> heldUntil = sentAt + lease.ttl().toNanos());
    } else {
      lose("the lease expired");
    }
  }
}
