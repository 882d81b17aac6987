package io.elanus.querynode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.Collection;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.wal.Position;
import io.elanus.segment.shard.LiveShard;
import io.elanus.segment.tail.Halt;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a leader has and what it is told, for the threads that change it and those that wait for it. All
/// of it is guarded by one gate; which shard is taken up is changed by whoever has the leader's turn.
final class LeaderState {
  /// A shard that was taken up.
  ///
  /// @param held the readers that are installed in `live`
  record Taken(
      Collection collection, LiveShard live, Optional<Manifest> manifest, SegmentSet held) {
    long version() {
      return manifest.map(Manifest::version).orElse(0L);
    }

    /// Percent of the segments that are here as a whole. The others can be read, too, but slowly.
    int progress() {
      int all = held.byEntry().size();
      return all == 0 ? 100 : 100 * held.wholeIds().size() / all;
    }
  }

  /// What a leader says of itself.
  ///
  /// @param progress percent of its segments that are here; reads are answered before, but slowly
  /// @param serving whether all are
  /// @param failure why it does not get on; empty when there is no reason to complain
  /// @param held segments it holds itself, or is about to; `open` those that are here
  record Report(
      int progress,
      boolean serving,
      String failure,
      long manifestVersion,
      List<SegmentEntry> held,
      Set<SegmentId> open,
      long tailBytes) {}

  private final ShardId shard;
  private final Gate gate;

  // guarded by gate
  private Optional<Taken> taken = Optional.empty();
  private Sharing sharing;
  private List<SegmentEntry> wanted = List.of();
  private Optional<DbException> failure = Optional.empty();

  /// Grows when other nodes may have to be asked than before.
  private long rearrangements;

  /// False when it leads on its own account, for reads of a shard that nobody leads.
  private boolean routed;

  private boolean closed;

  /// @param holders of the shard's other segments, as its route says; empty when there is no route
  LeaderState(Gate gate, ShardId shard, Optional<Holders> holders) {
    this.gate = gate;
    this.shard = shard;
    this.sharing = Sharing.with(holders.orElse(Holders.NOBODY));
    this.routed = holders.isPresent();
  }

  // what it is told

  /// @return whether that is news
  boolean route(Holders holders) {
    return gate.change(() -> {
      boolean differs = !sharing.holders().equals(holders);
      routed = true;
      sharing = sharing.route(holders);
      rearrangements += differs ? 1 : 0;
      return differs;
    });
  }

  void takeBack(Set<SegmentId> segments) {
    gate.change(() -> sharing = sharing.takeBack(segments));
  }

  void answered(NodeId holder, Set<SegmentId> segments) {
    gate.change(() -> sharing = sharing.answer(holder, segments));
  }

  void close() {
    gate.change(() -> closed = true);
  }

  boolean isClosed() {
    return gate.read(() -> closed);
  }

  /// Whether a route made this node the shard's leader.
  boolean isRouted() {
    return gate.read(() -> routed);
  }

  Holders holders() {
    return gate.read(() -> sharing.holders());
  }

  /// What is held only because no holder has answered yet, by holder.
  Map<NodeId, List<SegmentId>> unanswered() {
    return gate.read(() ->
        taken
            .map(t -> sharing.unanswered(List.copyOf(t.held.byEntry().keySet())))
            .orElse(Map.of()));
  }

  /// The segments of `manifest` that the leader is to hold.
  ///
  /// @param held what it holds now
  List<SegmentEntry> choose(Optional<Manifest> manifest, Set<SegmentId> held) {
    return gate.read(() -> manifest.map(m -> sharing.leaders(m, held)).orElse(List.of()));
  }

  /// Whether a read of what is served now finds a segment that nobody has, or only in part.
  boolean isLacking(Taken now) {
    Set<SegmentId> whole = now.held.wholeIds();
    return gate.read(() -> now.manifest.map(sharing::leadersAlone).orElse(List.of())).stream()
        .anyMatch(segment -> !whole.contains(segment.id()));
  }

  // what it has

  Optional<Taken> taken() {
    return gate.read(() -> taken);
  }

  boolean isTaken(Taken one) {
    return gate.read(() -> taken.filter(t -> t == one)).isPresent();
  }

  /// Begins to open `entries`.
  void want(List<SegmentEntry> entries) {
    gate.change(() -> wanted = entries);
  }

