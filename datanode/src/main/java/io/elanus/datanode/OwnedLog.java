package io.elanus.datanode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.error.ErrorKind;
import io.elanus.common.manifest.ManifestEdit;
import io.elanus.common.manifest.ManifestEdit.Seed;
import io.elanus.common.manifest.ManifestStore.Current;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.ShardId;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal.WalRecord;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the owner of a log does with it: applies records, flushes what is full, old or asked for, raises the
/// floor, takes edits. Used under the turn of its [LogOwner].
///
/// A flush that fails before its commit has changed nothing: it is put off, and while the tails are full
/// nothing more is read. What fails for one shard alone sets that shard aside. Only a commit that was
/// refused or whose outcome is unknown leaves this in doubt about what is committed.
final class OwnedLog {
  private static final Logger log = LoggerFactory.getLogger(OwnedLog.class);
  private static final Backoff AGAIN = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));

  /// How often it is looked up whether what shards keep for readers of the past is wanted still. A read of one key per
  /// collection that keeps something.
  private static final Duration LOOK_FOR_PINS = Duration.ofSeconds(30);

  /// How long an idle owner sleeps at most.
  private static final Duration LOOK = Duration.ofMinutes(1);

  private static final Backoff ASIDE = new Backoff(Duration.ofSeconds(30), Duration.ofMinutes(30));

  private final Run run;
  private final Ownership ownership;
  private final OwnedShards shards;
  private final LogFloor floor;
  private final ShardFlush flush;
  private final SpillFiles spills;
  private final DataNodeConfig config;

  private Position here = new Position(0, 0);
  private boolean flushedSince;
  private int flushFailures;
  private Deadline flushAgain = new Deadline(0);
  private Deadline pinsAgain = Deadline.NEVER;
  private int asideRounds;
  private Deadline asideAgain = Deadline.NEVER;

  OwnedLog(
      Run run,
      Ownership ownership,
      OwnedShards shards,
      LogFloor floor,
      ShardFlush flush,
      SpillFiles spills,
      DataNodeConfig config) {
    this.run = run;
    this.ownership = ownership;
    this.shards = shards;
    this.floor = floor;
    this.flush = flush;
    this.spills = spills;
    this.config = config;
  }

  /// Forgets everything and takes up what is committed.
  ///
  /// @return where to read the log from
  Position recover() {
    here = floor.recover(ownership.log());
    shards.recover(ownership.log(), here);
    flushedSince = false;
    flushFailures = 0;
    flushAgain = new Deadline(run.nanoTime());
    pinsAgain = Deadline.NEVER;
    asideAgain = Deadline.NEVER;
    asideRounds = shards.aside().isEmpty() ? 0 : asideRounds;
    retryAsideLater();
    return here;
  }

  /// Takes what was read of the log.
  ///
  /// @param end everything before it is in `batch` or an earlier one
  void apply(List<WalRecord> batch, Position end) {
    for (WalRecord record : batch) {
      RecordCodec.find(record.bytes())
          .map(RecordHeader::shard)
          .ifPresentOrElse(shard -> apply(shard, record), () -> keepStray(record));
    }
    here = end;
  }

  private void apply(ShardId id, WalRecord record) {
    shards
        .findOrAdopt(id, record.position())
        .ifPresent(shard -> {
          shard.apply(record, run.nanoTime());
          shards.changed(shard);
          shards.forgetIfDropped(shard);
        });
  }

  private void keepStray(WalRecord record) {
    spills.keepStray(ownership.log(), record);
    log.error(
        "no record of ours, kept as a stray object log={} at={} bytes={}",
        ownership.log(),
        record.position(),
        record.bytes().length);
  }

  /// Flushes what is due, unless it failed a moment ago.
  ///
  /// @param asked how far shards are wanted to be flushed
  /// @return those of `asked` that are done
  Map<ShardId, Position> flushDue(Map<ShardId, Position> asked) {
    Map<ShardId, Position> done = new HashMap<>();
    if (flushAgain.hasPassed(run)) {
      unlessPutOff(() -> {
        flushAsked(asked, done);
        shards.dirty().stream().filter(this::isDue).forEach(this::flush);
        letGoOfPast();
        flushLargestWhileFull();
        raiseFloor();
      });
    }
    floor.trimDue();
    return done;
  }

  /// Flushes everything that was applied.
  ///
  /// @throws DbException when that fails; it will be tried again
  void flushAll() {
    shards.dirty().forEach(this::flush);
    floor.raise(ownership, shards.lowestNeeded(here));
  }

  EditOutcome edit(ManifestEdit edit) {
    return edit.seed().map(seed -> seed(edit, seed)).orElseGet(() -> editThere(edit));
  }

  /// Nothing is appended to the logs of a collection that is being restored. So whoever has made a shard's first
  /// manifest has made it of the same snapshot.
  private EditOutcome seed(ManifestEdit edit, Seed seed) {
    Optional<OwnedShard> known = shards.find(edit.shard());
    if (known.flatMap(OwnedShard::current).isPresent()) {
      return known.get().checkpoint().version() >= seed.version()
          ? new EditOutcome.Committed()
          : new EditOutcome.Rejected("shard %s has begun otherwise".formatted(edit.shard()));
    }
    Optional<CollectionSchema> schema = shards.restoring(edit.shard().collection());
    if (schema.isEmpty() || known.flatMap(OwnedShard::dirt).isPresent()) {
      return new EditOutcome.Rejected("shard %s is not restored now".formatted(edit.shard()));
    }
    Current first = flush.seed(ownership, edit, seed, here);
    shards.begin(
        new OwnedShard(
            edit.shard(), schema.get(), first.manifest().checkpoint(), Optional.of(first)));
    return new EditOutcome.Committed();
  }

  private EditOutcome editThere(ManifestEdit edit) {
    return shards
        .find(edit.shard())
        .map(shard -> flush.edit(ownership, shard, edit))
        .orElseGet(() -> new EditOutcome.Rejected("shard %s is gone".formatted(edit.shard())));
  }

  /// @throws DbException `COLLECTION_NOT_FOUND` when there is no such shard
  ShardPointer fence(ShardId id, long oldestReadable, long fence) {
    OwnedShard shard =
        shards
            .find(id)
            .orElseThrow(() -> ErrorCode.COLLECTION_NOT_FOUND.because("shard %s is gone", id));
    return flush.fence(ownership, shard, oldestReadable, fence);
  }

  long unflushedRows(CollectionId collection, Optional<PartitionId> partition) {
    return shards.unflushedRows(collection, partition);
  }

  OwnedShards shards() {
    return shards;
  }

  /// Whether the last flush failed.
  boolean isPutOff() {
    return flushFailures > 0;
  }

  Position floor() {
    return floor.position();
  }

  /// What is to be done next.
  Next next() {
    if (asideAgain.hasPassed(run)) {
      return new Next.StartOver();
    }
    Deadline look =
        Deadline.after(run, LOOK)
            .orEarlier(flushFailures > 0 ? flushAgain : nextFlush())
            .orEarlier(floor.nextTrim())
            .orEarlier(asideAgain);
    return flushFailures > 0 && isFull() ? new Next.Wait(look) : new Next.Read(look);
  }

  /// Unless the last one failed.
  private Deadline nextFlush() {
    return nextAge().orEarlier(nextFloor()).orEarlier(pinsAgain);
  }

  sealed interface Next {
    /// Read on; at `look` there is something else to do.
    record Read(Deadline look) implements Next {}

    /// Read nothing before a flush has succeeded, which is tried again at `look`.
    record Wait(Deadline look) implements Next {}

    /// Take up what is committed: shards that were set aside may be whole again.
    record StartOver() implements Next {}
  }

  /// Whether `error` says that what is committed is not what this believes.
  static boolean leavesDoubt(RuntimeException error) {
    return error instanceof DbException e
        && (e.code() == ErrorCode.LEADERSHIP_LOST || e.code() == ErrorCode.OUTCOME_UNKNOWN);
  }

  private void unlessPutOff(Runnable flushing) {
    try {
      flushing.run();
      flushFailures = 0;
    } catch (DbException e) {
      if (leavesDoubt(e) || e.code() == ErrorCode.CANCELED) {
        throw e;
      }
      flushFailures++;
      flushAgain = Deadline.after(run, AGAIN.pause(flushFailures, run.random()));
      log.warn("flush put off log={} failures={}", ownership.log(), flushFailures, e);
    }
  }

  /// A shard that has met no record gets a manifest, too: the floor may stay low for others, and who asked looks
  /// at what is committed.
  private void flushAsked(Map<ShardId, Position> asked, Map<ShardId, Position> done) {
    asked.forEach((id, position) -> {
      if (here.isAtOrAfter(position)) {
        if (!floor.position().isAtOrAfter(position)) {
          shards
              .findOrAdopt(id, here)
              .filter(shard -> shard.current().isEmpty() || shard.covered().isBefore(position))
              .ifPresent(this::flush);
        }
        done.put(id, position);
      }
    });
  }

  /// What the newest manifests keep for marks that are pinned no more may go: by a flush, though there be nothing
  /// else to write. Not before the log is read as far as their manifests cover it.
  private void letGoOfPast() {
    List<OwnedShard> keeping =
        shards.all().stream().filter(shard -> !shard.checkpoint().marks().isEmpty()).toList();
    if (keeping.isEmpty()) {
      pinsAgain = Deadline.NEVER;
    } else if (pinsAgain.isNever()) {
      pinsAgain = Deadline.after(run, lookForPins());
    } else if (pinsAgain.hasPassed(run)) {
      pinsAgain = Deadline.after(run, lookForPins());
      keeping.stream()
          .filter(shard -> here.isAtOrAfter(shard.covered()))
          .filter(flush::outlivesPins)
          .forEach(this::flush);
    }
  }

  /// Not more often than shards are flushed for their age.
  private Duration lookForPins() {
    return config.flushAge().compareTo(LOOK_FOR_PINS) < 0 ? config.flushAge() : LOOK_FOR_PINS;
  }

  /// Many small tails are as heavy as a large one.
  private void flushLargestWhileFull() {
    while (isFull()) {
      Optional<OwnedShard> largest =
          shards.dirty().stream().max(Comparator.comparingLong(OwnedShard::sizeBytes));
      if (largest.isEmpty()) {
        return;
      }
      flush(largest.get());
    }
  }

  private void flush(OwnedShard shard) {
    try {
      flush.flush(ownership, shard, here);
      shards.changed(shard);
      flushedSince = true;
    } catch (DbException e) {
      if (e.code() == ErrorCode.COLLECTION_NOT_FOUND) {
        shards.forget(shard.id());
      } else if (e.kind() == ErrorKind.CORRUPT) {
        setAside(shard, e);
      } else {
        throw e;
      }
    } catch (RuntimeException e) { // a defect that this shard's rows bring about
      setAside(shard, e);
    }
  }

  private void setAside(OwnedShard shard, RuntimeException cause) {
    shards.setAside(shard, cause);
    retryAsideLater();
  }

  private void retryAsideLater() {
    if (!shards.aside().isEmpty() && asideAgain.isNever()) {
      asideRounds++;
      asideAgain = Deadline.after(run, ASIDE.pause(asideRounds, run.random()));
    }
  }

  /// After each flush; else now and then, so that a log of barriers and of dropped collections is trimmed.
  private void raiseFloor() {
    if (flushedSince || nextFloor().hasPassed(run)) {
      floor.raise(ownership, shards.lowestNeeded(here));
      flushedSince = false;
    }
  }

  private Deadline nextFloor() {
    boolean higher = floor.position().isBefore(shards.lowestNeeded(here));
    return higher
        ? new Deadline(floor.raisedNanoTime() + config.flushAge().toNanos())
        : Deadline.NEVER;
  }

  private boolean isDue(OwnedShard shard) {
    return shard.isRecovered()
        || shard.sizeBytes() >= config.flushBytes()
        || shard.dirt().filter(dirt -> age(dirt).hasPassed(run)).isPresent();
  }

  private boolean isFull() {
    return shards.sizeBytes() >= config.flushBytes();
  }

  /// When the oldest unflushed record becomes too old.
  private Deadline nextAge() {
    return shards.dirty().stream()
        .flatMap(shard -> shard.dirt().stream())
        .map(this::age)
        .reduce(Deadline.NEVER, Deadline::orEarlier);
  }

  private Deadline age(OwnedShard.Dirt dirt) {
    return new Deadline(dirt.sinceNanoTime() + config.flushAge().toNanos());
  }
}
