package io.elanus.datacoord;

import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;

/// Jobs of one kind that wait for a worker, and jobs workers hold. Kept in memory only: what is to be done is
/// planned anew by every leader, and a worker whose job is unknown stops.
///
/// ```
///  waiting ── acquire ──> held ── finish ──────────> settling ── seen in the manifest ──> (gone)
///     ^                    │ lease ran out, failed,     │ not seen in time
///     │                    │ given back                 │
///     └────────────────────┴────────────────────────────┘
/// ```
///
/// @param <J> what is to be done; equal ones are the same job
final class JobBoard<J extends JobBoard.Work> {
  /// Something to be done to a shard.
  interface Work {
    ShardId shard();
  }

  /// A job as its worker sees it.
  record Assigned<J>(long jobId, J work, ObjectKey manifest) {}

  private sealed interface State {
    /// @param from not handed out before, on the clock of the run
    record Waiting(Deadline from) implements State {}

    record Held(long jobId, NodeId worker, Deadline until) implements State {}

    /// The worker says it is done; the manifest does not yet.
    record Settling(Deadline until) implements State {}
  }

  /// @param failure why it failed last; empty when it did not
  private record Job(ObjectKey manifest, State state, int failures, String failure) {
    Job with(State next) {
      return new Job(manifest, next, failures, failure);
    }

