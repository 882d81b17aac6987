package io.elanus.datanode;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestStore.Current;
import io.elanus.common.manifest.MarkPoint;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.manifest.Spill;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.ShardId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal.WalRecord;
import io.elanus.segment.tail.Halt;
import io.elanus.segment.tail.TailFollower;
import io.elanus.segment.tail.TailView;
import io.elanus.segment.tail.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A shard as its owner keeps it: the newest manifest and the tail after it. Used under the turn of its
/// [LogOwner].
///
/// A halted shard keeps its tail up to the record that cannot be applied, and the bytes of all records from
/// there on, until a flush has brought both to the bucket.
final class OwnedShard {
  private static final Logger log = LoggerFactory.getLogger(OwnedShard.class);
  private static final Verdict BARRIER = new Verdict.Ignored(Verdict.Reason.BARRIER);

  private final ShardId id;
  private final TailFollower follower;
  private final Checkpoint start;
  private Optional<Current> current;
  private Optional<Dirt> dirt = Optional.empty();

  /// Records before it are in the manifest or its spill.
  private Position covered;

  /// Everything before it was seen here.
  private Position seen;

  /// From the halt on, in no spill yet.
  private final List<WalRecord> waiting = new ArrayList<>();

  private long waitingBytes;

  /// Of the records since the newest manifest, as the log has them.
  private long logBytes;

  /// Records of a spill were applied, so the next manifest can do without them.
  private boolean recovered;

  /// @param start where this shard's records are taken up: the manifest's checkpoint, or the place of the
  ///     shard's first record
  OwnedShard(ShardId id, CollectionSchema schema, Checkpoint start, Optional<Current> current) {
    this.id = id;
    this.start = start;
    this.current = current;
    this.follower = new TailFollower(schema, start);
    this.covered = current.map(Current::manifest).map(Manifest::covered).orElse(start.position());
    this.seen = covered;
  }

  ShardId id() {
    return id;
  }

  Optional<Current> current() {
    return current;
  }

  TailView tail() {
    return follower.view();
  }

  Optional<Halt> halt() {
    return follower.halt();
  }

  /// Of the newest manifest.
  Optional<Spill> spill() {
    return current.flatMap(c -> c.manifest().spill());
  }

  List<WalRecord> waiting() {
    return List.copyOf(waiting);
  }

  /// Held in memory, or to be read again from the log by the next owner: whichever is more.
  long sizeBytes() {
    return Math.max(logBytes, follower.view().sizeBytes() + waitingBytes);
  }

  /// Rows of the tail, less those of segments that the next flush leaves out of the manifest; all without
  /// what a truncate or the drop of a partition removed.
  ///
  /// @param partition only of this one; empty for all
  long unflushedRows(Optional<PartitionId> partition) {
    TailView tail = tail();
    long removed =
        current.map(Current::manifest).map(Manifest::segments).orElse(List.of()).stream()
            .filter(s -> partition.isEmpty() || partition.get().equals(s.partition()))
            .filter(s ->
                tail.deletes().stream().anyMatch(d -> d.removesAll(s.partition(), s.maxVersion())))
            .mapToLong(SegmentEntry::rowCount)
            .sum();
    return tail.rowsKept(partition) - removed;
  }

  /// The checkpoint that the next manifest's parent has.
  Checkpoint checkpoint() {
    return current.map(Current::manifest).map(Manifest::checkpoint).orElse(start);
  }

  /// Records before it are in the manifest or its spill.
  Position covered() {
    return covered;
  }

  /// Passes records of other shards: everything before `position` is applied.
  void pass(Position position) {
    follower.pass(position);
    seen = seen.isAtOrAfter(position) ? seen : position;
  }

  /// The checkpoint of a manifest that covers everything up to `position`, where this shard stands: of a
  /// halted shard the record that cannot be applied.
  ///
  /// @param pinned marks that must stay readable; looked up after everything before `position` was applied
  Checkpoint checkpointAt(Position position, Set<Long> pinned) {
    Position cut = halt().map(Halt::at).orElse(position);
    return follower.checkpoint(cut, pinned);
  }

  /// Marks met so far that a manifest with this checkpoint keeps readable no more.
  Set<Long> forgottenBy(Checkpoint checkpoint) {
    Set<Long> kept = checkpoint.marks().stream().map(MarkPoint::mark).collect(Collectors.toSet());
    return follower.marks().keySet().stream()
        .filter(mark -> !kept.contains(mark))
        .collect(Collectors.toSet());
  }

  /// Whether the newest manifest keeps some mark readable that is in none of `pinned` any more.
  boolean outlives(Set<Long> pinned) {
    return checkpoint().marks().stream().anyMatch(point -> !pinned.contains(point.mark()));
  }

  /// The oldest record that no manifest covers, and since when it is here.
  Optional<Dirt> dirt() {
    return dirt;
  }

  /// Whether a manifest is due, however little has changed.
  boolean isRecovered() {
    return recovered;
  }

  boolean isDropped() {
    return follower.dropped();
  }

  /// Takes the records of the manifest's spill, as far as this software can apply them.
  void recover(List<WalRecord> spilled) {
    for (WalRecord raw : spilled) {
      if (!raw.position().isBefore(checkpoint().position())) {
        recovered |= follower.take(raw).isPresent();
      }
    }
    follower.pass(covered);
    halt().ifPresent(this::alarm);
  }

  /// Takes the next record of the log that names this shard.
  ///
  /// @param nanoTime now
  void apply(WalRecord raw, long nanoTime) {
    if (raw.position().isBefore(covered)) {
      return;
    }
    boolean wasHalted = halt().isPresent();
    Optional<Verdict> verdict = follower.take(raw);
    seen = raw.next();
    if (verdict.filter(v -> v.equals(BARRIER)).isPresent()) {
      return;
    }
    logBytes += raw.bytes().length;
    if (dirt.isEmpty()) {
      dirt = Optional.of(new Dirt(raw.position(), nanoTime));
    }
    if (verdict.isEmpty()) {
      waiting.add(raw);
      waitingBytes += raw.bytes().length;
      halt().filter(_ -> !wasHalted).ifPresent(this::alarm);
    }
  }

  private void alarm(Halt halt) {
    log.error("shard halted shard={} at={} reason={}", id, halt.at(), halt.reason());
  }

  /// Takes a manifest that was just committed.
  void committed(Current next) {
    Manifest manifest = next.manifest();
    boolean all =
        manifest.checkpoint().position().isAtOrAfter(follower.view().position())
            && manifest.covered().isAtOrAfter(seen);
    current = Optional.of(next);
    covered = manifest.covered();
    follower.dropBefore(manifest.checkpoint());
    if (all) {
      dirt = Optional.empty();
      waiting.clear();
      waitingBytes = 0;
      logBytes = 0;
      recovered = false;
    }
  }

  /// Takes another pointer to the same manifest.
  void repointed(Current same) {
    current = Optional.of(same);
  }

  record Dirt(Position from, long sinceNanoTime) {}
}
