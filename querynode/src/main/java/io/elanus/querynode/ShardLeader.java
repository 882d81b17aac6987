package io.elanus.querynode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.model.Collection;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Task;
import io.elanus.common.run.Turn;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal.WalRecord;
import io.elanus.querynode.Freshness.Needed;
import io.elanus.querynode.LeaderState.Taken;
import io.elanus.querynode.ShardReading.Planned;
import io.elanus.rpc.internal.Peers;
import io.elanus.segment.delete.Deletes;
import io.elanus.segment.shard.LiveShard;
import io.elanus.segment.shard.ReadPoint;
import io.elanus.segment.shard.ShardSnapshot;
import io.elanus.segment.tail.Halt;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves one shard: its newest manifest, of which other nodes may hold segments, and the tail of its log.
///
/// The log is handed over by a [LogFollower]; [ShardContents] goes over to new manifests, and opens or lets
/// go segments as the route says; all change the [LiveShard] under one turn. Readers wait
/// ([LeaderState]) until the log is applied far enough, then take a snapshot.
///
/// Any failure of following ends in taking the shard up anew from what is committed. At a record that
/// cannot be applied the shard halts: what was applied before can be read by who demands no more, and a
/// manifest of software that could apply it ends the halt.
final class ShardLeader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ShardLeader.class);
  private static final Backoff RESTART = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(5));

  /// What the leaders of a node have in common.
  ///
  /// @param changed told when what a leader says of itself has become another
  record Shared(
      Run run,
      Peers peers,
      ShardFiles files,
      LogFollower.All logs,
      LogEnds ends,
      Runnable changed) {}

  private final Shared shared;
  private final Run run;
  private final ShardId shard;
  private final LeaderState state;
  private final Freshness freshness;
  private final HolderCalls calls;
  private final Turn turn;
  private final ShardContents contents;
  private final Handover handover;
  private final Task follower;

  private volatile long lastReadNanoTime;

  /// @param holders of the shard's other segments, as its route says; empty when there is no route
  ShardLeader(Shared shared, ShardId shard, Optional<Holders> holders) {
    this.shared = shared;
    this.run = shared.run;
    this.shard = shard;
    Gate gate = run.gate();
    this.state = new LeaderState(gate, shard, holders);
    this.turn = new Turn(run, "shard " + shard);
    this.freshness = new Freshness(run, shared.ends, gate);
    this.calls = new HolderCalls(run, shared.peers, shard);
    this.lastReadNanoTime = run.nanoTime();
    this.contents =
        new ShardContents(run, shared.files, shard, state, turn, this::install, shared.changed);
    this.handover = new Handover(run, this, calls);
    this.follower = run.fork("shard-" + shard, this::follow);
  }

  ShardId shard() {
    return shard;
  }

  HolderCalls calls() {
    return calls;
  }

  LeaderState.Report report() {
    return state.report();
  }

  /// Of the graphs over the tail there is now.
  long tailGraphBytes() {
    return state.taken().map(t -> t.live().tail().indexBytes()).orElse(0L);
  }

  /// A newer manifest may have been committed.
  void manifestChanged() {
    contents.wake();
  }

  /// The route says anew who holds what.
  void route(Holders holders) {
    if (state.route(holders)) {
      contents.wake();
      handover.wake();
    }
  }

  /// Whether a route made this node the shard's leader.
  boolean isRouted() {
    return state.isRouted();
  }

  Holders holders() {
    return state.holders();
  }

  /// No holder answered for `segments` when a read needed them: this leader opens them itself.
  void takeBack(Set<SegmentId> segments) {
    state.takeBack(segments);
    contents.wake();
  }

  /// `holder` could answer for `segments`, which this leader holds, too.
  void answered(NodeId holder, Set<SegmentId> segments) {
    state.answered(holder, segments);
    contents.wake();
  }

  /// What this leader holds only because no holder has answered yet, by holder.
  Map<NodeId, List<SegmentId>> unanswered() {
    return state.unanswered();
  }

  /// For how long nobody has read the shard here.
  Duration idle() {
    return Duration.ofNanos(Math.max(0, run.nanoTime() - lastReadNanoTime));
  }

  /// Up to where the log must be applied for `demand`; empty when it need not be. Does not wait for that.
  ///
  /// @param planned what the read was planned against
  /// @throws DbException `SCHEMA_MISMATCH` when that is older than what is served, and as [#snapshot]
  Optional<Needed> needed(Freshness.Demand demand, Planned planned, Deadline deadline) {
    lastReadNanoTime = run.nanoTime();
    Collection collection = state.awaitApplied(Optional.empty(), deadline).collection();
    if (planned.isBefore(collection)) {
      throw ErrorCode.SCHEMA_MISMATCH.because(
          "collection %s is at version %d, the request was planned at %d",
          collection.name(), collection.version(), planned.version());
    }
    return freshness.needed(collection.log(shard), demand, deadline);
  }

  /// The shard once its log is applied up to what is `needed`.
  ///
  /// @throws DbException `COLLECTION_NOT_FULLY_LOADED` when the shard was not taken up before `deadline`,
  ///     `TIMEOUT` when its log was not applied far enough, `CORRUPT` when it is halted before that,
  ///     `COLLECTION_NOT_FOUND` when it was dropped, `SCHEMA_MISMATCH` when another control record was applied
  ///     since `planned`, `NODE_NOT_MATCH` when this node is no longer to lead it
  ShardSnapshot snapshot(Optional<Needed> needed, Planned planned, Deadline deadline) {
    Taken current = applied(needed, deadline);
    ShardSnapshot snapshot = current.live().snapshot();
    requirePlanned(planned, current, snapshot);
    return snapshot;
  }

  /// The shard as it was where it met `mark`. A leader that knows no such Mark waits for the end of its log first: a
  /// mark that was given out is in all logs of its collection.
  ///
  /// @param needed up to where the log must be applied, whatever the mark
  /// @throws DbException `INVALID_PARAMETER` when there is no such mark, or it is not pinned any more; and as
  ///     [#snapshot]
  ShardSnapshot snapshotAsOf(
      long mark, Optional<Needed> needed, Planned planned, Deadline deadline) {
    return findAsOf(mark, needed, planned, deadline)
        .or(() -> {
          Optional<Needed> end = needed(new Freshness.Demand.Strong(), planned, deadline);
          return findAsOf(mark, end, planned, deadline);
        })
        .orElseThrow(() ->
            ErrorCode.INVALID_PARAMETER.because(
                "nothing is kept as of timestamp %d: the iterator has expired, or there was none",
                mark));
  }

  private Optional<ShardSnapshot> findAsOf(
      long mark, Optional<Needed> needed, Planned planned, Deadline deadline) {
    Taken current = applied(needed, deadline);
    Optional<ShardSnapshot> snapshot = current.live().snapshotAsOf(mark);
    snapshot.ifPresent(found -> requirePlanned(planned, current, found));
    return snapshot;
  }

  private Taken applied(Optional<Needed> needed, Deadline deadline) {
    Taken current = state.awaitApplied(needed.map(Needed::end), deadline);
    needed.ifPresent(freshness::reached);
    if (current.live().tail().dropped()) {
      throw ErrorCode.COLLECTION_NOT_FOUND.with("collection", current.collection().id());
    }
    return current;
  }

  /// Looked at after the snapshot was taken.
  private static void requirePlanned(Planned planned, Taken current, ShardSnapshot snapshot) {
    if (planned.isBefore(current.live().ddlSequence())) {
      snapshot.close();
      throw ErrorCode.SCHEMA_MISMATCH.because(
          "collection %s has had %d changes, the request was planned after %d",
          current.collection().name(), current.live().ddlSequence(), planned.ddlSequence());
    }
  }

  /// What became of partial upserts that were in the log before this call: empty for those that were not read here,
  /// or long ago.
  ///
  /// @throws DbException as [#snapshot]
  List<Optional<Boolean>> tookEffect(long writer, List<Long> sequences, Deadline deadline) {
    lastReadNanoTime = run.nanoTime();
    Collection collection = state.awaitApplied(Optional.empty(), deadline).collection();
    Optional<Needed> needed =
        freshness.needed(collection.log(shard), new Freshness.Demand.Strong(), deadline);
    LiveShard live = state.awaitApplied(needed.map(Needed::end), deadline).live();
    needed.ifPresent(freshness::reached);
    if (live.tail().dropped()) {
      throw ErrorCode.COLLECTION_NOT_FOUND.with("collection", collection.id());
    }
    return turn.take(
        deadline,
        () -> sequences.stream().map(sequence -> live.tookEffect(writer, sequence)).toList());
  }

  /// Where a read would be now, if the shard was taken up.
  Optional<ReadPoint> point() {
    return state.taken().map(t -> t.live().point());
  }

  /// Stands for how the segments are spread now.
  long rearrangements() {
    return state.rearrangements();
  }

  /// Waits until the segments are spread otherwise than `before`, or the deadline.
  void awaitRearranged(long before, Deadline deadline) {
    state.awaitRearranged(before, deadline);
  }

  @Override
  public void close() {
    state.close();
    handover.close();
    contents.close();
    follower.cancel();
    follower.awaitEnd();
    turn.take(this::release);
  }

  // the log

  private void follow() {
    for (int failures = 1; !state.isClosed(); failures++) {
      try {
        Following following = turn.take(Deadline.NEVER, this::takeUp);
        failures = 0;
        follow(following);
      } catch (RuntimeException | OutOfMemoryError e) { // direct memory: the JVM lives on
        if (state.isClosed()) {
          return;
        }
        log.warn("shard is taken up anew shard={} failures={}", shard, failures, e);
        failed(e);
        run.sleep(RESTART.pause(failures + 1, run.random()));
      }
    }
  }

  private void failed(Throwable e) {
    state.fail(e);
    shared.changed.run();
  }

  /// Until the halt of a halted shard is over: it is to be taken up anew then.
  private void follow(Following following) {
    try {
      following.requireNoHalt();
      shared.logs.of(following.log).follow(following);
    } catch (Halted e) {
      log.error("{}", state.text(e.halt));
      shared.changed.run();
      state.awaitNoHalt();
    }
  }

  /// Lets a shard that is halted leave the log.
  private static final class Halted extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Halt halt;

    Halted(Halt halt) {
      super(halt.reason(), null, false, false);
      this.halt = halt;
    }
  }

  /// The log's next records for one time of having the shard taken up.
  private final class Following implements LogFollower.Shard {
    private final LogId log;
    private final LiveShard live;

    Following(LogId log, LiveShard live) {
      this.log = log;
      this.live = live;
    }

    @Override
    public ShardId id() {
      return shard;
    }

    @Override
    public Position position() {
      return live.position();
    }

    @Override
    public void apply(List<WalRecord> records, Position end) {
      turn.take(() -> {
        records.forEach(live::take);
        live.pass(end);
      });
      state.applied();
      requireNoHalt();
    }

    private void requireNoHalt() {
      live.halt()
          .ifPresent(halt -> {
            throw new Halted(halt);
          });
    }
  }

  /// Opens what is committed. Under the turn.
  private Following takeUp() {
    release();
    Collection found = shared.files.collection(shard.collection());
    LogId logId = found.log(shard);
    Position floor = shared.files.floor(logId);
    Optional<Manifest> newest = shared.files.newest(shard, Optional.empty());
    Collection collection = shared.files.collection(found, newest);
    List<Deletes> deletes = newest.map(m -> shared.files.deletes(m, -1)).orElse(List.of());
    List<WalRecord> spilled = newest.map(shared.files::spilled).orElse(List.of());
    SegmentSet segments = contents.first(newest, collection);
    boolean installed = false;
    try {
      Checkpoint start = newest.map(Manifest::checkpoint).orElseGet(() -> Checkpoint.start(floor));
      LiveShard live =
          new LiveShard(
              collection.storedSchema(),
              start,
              segments.readers(),
              ShardContents.elsewhere(newest, segments),
              deletes);
      spilled.forEach(live::take);
      Position covered = newest.map(Manifest::covered).orElse(floor);
      live.pass(covered.isBefore(floor) ? floor : covered);
      install(new Taken(collection, live, newest, segments));
      installed = true;
      contents.wake();
      log.info(
          "shard taken up shard={} from={} segments={}",
          shard,
          live.position(),
          segments.readers().size());
      return new Following(logId, live);
    } finally {
      if (!installed) {
        segments.closeThoseNotIn(SegmentSet.EMPTY);
      }
    }
  }

  private void install(Taken next) {
    state.install(next);
    handover.wake();
    shared.changed.run();
  }

  /// Under the turn.
  private void release() {
    state.release().ifPresent(last -> last.live().close());
  }
}
