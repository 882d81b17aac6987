package io.elanus.querynode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.error.ErrorKind;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.memory.HeapBudget;
import io.elanus.common.memory.HeapShare;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.CpuPool;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.Run;
import io.elanus.querynode.Freshness.Demand;
import io.elanus.querynode.Freshness.Needed;
import io.elanus.querynode.ShardReading.Planned;
import io.elanus.segment.shard.Cancellation;
import io.elanus.segment.shard.ListsLacking;
import io.elanus.segment.shard.ShardSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Reads a shard wherever its segments are: this leader's own and the tail here, the others from their
/// holders, all at the version of one snapshot.
///
/// A holder that fails is passed over for the next one named. When nobody answers for a segment, the read
/// starts over on a new snapshot, until the deadline; the leader takes the segment back meanwhile. What is
/// answered is always whole.
final class SplitRead {
  private static final Backoff AGAIN = new Backoff(Duration.ofMillis(20), Duration.ofMillis(500));

  /// Before a leader opens a segment itself, it looks up a few times whether it has just moved.
  private static final int TRIES_BEFORE_TAKING_BACK = 4;

  private final Run run;
  private final CpuPool cpu;
  private final FanOut fanOut;
  private final ArrivingSegments arriving;
  private final HeapBudget heap;
  private final SharedScans scans;
  private final TailGraphs graphs;

  SplitRead(
      Run run,
      CpuPool cpu,
      FanOut fanOut,
      ArrivingSegments arriving,
      HeapBudget heap,
      TailGraphs graphs) {
    this.run = run;
    this.cpu = cpu;
    this.scans = new SharedScans(cpu);
    this.heap = heap;
    this.graphs = graphs;
    this.fanOut = fanOut;
    this.arriving = arriving;
  }

  /// @throws DbException what [ShardLeader#snapshot] throws; `SEGMENT_NOT_LOADED` when a segment was nowhere to
  ///     be read before `deadline`; what the read itself and [HeapBudget#with] throw
  <R> R run(ShardLeader leader, ShardReading<R> reading, Demand demand, Deadline deadline) {
    Planned planned = reading.planned();
    Optional<Needed> needed =
        reading.asOf().isPresent() ? Optional.empty() : leader.needed(demand, planned, deadline);
    for (int tries = 1; ; tries++) {
      long before = leader.rearrangements();
      try (ShardSnapshot snapshot = snapshot(leader, reading, needed, deadline)) {
        if (!hasFields(snapshot, reading) && tries == 1) {
          needed = leader.needed(new Demand.Strong(), planned, deadline);
          continue;
        }
        return once(leader, snapshot, reading, deadline);
      } catch (Unanswered e) {
        if (e.isStalled() || tries >= TRIES_BEFORE_TAKING_BACK) {
          leader.takeBack(e.segments());
        }
        Duration pause = AGAIN.pause(tries, run.random());
        if (deadline.remaining(run).compareTo(pause) <= 0) {
          throw e.error();
        }
        leader.awaitRearranged(before, Deadline.after(run, pause));
      }
    }
  }

  /// A field that is missing was added not long ago: further on the log says so, and did before the read was
  /// planned.
  private static boolean hasFields(ShardSnapshot snapshot, ShardReading<?> reading) {
    return reading.fieldIds().stream().allMatch(id -> snapshot.schema().field(id).isPresent());
  }

  private static ShardSnapshot snapshot(
      ShardLeader leader, ShardReading<?> reading, Optional<Needed> needed, Deadline deadline) {
    return reading.asOf().isPresent()
        ? leader.snapshotAsOf(reading.asOf().getAsLong(), needed, reading.planned(), deadline)
        : leader.snapshot(needed, reading.planned(), deadline);
  }

  private <R> R once(
      ShardLeader leader, ShardSnapshot snapshot, ShardReading<R> reading, Deadline deadline) {
    List<SegmentId> elsewhere = elsewhere(snapshot, reading);
    if (elsewhere.isEmpty()) {
      return here(leader, snapshot, reading, deadline);
    }
    One<R> one = new One<>(leader, snapshot, reading, leader.holders(), deadline);
    List<Supplier<List<R>>> parts = new ArrayList<>();
    parts.add(() -> List.of(here(leader, snapshot, reading, deadline)));
    one.byHolder(elsewhere, Set.of(), Optional.empty())
        .forEach((holder, ids) -> parts.add(() -> one.ask(holder, ids, Set.of())));
    List<R> answers =
        fanOut.all(parts, deadline, Supplier::get).stream().flatMap(List::stream).toList();
    return cpu.call(deadline, () -> reading.merge(answers, snapshot.schema()));
  }

