package io.elanus.common.meta;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.Lease;
import io.elanus.common.meta.MetaStore.MetaRange;
import io.elanus.common.meta.MetaStore.MetaWatch;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Task;
import io.elanus.common.run.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs for a role for as long as the process lives, and leads it one term after the other.
///
/// ```
///  campaign ── elected ──> start a term ──> lead ── lost ──> close the term ──┐
///     ^                                                                       │
///     └───────────────────────────────────────────────────────────────────────┘
/// ```
///
/// A term is all a leader knows: made anew from the store, thrown away when the role is lost, so that
/// a takeover and a restart are the same code. While another node leads, this one waits for a change
/// of the election key and asks the store nothing.
///
/// @param <T> the term
public final class Election<T extends AutoCloseable> implements AutoCloseable {
  /// @param value of the election key: how others find the leader
  public record Candidate(String role, byte[] value, Duration ttl) {}

  /// Makes a term from what the store says. May throw: then the role is given up and sought again.
  @FunctionalInterface
  public interface TermStart<T> {
    T start(Leadership leadership);
  }

  private static final Logger log = LoggerFactory.getLogger(Election.class);
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(5));

  private final Run run;
  private final MetaStore store;
  private final Candidate candidate;
  private final TermStart<T> start;
  private final String key;
  private final Gate gate;
  private final Task task;

  // guarded by gate
  private boolean closed;
  private boolean campaigning;
  private @Nullable Lease lease;
  private @Nullable Leadership leadership;
  private @Nullable T term;

  private Election(Run run, MetaStore store, Candidate candidate, TermStart<T> start) {
    this.run = run;
    this.store = store;
    this.candidate = candidate;
    this.start = start;
    this.key = MetaKeys.election(candidate.role());
    this.gate = run.gate();
    this.task = run.fork("election " + candidate.role(), this::runForRole);
  }

  public static <T extends AutoCloseable> Election<T> start(
      Run run, MetaStore store, Candidate candidate, TermStart<T> start) {
    return new Election<>(run, store, candidate, start);
  }

  /// The term this node leads now.
  ///
  /// @throws DbException `LEADERSHIP_LOST` when it does not lead
  public T term() {
    return findTerm()
        .orElseThrow(() ->
            ErrorCode.LEADERSHIP_LOST.because("this node does not lead %s", candidate.role()));
  }

  /// As [#term]; empty when this node does not lead.
  public Optional<T> findTerm() {
    return gate.read(() -> Optional.ofNullable(term));
  }

  public boolean isLeading() {
    return gate.read(() -> term != null);
  }

  /// Waits until this node leads. @return false when `deadline` passed first
  public boolean awaitLeading(Deadline deadline) {
    return gate.await(() -> term != null, deadline);
  }

  /// Gives the role up at once, so that another node need not wait for the lease.
  @Override
  public void close() {
    Optional<Leadership> led =
        gate.change(() -> {
          closed = true;
          return Optional.ofNullable(leadership);
        });
    led.ifPresent(Leadership::resign);
    if (gate.read(() -> campaigning)) {
      task.cancel();
    }
    task.awaitEnd();
    endLease();
  }

  private void runForRole() {
    int failures = 0;
    while (!isClosed()) {
      try {
        lead(campaign());
        failures = 0;
      } catch (RuntimeException e) {
        failures++;
        pause(failures, e);
      }
    }
  }

  private void pause(int failures, RuntimeException error) {
    if (isClosed()) {
      return;
    }
    log.warn("term failed role={} failures={}", candidate.role(), failures, error);
    endLease();
    gate.await(() -> closed, Deadline.after(run, BACKOFF.pause(failures, run.random())));
  }

  private boolean isClosed() {
    return gate.read(() -> closed);
  }

  /// Blocks until this node is elected.
  private Leadership campaign() {
    gate.change(() -> campaigning = true);
    try {
      return elected();
    } finally {
      gate.change(() -> campaigning = false);
    }
  }

  private Leadership elected() {
    Incarnation incarnation = Incarnation.require(run, store);
    while (true) {
      awaitVacancy();
      long sentAt = run.nanoTime();
      Lease fresh = newLease();
      Commit claim =
          new Commit(
              "elect/%s/%016x".formatted(candidate.role(), run.random().nextLong()),
              List.of(new Condition.Absent(key)),
              List.of(new Change.PutLeased(key, candidate.value(), fresh)));
      var revision = claim.settle(run, store);
      if (revision.isPresent()) {
        long heldUntil = sentAt + candidate.ttl().toNanos();
        return new Leadership(run, store, key, revision.getAsLong(), incarnation, heldUntil);
      }
      endLease();
    }
  }

  private void awaitVacancy() {
    MetaRange range = store.range(key);
    if (range.entries().stream().noneMatch(entry -> entry.key().equals(key))) {
      return;
    }
    try (MetaWatch watch = store.watch(key, range.revision())) {
      boolean vacant = false;
      while (!vacant) {
        vacant =
            watch.poll(Deadline.NEVER).stream()
                .anyMatch(event -> event.key().equals(key) && event.value().isEmpty());
      }
    }
  }

  private Lease newLease() {
    Lease fresh = store.lease(candidate.ttl());
    gate.change(() -> lease = fresh);
    return fresh;
  }

  private void endLease() {
    Optional<Lease> open =
        gate.change(() -> {
          Optional<Lease> held = Optional.ofNullable(lease);
          lease = null;
          return held;
        });
    open.ifPresent(Lease::close);
  }

  private void lead(Leadership won) {
    Optional<Lease> held =
        gate.change(() -> {
          leadership = won;
          return closed ? Optional.empty() : Optional.ofNullable(lease);
        });
    if (held.isEmpty()) {
      return;
    }
    try (Ticker _ = won.renewing(held.get())) {
      serve(won);
    } finally {
      gate.change(() -> leadership = null);
    }
    endLease();
  }

  private void serve(Leadership won) {
    T started = start.start(won);
    try {
      gate.change(() -> term = started);
      log.info("leading role={} term={}", candidate.role(), won.revision());
      String reason = won.awaitEnd();
      log.info("stopped leading role={} term={}: {}", candidate.role(), won.revision(), reason);
    } finally {
      gate.change(() -> term = null);
      closeTerm(started);
    }
  }

  private void closeTerm(T started) {
    try {
      started.close();
    } catch (Exception e) {
      log.warn("term did not close cleanly role={}", candidate.role(), e);
    }
  }
}
