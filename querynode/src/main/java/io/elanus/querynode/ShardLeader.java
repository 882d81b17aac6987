package io.elanus.querynode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.Collection;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Task;
import io.elanus.common.run.Ticker;
import io.elanus.common.run.Turn;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal.WalRecord;
import io.elanus.querynode.Freshness.Needed;
import io.elanus.rpc.internal.Peers;
import io.elanus.segment.delete.Deletes;
import io.elanus.segment.shard.Elsewhere;
import io.elanus.segment.shard.LiveShard;
import io.elanus.segment.shard.ReadPoint;
import io.elanus.segment.shard.ShardSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves one shard: its newest manifest, of which other nodes may hold segments, and the tail of its log.
///
/// The log is handed over by a [LogFollower]; a thread of this leader goes over to new manifests, and opens
/// or lets go segments as the route says; both change the [LiveShard] under one turn. Readers wait at the
/// gate until the log is applied far enough, then take a snapshot.
///
/// Any failure of following ends in taking the shard up anew from what is committed.
final class ShardLeader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ShardLeader.class);
  private static final Backoff RESTART = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(5));

  /// Only a guard: a new manifest is announced by its pointer's watch, a move by its route's.
  private static final Duration CHECK = Duration.ofMinutes(10);

  private static final int PARALLEL_OPENS = 4;

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

  /// A shard that was taken up.
  ///
  /// @param held the readers that are installed in `live`
  private record Taken(
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
  record State(
      int progress,
      boolean serving,
      String failure,
      long manifestVersion,
      List<SegmentEntry> held,
      Set<SegmentId> open,
      long tailBytes) {}

  private final Shared shared;
  private final Run run;
  private final ShardId shard;
  private final Freshness freshness;
  private final HolderCalls calls;
  private final FanOut opening;
  private final Gate gate;
  private final Turn turn;
  private final Ticker contents;
  private final Handover handover;
  private final Task follower;

  // guarded by gate; `taken` is changed under the turn
  private Optional<Taken> taken = Optional.empty();
  private Sharing sharing;
  private List<SegmentEntry> wanted = List.of();
  private Optional<DbException> failure = Optional.empty();

  /// Grows when other nodes may have to be asked than before.
  private long rearrangements;

  /// False when it leads on its own account, for reads of a shard that nobody leads.
  private boolean routed;

  private boolean closed;

  private volatile long lastReadNanoTime;

  /// @param holders of the shard's other segments, as its route says; empty when there is no route
  ShardLeader(Shared shared, ShardId shard, Optional<Holders> holders) {
    this.shared = shared;
    this.run = shared.run;
    this.shard = shard;
    this.gate = run.gate();
    this.turn = new Turn(run, "shard " + shard);
    this.freshness = new Freshness(run, shared.ends, gate);
    this.calls = new HolderCalls(run, shared.peers, shard);
    this.opening = new FanOut(run).atMost(PARALLEL_OPENS);
    this.sharing = Sharing.with(holders.orElse(Holders.NOBODY));
    this.routed = holders.isPresent();
    this.lastReadNanoTime = run.nanoTime();
    this.contents = Ticker.start(run, "contents-" + shard, CHECK, this::renewContents);
    this.handover = new Handover(run, this, calls);
    this.follower = run.fork("shard-" + shard, this::follow);
  }

  ShardId shard() {
    return shard;
  }

  HolderCalls calls() {
    return calls;
  }

  /// A newer manifest may have been committed.
  void manifestChanged() {
    contents.wake();
  }

  /// The route says anew who holds what.
  void route(Holders holders) {
    boolean another =
        gate.change(() -> {
          boolean differs = !sharing.holders().equals(holders);
          routed = true;
          sharing = sharing.route(holders);
          rearrangements += differs ? 1 : 0;
          return differs;
        });
    if (another) {
      contents.wake();
      handover.wake();
    }
  }

  Holders holders() {
    return gate.read(() -> sharing.holders());
  }

  /// No holder answered for `segments` when a read needed them: this leader opens them itself.
  void takeBack(Set<SegmentId> segments) {
    gate.change(() -> sharing = sharing.takeBack(segments));
    contents.wake();
  }

  /// `holder` could answer for `segments`, which this leader holds, too.
  void answered(NodeId holder, Set<SegmentId> segments) {
    gate.change(() -> sharing = sharing.answer(holder, segments));
    contents.wake();
  }

  /// What this leader holds only because no holder has answered yet, by holder.
  Map<NodeId, List<SegmentId>> unanswered() {
    return gate.read(() ->
        taken
            .map(t -> sharing.unanswered(List.copyOf(t.held.byEntry().keySet())))
            .orElse(Map.of()));
  }

  State state() {
    return gate.read(() ->
        new State(
            taken.map(Taken::progress).orElse(0),
            taken.filter(t -> t.progress() == 100).isPresent(),
            failure.map(DbException::text).orElse(""),
            taken.map(Taken::version).orElse(0L),
            wanted,
            taken.map(t -> t.held.wholeIds()).orElse(Set.of()),
            taken.map(t -> t.live.tail().sizeBytes()).orElse(0L)));
  }

  /// Up to where the log must be applied for `demand`; empty when it need not be. Does not wait for that.
  ///
  /// @param planned version of the collection the read was planned against; 0 when it does not say
  /// @throws DbException `SCHEMA_MISMATCH` when that is older than the one served, and as [#snapshot]
  Optional<Needed> needed(Freshness.Demand demand, long planned, Deadline deadline) {
    lastReadNanoTime = run.nanoTime();
    Collection collection = awaitTaken(deadline).collection;
    if (planned != 0 && planned < collection.version()) {
      throw ErrorCode.SCHEMA_MISMATCH.because(
          "collection %s is at version %d, the request was planned at %d",
          collection.name(), collection.version(), planned);
    }
    return freshness.needed(collection.log(shard), demand, deadline);
  }

  /// The shard once its log is applied up to what is `needed`.
  ///
  /// @throws DbException `COLLECTION_NOT_FULLY_LOADED` when the shard was not taken up before `deadline`,
  ///     `TIMEOUT` when its log was not applied far enough, `COLLECTION_NOT_FOUND` when it was dropped,
  ///     `NODE_NOT_MATCH` when this node is no longer to lead it
  ShardSnapshot snapshot(Optional<Needed> needed, Deadline deadline) {
    Taken current = awaitApplied(needed.map(Needed::end), deadline);
    needed.ifPresent(freshness::reached);
    if (current.live.tail().dropped()) {
      throw ErrorCode.COLLECTION_NOT_FOUND.with("collection", current.collection.id());
    }
    return current.live.snapshot();
  }

  /// Where a read would be now, if the shard was taken up.
  Optional<ReadPoint> point() {
    return gate.read(() -> taken).map(t -> t.live.point());
  }

  /// Stands for how the segments are spread now.
  long rearrangements() {
    return gate.read(() -> rearrangements);
  }

  /// Waits until the segments are spread otherwise than `before`, or the deadline.
  void awaitRearranged(long before, Deadline deadline) {
    gate.await(() -> closed || rearrangements != before, deadline);
  }

  private Taken awaitTaken(Deadline deadline) {
    return awaitApplied(Optional.empty(), deadline);
  }

  /// Looked at and taken in one step: the shard may be taken up anew at any moment, and is behind then.
  private Taken awaitApplied(Optional<Position> end, Deadline deadline) {
    Optional<Taken> reached = Optional.empty();
    while (reached.isEmpty()) {
      boolean inTime = gate.await(() -> closed || isHopeless() || isApplied(end), deadline);
      requireServing(inTime);
      reached = gate.read(() -> taken.filter(_ -> isApplied(end)));
    }
    return reached.get();
  }

  private void requireServing(boolean inTime) {
    if (gate.read(() -> closed)) {
      throw ErrorCode.NODE_NOT_MATCH.because("this node does not lead shard %s any more", shard);
    }
    Optional<DbException> hopeless = gate.read(() -> failure.filter(_ -> isHopeless()));
    if (hopeless.isPresent()) {
      throw new DbException(hopeless.get().code(), hopeless.get().text(), hopeless.get());
    }
    if (!inTime) {
      throw gate.read(() -> taken.isPresent())
          ? ErrorCode.TIMEOUT.because(
              "timeout waiting for shard %s to catch up with its log", shard)
          : ErrorCode.COLLECTION_NOT_FULLY_LOADED.with("collection", shard.collection());
    }
  }

  /// Whether a route made this node the shard's leader.
  boolean isRouted() {
    return gate.read(() -> routed);
  }

  /// For how long nobody has read the shard here.
  Duration idle() {
    return Duration.ofNanos(Math.max(0, run.nanoTime() - lastReadNanoTime));
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

  @Override
  public void close() {
    gate.change(() -> closed = true);
    handover.close();
    contents.close();
    follower.cancel();
    follower.awaitEnd();
    turn.take(this::release);
  }

  private boolean isClosed() {
    return gate.read(() -> closed);
  }

  private void follow() {
    for (int failures = 1; !isClosed(); failures++) {
      try {
        Following following = turn.take(Deadline.NEVER, this::takeUp);
        failures = 0;
        shared.logs.of(following.log).follow(following);
      } catch (RuntimeException | OutOfMemoryError e) { // direct memory: the JVM lives on
        if (isClosed()) {
          return;
        }
        log.warn("shard is taken up anew shard={} failures={}", shard, failures, e);
        failed(e);
        run.sleep(RESTART.pause(failures + 1, run.random()));
      }
    }
  }

  private void failed(Throwable e) {
    DbException known =
        e instanceof DbException db
            ? db
            : new DbException(ErrorCode.UNEXPECTED, String.valueOf(e.getMessage()), e);
    gate.change(() -> failure = Optional.of(known));
    shared.changed.run();
  }

  /// Opens what is committed. Under the turn.
  private Following takeUp() {
    release();
    Collection collection = shared.files.collection(shard.collection());
    LogId logId = collection.log(shard);
    Position floor = shared.files.floor(logId);
    Optional<Manifest> newest = shared.files.newest(shard, Optional.empty());
    Checkpoint start = newest.map(Manifest::checkpoint).orElseGet(() -> Checkpoint.start(floor));
    List<Deletes> deletes = newest.map(m -> shared.files.deletes(m, -1)).orElse(List.of());
    SegmentSet segments = open(SegmentSet.EMPTY, collection, choose(newest, Set.of()));
    LiveShard live =
        new LiveShard(
            collection.schema(), start, segments.readers(), elsewhere(newest, segments), deletes);
    Position from = start.position().isBefore(floor) ? floor : start.position();
    live.pass(from);
    install(new Taken(collection, live, newest, segments));
    contents.wake();
    log.info("shard taken up shard={} from={} segments={}", shard, from, segments.readers().size());
    return new Following(logId, live);
  }

  private void install(Taken next) {
    gate.change(() -> {
      taken = Optional.of(next);
      failure = Optional.empty();
      rearrangements++;
      next.manifest.ifPresent(m -> sharing = sharing.settled(m, next.held.ids()));
    });
    handover.wake();
    shared.changed.run();
  }

  private List<SegmentEntry> choose(Optional<Manifest> manifest, Set<SegmentId> held) {
    return gate.read(() -> manifest.map(m -> sharing.leaders(m, held)).orElse(List.of()));
  }

  private static Elsewhere elsewhere(Optional<Manifest> manifest, SegmentSet segments) {
    Set<SegmentId> here = segments.ids();
    return manifest
        .map(m ->
            new Elsewhere(
                m.version(),
                m.segments().stream().filter(entry -> !here.contains(entry.id())).toList()))
        .orElse(Elsewhere.NOTHING);
  }

  /// Opens what `former` does not have, so that it can be read, in part at least.
  private SegmentSet open(SegmentSet former, Collection collection, List<SegmentEntry> entries) {
    gate.change(() -> wanted = entries);
    return former.open(
        entries, opening, entry -> shared.files.openSoon(entry, collection.schema()));
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
        for (WalRecord record : records) {
          live.apply(record.next(), RecordCodec.decode(record.bytes()));
        }
        live.pass(end);
      });
      gate.change(() -> {});
    }
  }

  /// Goes over to the newest manifest and to the segments that are this leader's by now. Files are brought
  /// and mapped without the turn, so that the log is followed meanwhile.
  private void renewContents() {
    Optional<Taken> before = gate.read(() -> taken);
    if (before.isEmpty()) {
      return;
    }
    try {
      while (before.isPresent() && renew(before.get())) {
        before = gate.read(() -> taken);
      }
    } catch (DbException e) {
      failed(e);
      throw e;
    }
  }

  /// One step towards what is to be: first what can be read at once, then what is here in part only.
  ///
  /// @return false when nothing is left to do
  private boolean renew(Taken before) {
    Optional<Manifest> newest = shared.files.newest(shard, before.manifest);
    List<SegmentEntry> entries = choose(newest, before.held.ids());
    boolean sameManifest = newest.isEmpty() || newest.get().version() <= before.version();
    if (!sameManifest || !Set.copyOf(entries).equals(before.held.byEntry().keySet())) {
      goOver(before, newest.orElseThrow(), open(before.held, before.collection, entries));
      return true;
    }
    List<SegmentEntry> parts = before.held.parts().stream().limit(PARALLEL_OPENS).toList();
    if (parts.isEmpty()) {
      settle(before);
      return false;
    }
    SegmentSet more =
        before.held.reopen(
            parts, opening, entry -> shared.files.open(entry, before.collection.schema()));
    goOver(before, newest.orElseThrow(), more);
    return true;
  }

  private void goOver(Taken before, Manifest manifest, SegmentSet segments) {
    boolean installed = false;
    try {
      List<Deletes> deletes = shared.files.deletes(manifest, leastKnown(before.live, segments));
      Taken next = new Taken(before.collection, before.live, Optional.of(manifest), segments);
      installed = turn.take(Deadline.NEVER, () -> replace(before, next, manifest, deletes));
    } finally {
      if (!installed) {
        segments.closeThoseNotIn(before.held);
      }
    }
  }

  /// Nothing is to be opened or let go.
  private void settle(Taken before) {
    boolean recovered =
        gate.change(() -> {
          boolean failedBefore = failure.isPresent();
          wanted = List.copyOf(before.held.byEntry().keySet());
          failure = Optional.empty();
          return failedBefore;
        });
    if (recovered) {
      shared.changed.run();
    }
  }

  /// Deletes above it are not known to every segment without delete files.
  private static long leastKnown(LiveShard live, SegmentSet segments) {
    return segments.readers().stream().mapToLong(live::deletesKnown).min().orElse(Long.MAX_VALUE);
  }

  /// @return false when the shard was taken up anew meanwhile
  private boolean replace(Taken before, Taken next, Manifest manifest, List<Deletes> deletes) {
    if (gate.read(() -> taken.filter(t -> t == before)).isEmpty()) {
      return false;
    }
    before.live.install(
        manifest.checkpoint(), next.held.readers(), elsewhere(next.manifest, next.held), deletes);
    install(next);
    log.info(
        "manifest taken shard={} version={} segments={} of={}",
        shard,
        manifest.version(),
        next.held.byEntry().size(),
        manifest.segments().size());
    return true;
  }

  private void release() {
    Optional<Taken> last =
        gate.change(() -> {
          Optional<Taken> before = taken;
          taken = Optional.empty();
          return before;
        });
    last.ifPresent(t -> t.live.close());
  }
}
