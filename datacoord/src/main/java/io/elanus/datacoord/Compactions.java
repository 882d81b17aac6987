package io.elanus.datacoord;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.datacoord.CompactionNote.Wanted;
import io.elanus.datacoord.CompactionPlan.Demand;
import io.elanus.datacoord.CompactionPlan.Task;
import io.elanus.proto.internal.CompactionProgressResponse;
import io.elanus.proto.internal.CompactionResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Compactions of one term: the board of their jobs, kept up to the newest manifests and to what was asked
/// for by hand, and what became of that.
///
/// What was asked for is committed, so the next leader goes on with it; what became of it is known for as
/// long as this term lasts.
final class Compactions {
  /// Results of compactions that are over; a kilobyte each.
  private static final int MAX_RESULTS = 1_000;

  private static final long MIB = 1L << 20;

  private final CompactionPlan plan;
  private final ShardManifests manifests;
  private final Supplier<DataState> state;
  private final JobBoard<Task> board;
  private final Gate gate;

  // guarded by gate; the newest are kept
  private final Map<Task, Long> outcomes = new LinkedHashMap<>();
  private final Map<Long, CompactionNote> closed = new LinkedHashMap<>();

  Compactions(
      Run run,
      CompactionLimits limits,
      Duration lease,
      ShardManifests manifests,
      Supplier<DataState> state) {
    this.plan = new CompactionPlan(limits);
    this.manifests = manifests;
    this.state = state;
    this.board = new JobBoard<>(run, lease);
    this.gate = run.gate();
  }

  JobBoard<Task> board() {
    return board;
  }

  /// The newest manifest of a shard says what is to be done now.
  ///
  /// @param automatic whether the collection lets anything be done that nobody asked for
  void plan(Manifest newest, ObjectKey key, boolean automatic) {
    ShardId shard = newest.shard();
    Set<Task> fixed = new LinkedHashSet<>(board.begun(shard));
    asked(shard.collection())
        .filter(one -> one.task().shard().equals(shard) && one.isPending(newest))
        .forEach(one -> fixed.add(one.task()));
    fixed.removeIf(task -> !CompactionPlan.isPossible(newest, task));
    List<Task> wanted = new ArrayList<>(fixed);
    if (automatic && plan.limits().automatic()) {
      wanted.addAll(plan.plan(newest, fixed));
    }
    board.put(shard, key, wanted);
  }

  void remove(ShardId shard) {
    board.remove(shard);
  }

  /// What is to be done of the collection when somebody asks for all that can be done, with what is under way.
  ///
  /// @param targetBytes 0: as configured
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` for a target below the configured one
  CompactionNote note(long id, Collection collection, Demand demand) {
    List<Wanted> wanted = new ArrayList<>();
    newest(collection.id())
        .forEach((shard, manifest) -> {
          Set<Task> busy = new LinkedHashSet<>(board.begun(shard));
          asked(collection.id())
              .filter(one -> one.task().shard().equals(shard) && one.isPending(manifest))
              .forEach(one -> busy.add(one.task()));
          Set<Task> tasks = new LinkedHashSet<>(busy);
          tasks.removeIf(
              task -> demand.partition().filter(p -> !p.equals(task.partition())).isPresent());
          tasks.addAll(plan.all(manifest, busy, demand));
          long horizon = manifest.checkpoint().horizon();
          tasks.forEach(task -> wanted.add(new Wanted(task, horizon)));
        });
    return new CompactionNote(id, collection.id(), wanted);
  }

  /// @param targetBytes as a client asks for it; 0: as configured
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` when it is below the configured one
  long requireTarget(long targetBytes) {
    long configured = plan.limits().targetBytes();
    if (targetBytes != 0 && targetBytes < configured) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "targetSize %d MB should be greater than or equal to configMaxSize %d MB",
          targetBytes / MIB, configured / MIB);
    }
    return Math.min(Math.max(targetBytes, configured), CompactionLimits.MAX_TARGET_BYTES);
  }

  /// A worker says that a job is over.
  void finish(long jobId, NodeId worker, String failure) {
    Optional<Task> task = board.finish(jobId, worker, failure);
    if (failure.isEmpty()) {
      task.ifPresent(done -> gate.change(() -> keep(outcomes, done, jobId)));
    }
  }

  /// Ids of what was asked for and is done by now.
  List<Long> done() {
    List<Long> done = new ArrayList<>();
    for (CompactionNote note : state.get().compactions().values()) {
      if (note.pending(newest(note.collection())).isEmpty()) {
        gate.change(() -> keep(closed, note.id(), note));
        done.add(note.id());
      }
    }
    return done;
  }

  CompactionProgressResponse progress(long id) {
    Optional<CompactionNote> open = Optional.ofNullable(state.get().compactions().get(id));
    Optional<CompactionNote> note =
        open.or(() -> gate.read(() -> Optional.ofNullable(closed.get(id))));
    CompactionProgressResponse.Builder progress = CompactionProgressResponse.newBuilder();
    note.ifPresent(known -> {
      List<Wanted> pending =
          open.isPresent() ? known.pending(newest(known.collection())) : List.of();
      int failed =
          (int)
              pending.stream().filter(one -> board.failure(one.task()::equals).isPresent()).count();
      progress
          .setExecuting(!pending.isEmpty())
          .setWaiting(pending.size() - failed)
          .setFailed(failed)
          .setDone(known.wanted().size() - pending.size());
      known.wanted().forEach(one -> progress.addResults(result(one, pending.contains(one))));
    });
    return progress.build();
  }

  private CompactionResult result(Wanted one, boolean pending) {
    Optional<Long> target = gate.read(() -> Optional.ofNullable(outcomes.get(one.task())));
    return CompactionResult.newBuilder()
        .addAllSources(one.task().inputs().stream().map(id -> id.value()).toList())
        .setTarget(pending ? 0 : target.orElse(0L))
        .build();
  }

  private Stream<Wanted> asked(CollectionId collection) {
    return state.get().compactions().values().stream()
        .filter(note -> note.collection().equals(collection))
        .flatMap(note -> note.wanted().stream());
  }

  private SortedMap<ShardId, Manifest> newest(CollectionId collection) {
    SortedMap<ShardId, Manifest> newest = new TreeMap<>();
    manifests.newest(collection).forEach(manifest -> newest.put(manifest.shard(), manifest));
    return newest;
  }

  private static <K, V> void keep(Map<K, V> kept, K key, V value) {
    kept.put(key, value);
    if (kept.size() > MAX_RESULTS) {
      kept.remove(kept.keySet().iterator().next());
    }
  }
}
