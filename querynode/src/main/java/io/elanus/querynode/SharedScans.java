package io.elanus.querynode;

import io.elanus.common.memory.HeapShare;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.CpuPool;
import io.elanus.common.run.Deadline;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proto.internal.SearchShardResponse;
import io.elanus.segment.shard.Cancellation;
import io.elanus.segment.shard.ShardSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/// Searches that look through the same rows for different vectors, done together while they wait for a core: rows are read from memory
/// once for all of them, and filters looked at once.
///
/// Nobody waits for company. Whoever gets a core first takes along those that are in line by then, reads on the newest of their
/// snapshots, and answers them all.
///
/// ```
/// line   a, b, x, c      core free: a takes b and c along; x, of another filter, goes by itself
/// ```
final class SharedScans {
  /// Vectors of all that go together: more do not share more, and the last would wait long.
  private static final int MAX_VECTORS = 64;

  private final CpuPool cpu;
  private final AtomicLong together = new AtomicLong();

  /// Those that nobody has taken along; guarded by itself.
  private final Map<Key, List<Waiting>> line = new HashMap<>();

  SharedScans(CpuPool cpu) {
    this.cpu = cpu;
  }

  /// What has to be equal.
  ///
  /// @param plan without what differs between those that go together
  /// @param elsewhere of the manifest by which parts of the shard are read on other nodes, at `version`; both 0 where all is here: then
  ///     any snapshot does that is not older
  private record Key(ShardId shard, SearchShardRequest plan, long elsewhere, long version) {}

  /// One search in line.
  private static final class Waiting {
    private final ShardSearch search;
    private final ShardSnapshot snapshot;
    private final HeapShare heap;

    private final CountDownLatch ended = new CountDownLatch(1);

    /// Empty when it has to go by itself; published by `ended`.
    private Optional<SearchShardResponse> answer = Optional.empty();

    Waiting(ShardSearch search, ShardSnapshot snapshot, HeapShare heap) {
      this.search = search;
      this.snapshot = snapshot;
      this.heap = heap;
    }

    void end(Optional<SearchShardResponse> found) {
      answer = found;
      ended.countDown();
    }

    /// Not given up before: somebody reads on this one's snapshot, which may not be closed.
    Optional<SearchShardResponse> await() {
      boolean interrupted = false;
      while (ended.getCount() > 0) {
        try {
          ended.await();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return answer;
    }

    int vectors() {
      return search.request().getVectorCount() + search.request().getEncodedVectorsCount();
    }
  }

  /// Searches that others took along, since the start.
  long together() {
    return together.get();
  }

  /// As [ShardSearch#here] on the pool, or with others.
  ///
  /// @throws io.elanus.common.error.DbException as [CpuPool#call], and what the search throws
  SearchShardResponse search(
      ShardSearch search,
      ShardSnapshot snapshot,
      Deadline deadline,
      Cancellation cancellation,
      HeapShare heap) {
    Optional<SearchShardRequest> plan = search.sharedPlan(snapshot);
    if (plan.isEmpty()) {
      return cpu.call(deadline, () -> search.here(snapshot, cancellation, heap));
    }
    Key key = key(search.shard(), plan.get(), snapshot);
    Waiting own = new Waiting(search, snapshot, heap);
    synchronized (line) {
      line.computeIfAbsent(key, _ -> new ArrayList<>()).add(own);
    }
    boolean begun = false;
    try {
      begun = cpu.call(deadline, () -> begin(key, own, cancellation));
    } finally {
      begun |= withdraw(key, own);
      if (!begun) {
        own.await();
      }
    }
    return own.await()
        .orElseGet(() -> cpu.call(deadline, () -> search.here(snapshot, cancellation, heap)));
  }

  private static Key key(ShardId shard, SearchShardRequest plan, ShardSnapshot snapshot) {
    return snapshot.elsewhere().isNothing()
        ? new Key(shard, plan, 0, 0)
        : new Key(shard, plan, snapshot.elsewhere().manifestVersion(), snapshot.version());
  }

  /// On a core.
  ///
  /// @return false when another one has taken it along
  private boolean begin(Key key, Waiting own, Cancellation cancellation) {
    List<Waiting> crew = crew(key, own);
    if (crew.isEmpty()) {
      return false;
    }
    together.addAndGet(crew.size() - 1L);
    try {
      answer(crew, cancellation);
    } finally {
      // Whatever happened to this one need not happen to the others.
      crew.stream()
          .filter(one -> one.ended.getCount() > 0)
          .forEach(one -> one.end(Optional.empty()));
    }
    return true;
  }

  /// `own` and those in line with it; none when it is not in line any more.
  private List<Waiting> crew(Key key, Waiting own) {
    synchronized (line) {
      List<Waiting> waiting = line.getOrDefault(key, List.of());
      if (!waiting.contains(own)) {
        return List.of();
      }
      List<Waiting> crew = new ArrayList<>(List.of(own));
      int vectors = own.vectors();
      for (Waiting other : waiting) {
        if (other != own && vectors + other.vectors() <= MAX_VECTORS) {
          crew.add(other);
          vectors += other.vectors();
        }
      }
      waiting.removeAll(crew);
      if (waiting.isEmpty()) {
        line.remove(key);
      }
      return crew;
    }
  }

  private static void answer(List<Waiting> crew, Cancellation cancellation) {
    ShardSnapshot newest =
        crew.stream()
            .map(one -> one.snapshot)
            .max(Comparator.comparingLong(ShardSnapshot::version))
            .orElseThrow();
    List<ShardSearch> searches = crew.stream().map(one -> one.search).toList();
    List<HeapShare> heaps = crew.stream().map(one -> one.heap).toList();
    List<SearchShardResponse> answers = ShardSearch.together(searches, newest, cancellation, heaps);
    for (int i = 0; i < crew.size(); i++) {
      crew.get(i).end(Optional.of(answers.get(i)));
    }
  }

  /// @return whether it was still in line
  private boolean withdraw(Key key, Waiting own) {
    synchronized (line) {
      List<Waiting> waiting = line.getOrDefault(key, new ArrayList<>());
      boolean there = waiting.remove(own);
      if (there && waiting.isEmpty()) {
        line.remove(key);
      }
      return there;
    }
  }
}