  private <R> R here(
      ShardLeader leader, ShardSnapshot snapshot, ShardReading<R> reading, Deadline deadline) {
    arriving.bring(leader, snapshot, reading, deadline);
    long broughtBytes = 0;
    while (true) {
      try {
        return compute(snapshot, reading, deadline);
      } catch (ListsLacking lacking) {
        broughtBytes = arriving.bring(leader, snapshot, lacking, broughtBytes, deadline);
      }
    }
  }

  private <R> R compute(ShardSnapshot snapshot, ShardReading<R> reading, Deadline deadline) {
    Cancellation cancellation = Cancellation.at(run, cpu, deadline);
    return heap.with(
        "a read of shard " + reading.shard(),
        deadline,
        share -> compute(snapshot, reading, deadline, cancellation, share));
  }

  @SuppressWarnings(
      "unchecked") // the answer of a search is what R is where the reading is a search
  private <R> R compute(
      ShardSnapshot snapshot,
      ShardReading<R> reading,
      Deadline deadline,
      Cancellation cancellation,
      HeapShare share) {
    if (reading instanceof ShardSearch search) {
      R answer = (R) scans.search(search, snapshot, deadline, cancellation, share);
      graphs.after(search.graphDue(snapshot));
      return answer;
    }
    return cpu.call(deadline, () -> reading.here(snapshot, cancellation, share));
  }

  private static List<SegmentId> elsewhere(ShardSnapshot snapshot, ShardReading<?> reading) {
    return snapshot.elsewhere().segments().stream()
        .filter(reading::isIn)
        .map(SegmentEntry::id)
        .toList();
  }

  /// One snapshot of one read.
  private final class One<R> {
    private final ShardLeader leader;
    private final ShardSnapshot snapshot;
    private final ShardReading<R> reading;
    private final Holders holders;
    private final Deadline deadline;

    One(
        ShardLeader leader,
        ShardSnapshot snapshot,
        ShardReading<R> reading,
        Holders holders,
        Deadline deadline) {
      this.leader = leader;
      this.snapshot = snapshot;
      this.reading = reading;
      this.holders = holders;
      this.deadline = deadline;
    }

    /// Whom to ask for which of `segments`: the first one named that has not failed.
    ///
    /// @throws Unanswered when a segment has nobody left
    /// @throws DbException `cause`, when that is overload: to do the work here as well would add to it
    Map<NodeId, List<SegmentId>> byHolder(
        List<SegmentId> segments, Set<NodeId> failed, Optional<DbException> cause) {
      Map<NodeId, List<SegmentId>> byHolder = new TreeMap<>();
      Set<SegmentId> nobodys = new HashSet<>();
      for (SegmentId segment : segments) {
        holders.others(segment).stream()
            .filter(node -> !failed.contains(node))
            .findFirst()
            .ifPresentOrElse(
                node -> byHolder.computeIfAbsent(node, _ -> new ArrayList<>()).add(segment),
                () -> nobodys.add(segment));
      }
      if (!nobodys.isEmpty()) {
        cause
            .filter(e -> e.kind() == ErrorKind.OVERLOADED)
            .ifPresent(e -> {
              throw e;
            });
        throw new Unanswered(nobodys, cause);
      }
      return byHolder;
    }

    /// The parts of `segments`, by `holder`, or where it fails by others that are named for them.
    List<R> ask(NodeId holder, List<SegmentId> segments, Set<NodeId> failed) {
      try {
        return List.of(leader.calls().ask(holder, snapshot.point(), segments, reading, attempt()));
      } catch (DbException e) {
        deadline.check(run, "segments %s".formatted(segments));
        if (!mayPass(e)) {
          throw e;
        }
        Set<NodeId> passedOver = new HashSet<>(failed);
        passedOver.add(holder);
        List<R> parts = new ArrayList<>();
        byHolder(segments, passedOver, Optional.of(e))
            .forEach((next, ids) -> parts.addAll(ask(next, ids, passedOver)));
        return parts;
      }
    }

    /// Half of the time that is left, so that there is some for another node.
    private Deadline attempt() {
      Duration left = deadline.remaining(run);
      return Deadline.after(run, left.dividedBy(2));
    }

    /// Not for what is wrong with the read itself. A timeout is the attempt's, a cancel this side's.
    private boolean mayPass(DbException e) {
      return e.code() == ErrorCode.TIMEOUT
          || switch (e.kind()) {
            case NOT_READY, LOST_RACE, UNKNOWN_OUTCOME, OVERLOADED -> true;
            case BAD_REQUEST, CORRUPT, CANCELED, DENIED, BUG -> false;
          };
    }
  }
}
