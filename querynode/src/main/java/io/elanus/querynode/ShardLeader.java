package io.elanus.querynode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.model.Collection;
import io.elanus.common.model.ShardId;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Task;
import io.elanus.common.run.Ticker;
import io.elanus.common.run.Turn;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import io.elanus.common.wal.Wal.WalReader;
import io.elanus.common.wal.Wal.WalRecord;
import io.elanus.querynode.Freshness.Needed;
import io.elanus.segment.delete.Deletes;
import io.elanus.segment.shard.LiveShard;
import io.elanus.segment.shard.ShardSnapshot;
import io.elanus.segment.tail.Halt;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves one shard: its newest manifest and the tail of its log.
///
/// One thread follows the log, another goes over to new manifests; both change the [LiveShard] under one
/// turn. Readers wait at the gate until the log is applied far enough, then take a snapshot.
///
/// Any failure of following ends in taking the shard up anew from what is committed. At a record that
/// cannot be applied the shard halts: what was applied before can be read by who demands no more, and a
/// manifest of software that could apply it ends the halt.
final class ShardLeader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ShardLeader.class);
  private static final Backoff RESTART = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(5));

  /// Only a guard: a new manifest is announced by its pointer's watch.
  private static final Duration MANIFEST_CHECK = Duration.ofMinutes(10);

  private final Run run;
  private final Wal wal;
  private final ShardId shard;
  private final Collection collection;
  private final ShardFiles files;
  private final Freshness freshness;
  private final Gate gate;
  private final Turn turn;
  private final Ticker manifests;
  private final Task follower;

  // guarded by gate; changed under the turn
  private @Nullable LiveShard live;
  private SegmentSet held = SegmentSet.EMPTY;
  private long manifestVersion;
  private String failure = "";

  private volatile boolean closed;

  ShardLeader(
      Run run, Wal wal, LogEnds ends, Collection collection, ShardId shard, ShardFiles files) {
    this.run = run;
    this.wal = wal;
    this.shard = shard;
    this.collection = collection;
    this.files = files;
    this.gate = run.gate();
    this.turn = new Turn(run, "shard " + shard);
    this.freshness = new Freshness(run, ends, logId(), gate);
    this.manifests =
        Ticker.start(run, "manifest-" + shard, MANIFEST_CHECK, this::takeNewestManifest);
    this.follower = run.fork("shard-" + shard, this::follow);
  }

  Collection collection() {
    return collection;
  }

  ShardId shard() {
    return shard;
  }

  /// The shard as `demand` wants it.
  ///
  /// @throws DbException `COLLECTION_NOT_FULLY_LOADED` when the shard was not taken up before `deadline`,
  ///     `TIMEOUT` when its log was not applied far enough, `COLLECTION_NOT_FOUND` when it was dropped
  ShardSnapshot read(Freshness.Demand demand, Deadline deadline) {
    Optional<Needed> needed = freshness.needed(demand, deadline);
    LiveShard current = awaitApplied(needed.map(Needed::end), deadline);
    needed.ifPresent(freshness::reached);
    if (current.tail().dropped()) {
      throw ErrorCode.COLLECTION_NOT_FOUND.with("collection", collection.id());
    }
    return current.snapshot();
  }

  /// The shard once its log is applied up to `end`. Looked at and taken in one step: the shard may be
  /// taken up anew at any moment, and is behind then.
  private LiveShard awaitApplied(Optional<Position> end, Deadline deadline) {
    Optional<LiveShard> reached = Optional.empty();
    while (reached.isEmpty()) {
      if (!gate.await(() -> isApplied(end) || halt().isPresent(), deadline)) {
        throw isServing()
            ? ErrorCode.TIMEOUT.because(
                "timeout waiting for shard %s to catch up with its log", shard)
            : ErrorCode.COLLECTION_NOT_FULLY_LOADED.with("collection", collection.name());
      }
      reached = gate.read(() -> Optional.ofNullable(live).filter(_ -> isApplied(end)));
      Optional<Halt> halted = reached.isEmpty() ? gate.read(this::halt) : Optional.empty();
      if (halted.isPresent()) {
        throw ErrorCode.CORRUPT.because("%s", text(halted.get()));
      }
    }
    return reached.get();
  }

  /// Under the gate.
  private boolean isApplied(Optional<Position> end) {
    return live != null && (end.isEmpty() || live.position().isAtOrAfter(end.get()));
  }

  /// Under the gate.
  private Optional<Halt> halt() {
    return Optional.ofNullable(live).flatMap(LiveShard::halt);
  }

  private String text(Halt halt) {
    return "shard %s is halted at %s: %s".formatted(shard, halt.at(), halt.reason());
  }

  boolean isServing() {
    return gate.read(() -> live != null);
  }

  /// Why the shard is not served; empty when there is no reason to complain.
  String failure() {
    return gate.read(() -> failure);
  }

  /// A newer manifest may have been committed.
  void manifestChanged() {
    manifests.wake();
  }

  @Override
  public void close() {
    closed = true;
    follower.cancel();
    manifests.close();
    follower.join(Deadline.NEVER);
    turn.take(this::release);
  }

  private LiveShard require() {
    return gate.read(() -> Optional.ofNullable(live))
        .orElseThrow(
            () -> ErrorCode.COLLECTION_NOT_FULLY_LOADED.with("collection", collection.name()));
  }

  private LogId logId() {
    return collection.log(shard);
  }

  private void follow() {
    for (int failures = 1; !closed; failures++) {
      try {
        Position from = turn.take(Deadline.NEVER, this::takeUp);
        failures = 0;
        followFrom(from);
      } catch (RuntimeException | OutOfMemoryError e) { // direct memory: the JVM lives on
        if (closed) {
          return;
        }
        log.warn("shard is taken up anew shard={} failures={}", shard, failures, e);
        gate.change(() -> failure = String.valueOf(e.getMessage()));
        run.sleep(RESTART.pause(failures + 1, run.random()));
      }
    }
  }

  /// Opens what is committed.
  ///
  /// @return where to follow the log from
  private Position takeUp() {
    release();
    Position floor = files.floor(logId());
    Optional<Manifest> newest = files.newest(shard);
    Checkpoint start = newest.map(Manifest::checkpoint).orElseGet(() -> Checkpoint.start(floor));
    List<Deletes> deletes = newest.map(files::deletes).orElse(List.of());
    SegmentSet segments = SegmentSet.EMPTY.open(files, collection.schema(), newest);
    LiveShard opened = new LiveShard(collection.schema(), start, segments.readers(), deletes);
    Position covered = newest.map(Manifest::covered).orElse(floor);
    Position from = covered.isBefore(floor) ? floor : covered;
    newest.ifPresent(manifest -> files.spilled(manifest).forEach(opened::take));
    opened.pass(from);
    gate.change(() -> {
      live = opened;
      held = segments;
      manifestVersion = newest.map(Manifest::version).orElse(0L);
      failure = opened.halt().map(this::text).orElse("");
    });
    manifests.wake();
    log.info("shard taken up shard={} from={} segments={}", shard, from, segments.readers().size());
    return from;
  }

  private void followFrom(Position from) {
    try (WalReader reader = wal.tail(logId(), from)) {
      while (!closed && require().halt().isEmpty()) {
        List<WalRecord> batch = reader.poll(Deadline.NEVER);
        turn.take(() -> apply(batch, reader.position()));
      }
    }
    gate.await(() -> halt().isEmpty(), Deadline.NEVER);
  }

  private void apply(List<WalRecord> batch, Position end) {
    LiveShard current = require();
    for (WalRecord record : batch) {
      RecordCodec.find(record.bytes())
          .filter(header -> header.shard().equals(shard))
          .ifPresent(_ -> current.take(record));
    }
    current.pass(end);
    current.halt().ifPresent(halt -> log.error("{}", text(halt)));
    gate.change(() -> failure = current.halt().map(this::text).orElse("")); // wakes readers
  }

  /// Files are brought and mapped without the turn, so that the log is followed meanwhile.
  private void takeNewestManifest() {
    Optional<LiveShard> before = gate.read(() -> Optional.ofNullable(live));
    Optional<Manifest> newest = before.isEmpty() ? Optional.empty() : files.newest(shard);
    if (newest.isEmpty() || newest.get().version() <= gate.read(() -> manifestVersion)) {
      return;
    }
    SegmentSet former = gate.read(() -> held);
    List<Deletes> deletes = files.deletes(newest.get());
    SegmentSet segments = former.open(files, collection.schema(), newest);
    boolean installed =
        turn.take(Deadline.NEVER, () -> install(before.get(), newest.get(), segments, deletes));
    if (!installed) {
      segments.closeThoseNotIn(former);
    }
  }

  /// @return false when the shard was taken up anew meanwhile
  private boolean install(
      LiveShard before, Manifest manifest, SegmentSet segments, List<Deletes> deletes) {
    if (gate.read(() -> live) != before) {
      return false;
    }
    before.install(manifest.checkpoint(), segments.readers(), deletes);
    gate.change(() -> {
      held = segments;
      manifestVersion = manifest.version();
    });
    log.info(
        "manifest taken shard={} version={} segments={}",
        shard,
        manifest.version(),
        segments.readers().size());
    return true;
  }

  private void release() {
    gate.change(
            () -> {
              Optional<LiveShard> old = Optional.ofNullable(live);
              live = null;
              held = SegmentSet.EMPTY;
              return old;
            })
        .ifPresent(LiveShard::close);
  }
}
