package io.elanus.datacoord;

import io.elanus.common.model.IndexId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Jobs that wait for a worker, and jobs workers hold. Kept in memory only: what is missing is planned
/// anew by every leader, and a worker whose job is unknown stops.
///
/// ```
///  waiting ── acquire ──> held ── finish ──────────> settling ── seen in the manifest ──> (gone)
///     ^                    │ lease ran out, failed      │ not seen in time
///     └────────────────────┴────────────────────────────┘
/// ```
final class JobBoard {
  /// A job as its worker sees it.
  record Assigned(long jobId, IndexPlan.Missing file, ObjectKey manifest) {}

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
  private final Map<IndexPlan.Missing, Job> jobs = new LinkedHashMap<>();
  private boolean closed;

  JobBoard(Run run, Duration lease) {
    this.run = run;
    this.lease = lease;
    this.gate = run.gate();
  }

  /// These files of the shard are missing from its newest manifest, and no others.
  void put(ShardId shard, ObjectKey manifest, List<IndexPlan.Missing> missing) {
    Set<IndexPlan.Missing> wanted = new HashSet<>(missing);
    gate.change(() -> {
      jobs.keySet().removeIf(file -> file.shard().equals(shard) && !wanted.contains(file));
      for (IndexPlan.Missing file : missing) {
        jobs.compute(file, (_, job) -> job == null ? fresh(manifest) : job.of(manifest));
      }
    });
  }

  /// The shard is gone.
  void remove(ShardId shard) {
    gate.change(() -> jobs.keySet().removeIf(file -> file.shard().equals(shard)));
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
  Optional<Assigned> acquire(NodeId worker, long jobId) {
    return gate.change(() -> next().map(job -> hold(job, worker, jobId)));
  }

  /// @return false when the job is no longer the worker's
  boolean renew(long jobId, NodeId worker) {
    return gate.change(() -> {
      Optional<IndexPlan.Missing> file = heldBy(jobId, worker);
      State held = new State.Held(jobId, worker, Deadline.after(run, lease));
      file.ifPresent(key -> jobs.computeIfPresent(key, (_, job) -> job.with(held)));
      return file.isPresent();
    });
  }

  /// @param failure empty on success
  void finish(long jobId, NodeId worker, String failure) {
    gate.change(() ->
        heldBy(jobId, worker)
            .ifPresent(file ->
                jobs.computeIfPresent(
                    file, (_, job) -> failure.isEmpty() ? settling(job) : failed(job, failure))));
  }

  /// Why a build of the index failed last, if one waits for its next try.
  Optional<String> failure(IndexId index) {
    return gate.read(() ->
        jobs.entrySet().stream()
            .filter(e -> e.getKey().index().equals(index))
            .map(e -> e.getValue().failure())
            .filter(failure -> !failure.isEmpty())
            .findFirst());
  }

  void close() {
    gate.change(() -> closed = true);
  }

  private Assigned hold(Map.Entry<IndexPlan.Missing, Job> entry, NodeId worker, long jobId) {
    Job job = entry.getValue();
    entry.setValue(job.with(new State.Held(jobId, worker, Deadline.after(run, lease))));
    return new Assigned(jobId, entry.getKey(), job.manifest());
  }

  private Job fresh(ObjectKey manifest) {
    return new Job(manifest, new State.Waiting(new Deadline(run.nanoTime())), 0, "");
  }

  private Job settling(Job job) {
    return new Job(job.manifest(), new State.Settling(Deadline.after(run, lease)), 0, "");
  }

  private Job failed(Job job, String failure) {
    int failures = job.failures() + 1;
    Deadline from = Deadline.after(run, BACKOFF.pause(failures, run.random()));
    return new Job(job.manifest(), new State.Waiting(from), failures, failure);
  }

  private Optional<Map.Entry<IndexPlan.Missing, Job>> next() {
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

  private Optional<IndexPlan.Missing> heldBy(long jobId, NodeId worker) {
    return jobs.entrySet().stream()
        .filter(e ->
            e.getValue().state() instanceof State.Held held
                && held.jobId() == jobId
                && held.worker().equals(worker))
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