    Job of(ObjectKey newer) {
      return new Job(newer, state, failures, failure);
    }
  }

  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5));

  private final Run run;
  private final Duration lease;
  private final Gate gate;

  // guarded by gate, oldest first
  private final Map<J, Job> jobs = new LinkedHashMap<>();

  /// Ids of held jobs that nobody wants any more, and until when their workers are heard: a manifest often shows what
  /// a worker did before it can say so.
  private final Map<Long, Deadline> overtaken = new HashMap<>();

  private boolean closed;
  private long done;
  private long failed;
  private long givenBack;
  private long expired;

  JobBoard(Run run, Duration lease) {
    this.run = run;
    this.lease = lease;
    this.gate = run.gate();
  }

  /// This is to be done to the shard as its newest manifest has it, and nothing else.
  void put(ShardId shard, ObjectKey manifest, List<J> wanted) {
    Set<J> all = new HashSet<>(wanted);
    gate.change(() -> {
      forget(work -> work.shard().equals(shard) && !all.contains(work));
      for (J work : wanted) {
        jobs.compute(work, (_, job) -> job == null ? fresh(manifest) : job.of(manifest));
      }
    });
  }

  /// The shard is gone.
  void remove(ShardId shard) {
    gate.change(() -> forget(work -> work.shard().equals(shard)));
  }

  private void forget(Predicate<J> which) {
    overtaken.values().removeIf(until -> until.hasPassed(run));
    jobs.forEach((work, job) -> {
      if (which.test(work) && job.state() instanceof State.Held held) {
        overtaken.put(held.jobId(), Deadline.after(run, lease));
      }
    });
    jobs.keySet().removeIf(which);
  }

  /// Blocks until there is work. @return false when `deadline` passed first, or the board was closed
  boolean awaitWork(Deadline deadline) {
    while (true) {
      Deadline next = deadline.orEarlier(gate.read(this::nextChange));
      gate.await(() -> closed || next().isPresent(), next);
      if (gate.read(() -> closed)) {
        return false;
      }
      if (gate.read(() -> next().isPresent())) {
        return true;
      }
      if (deadline.hasPassed(run)) {
        return false;
      }
    }
  }

  /// Hands the oldest waiting job to `worker`, under an id that was never used before.
  Optional<Assigned<J>> acquire(NodeId worker, long jobId) {
    return gate.change(() -> next().map(job -> hold(job, worker, jobId)));
  }

  /// @return false when the job is no longer the worker's
  boolean renew(long jobId, NodeId worker) {
    return gate.change(() -> {
      Optional<J> work = heldBy(jobId, worker);
      State held = new State.Held(jobId, worker, Deadline.after(run, lease));
      work.ifPresent(key -> jobs.computeIfPresent(key, (_, job) -> job.with(held)));
      return work.isPresent();
    });
  }

  /// @param failure empty on success
  /// @return what was to be done, when it was the worker's job still
  Optional<J> finish(long jobId, NodeId worker, String failure) {
    return gate.change(() -> {
      Optional<J> work = heldBy(jobId, worker);
      boolean wasOvertaken = overtaken.remove(jobId) != null;
      done += wasOvertaken && failure.isEmpty() ? 1 : 0;
      work.ifPresent(key ->
          jobs.computeIfPresent(
              key, (_, job) -> failure.isEmpty() ? settling(job) : failed(job, failure)));
      return work;
    });
  }

  /// What workers do to the shard, or have done so that the manifest does not show it yet.
  List<J> begun(ShardId shard) {
    return gate.read(() ->
        jobs.entrySet().stream()
            .filter(e -> e.getKey().shard().equals(shard))
            .filter(e -> !(e.getValue().state() instanceof State.Waiting))
            .map(Map.Entry::getKey)
            .toList());
  }

  /// The smallest id of a job that a worker holds.
  OptionalLong oldestHeld() {
    return gate.read(() ->
        jobs.values().stream()
            .map(Job::state)
            .filter(State.Held.class::isInstance)
            .mapToLong(state -> ((State.Held) state).jobId())
            .min());
  }

  /// The worker leaves before it is done: the job waits for the next one at once.
  void giveBack(long jobId, NodeId worker) {
    gate.change(() ->
        heldBy(jobId, worker)
            .ifPresent(work -> {
              givenBack++;
              jobs.computeIfPresent(work, (_, job) -> job.with(waiting()));
            }));
  }

  /// As they are now, and what became of those that were.
  JobCounts counts() {
    return gate.read(
        () -> new JobCounts(waitingCount(), runningCount(), done, failed, givenBack, expired));
  }

  private int waitingCount() {
    return (int)
        jobs.values().stream()
            .filter(job -> !(job.state() instanceof State.Settling))
            .filter(job -> availableFrom(job).hasPassed(run))
            .count();
  }

  private int runningCount() {
    return (int)
        jobs.values().stream()
            .filter(job -> job.state() instanceof State.Held)
            .filter(job -> !availableFrom(job).hasPassed(run))
            .count();
  }

  /// Why a job of these failed last, if one waits for its next try.
  Optional<String> failure(Predicate<J> which) {
    return gate.read(() ->
        jobs.entrySet().stream()
            .filter(e -> which.test(e.getKey()))
            .map(e -> e.getValue().failure())
            .filter(failure -> !failure.isEmpty())
            .findFirst());
  }

  /// How often in a row the job failed.
  int failures(J work) {
    return gate.read(() -> Optional.ofNullable(jobs.get(work)).map(Job::failures).orElse(0));
  }

  void close() {
    gate.change(() -> closed = true);
  }

  private Assigned<J> hold(Map.Entry<J, Job> entry, NodeId worker, long jobId) {
    Job job = entry.getValue();
    expired += job.state() instanceof State.Held ? 1 : 0;
    entry.setValue(job.with(new State.Held(jobId, worker, Deadline.after(run, lease))));
    return new Assigned<>(jobId, entry.getKey(), job.manifest());
  }

  private Job fresh(ObjectKey manifest) {
    return new Job(manifest, waiting(), 0, "");
  }

  private State waiting() {
    return new State.Waiting(new Deadline(run.nanoTime()));
  }

  private Job settling(Job job) {
    done++;
    return new Job(job.manifest(), new State.Settling(Deadline.after(run, lease)), 0, "");
  }

  private Job failed(Job job, String failure) {
    failed++;
    int failures = job.failures() + 1;
    Deadline from = Deadline.after(run, BACKOFF.pause(failures, run.random()));
    return new Job(job.manifest(), new State.Waiting(from), failures, failure);
  }

  private Optional<Map.Entry<J, Job>> next() {
    return jobs.entrySet().stream()
        .filter(e -> availableFrom(e.getValue()).hasPassed(run))
        .findFirst();
  }

  private Deadline nextChange() {
    return jobs.values().stream()
        .map(JobBoard::availableFrom)
        .reduce(Deadline.NEVER, Deadline::orEarlier);
  }

  private static Deadline availableFrom(Job job) {
    return switch (job.state()) {
      case State.Waiting(var from) -> from;
      case State.Held(_, _, var until) -> until;
      case State.Settling(var until) -> until;
    };
  }

  private Optional<J> heldBy(long jobId, NodeId worker) {
    return jobs.entrySet().stream()
        .filter(e ->
            e.getValue().state() instanceof State.Held held
                && held.jobId() == jobId
                && held.worker().equals(worker))
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