  void install(Taken next) {
    gate.change(() -> {
      taken = Optional.of(next);
      failure = Optional.empty();
      rearrangements++;
      next.manifest.ifPresent(m -> sharing = sharing.settled(m, next.held.ids()));
    });
  }

  /// Nothing is to be opened or let go.
  ///
  /// @return whether something was wrong before
  boolean settle(Taken before) {
    return gate.change(() -> {
      boolean failed = failure.isPresent();
      wanted = List.copyOf(before.held.byEntry().keySet());
      failure = Optional.empty();
      return failed;
    });
  }

  void fail(Throwable e) {
    DbException known =
        e instanceof DbException db
            ? db
            : new DbException(ErrorCode.UNEXPECTED, String.valueOf(e.getMessage()), e);
    gate.change(() -> failure = Optional.of(known));
  }

  /// @return what there was to let go of
  Optional<Taken> release() {
    return gate.change(() -> {
      Optional<Taken> before = taken;
      taken = Optional.empty();
      return before;
    });
  }

  Report report() {
    return gate.read(() ->
        new Report(
            taken.map(Taken::progress).orElse(0),
            taken.filter(t -> t.progress() == 100).isPresent(),
            halt().map(this::text).or(() -> failure.map(DbException::text)).orElse(""),
            taken.map(Taken::version).orElse(0L),
            wanted,
            taken.map(t -> t.held.wholeIds()).orElse(Set.of()),
            taken.map(t -> t.live.tail().sizeBytes()).orElse(0L)));
  }

  // what others wait for

  /// More of the log is applied.
  void applied() {
    gate.change(() -> {});
  }

  /// Stands for how the segments are spread now.
  long rearrangements() {
    return gate.read(() -> rearrangements);
  }

  /// Waits until the segments are spread otherwise than `before`, or the deadline.
  void awaitRearranged(long before, Deadline deadline) {
    gate.await(() -> closed || rearrangements != before, deadline);
  }

  void awaitNoHalt() {
    gate.await(() -> halt().isEmpty(), Deadline.NEVER);
  }

  /// The shard once its log is applied up to `end`. Looked at and taken in one step: the shard may be taken
  /// up anew at any moment, and is behind then.
  ///
  /// @throws DbException as [ShardLeader#snapshot]
  Taken awaitApplied(Optional<Position> end, Deadline deadline) {
    Optional<Taken> reached = Optional.empty();
    while (reached.isEmpty()) {
      boolean inTime =
          gate.await(
              () -> closed || isHopeless() || isApplied(end) || halt().isPresent(), deadline);
      requireServing(inTime);
      reached = gate.read(() -> taken.filter(_ -> isApplied(end)));
      Optional<Halt> halted = reached.isEmpty() ? gate.read(this::halt) : Optional.empty();
      if (halted.isPresent()) {
        throw ErrorCode.CORRUPT.because("%s", text(halted.get()));
      }
    }
    return reached.get();
  }

  private void requireServing(boolean inTime) {
    if (isClosed()) {
      throw ErrorCode.NODE_NOT_MATCH.because("this node does not lead shard %s any more", shard);
    }
    Optional<DbException> hopeless = gate.read(() -> failure.filter(_ -> isHopeless()));
    if (hopeless.isPresent()) {
      throw new DbException(hopeless.get().code(), hopeless.get().text(), hopeless.get());
    }
    if (!inTime) {
      throw taken().isPresent()
          ? ErrorCode.TIMEOUT.because(
              "timeout waiting for shard %s to catch up with its log", shard)
          : ErrorCode.COLLECTION_NOT_FULLY_LOADED.with("collection", shard.collection());
    }
  }

  /// Under the gate. A shard without a route that does not fit this node: another one may have more room.
  private boolean isHopeless() {
    return taken.isEmpty()
        && !routed
        && failure
            .filter(e ->
                e.code() == ErrorCode.MEMORY_LIMIT_EXCEEDED
                    || e.code() == ErrorCode.DISK_LIMIT_EXCEEDED)
            .isPresent();
  }

  /// Under the gate.
  private boolean isApplied(Optional<Position> end) {
    return taken.filter(t -> end.isEmpty() || t.live.position().isAtOrAfter(end.get())).isPresent();
  }

  /// Under the gate.
  private Optional<Halt> halt() {
    return taken.flatMap(t -> t.live.halt());
  }

  String text(Halt halt) {
    return "shard %s is halted at %s: %s".formatted(shard, halt.at(), halt.reason());
  }
}
