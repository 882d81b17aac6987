package io.elanus.datanode;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestStore.Current;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.ShardId;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal.WalRecord;
import io.elanus.segment.tail.ShardSequencer;
import io.elanus.segment.tail.Tail;
import io.elanus.segment.tail.TailView;
import io.elanus.segment.tail.Verdict;
import java.util.Optional;

/// A shard as its owner keeps it: the newest manifest and the tail after it. Used under the turn of its
/// [LogOwner].
final class OwnedShard {
  private final ShardId id;
  private final CollectionSchema schema;
  private final ShardSequencer sequencer;
  private final Tail tail;
  private final Checkpoint start;
  private Optional<Current> current;
  private Optional<Dirt> dirt = Optional.empty();

  /// @param start where this shard's records are taken up: the manifest's checkpoint, or the place of the
  ///     shard's first record
  OwnedShard(ShardId id, CollectionSchema schema, Checkpoint start, Optional<Current> current) {
    this.id = id;
    this.schema = schema;
    this.start = start;
    this.current = current;
    this.sequencer = new ShardSequencer(start);
    this.tail = new Tail(schema, start);
  }

  ShardId id() {
    return id;
  }

  CollectionSchema schema() {
    return schema;
  }

  Optional<Current> current() {
    return current;
  }

  TailView tail() {
    return tail.view();
  }

  /// The checkpoint that the next manifest's parent has.
  Checkpoint checkpoint() {
    return current.map(Current::manifest).map(Manifest::checkpoint).orElse(start);
  }

  /// Passes records of other shards: everything before `position` is applied.
  void pass(Position position) {
    if (!tail.view().position().isAtOrAfter(position)) {
      tail.pass(position);
    }
  }

  /// The checkpoint of a manifest that covers everything up to `position`, where this shard stands.
  /// Nobody reads below it: no pins exist yet, so the horizon is the newest version.
  Checkpoint checkpointAt(Position position) {
    return sequencer.checkpoint(position, sequencer.version());
  }

  /// The oldest record that no manifest covers, and since when it is here.
  Optional<Dirt> dirt() {
    return dirt;
  }

  boolean isDropped() {
    return sequencer.dropped();
  }

  /// Takes the next record of the log that names this shard.
  ///
  /// @param nanoTime now
  void apply(WalRecord raw, long nanoTime) {
    if (raw.position().isBefore(checkpoint().position())) {
      return;
    }
    if (dirt.isEmpty()) {
      dirt = Optional.of(new Dirt(raw.position(), nanoTime));
    }
    LogRecord record = RecordCodec.decode(raw.bytes());
    switch (sequencer.accept(record)) {
      case Verdict.Applied applied -> tail.apply(raw.next(), record, applied.version());
      case Verdict.Ignored _ -> tail.pass(raw.next());
    }
  }

  /// Takes a manifest that was just committed.
  void committed(Current next) {
    boolean covers = next.manifest().checkpoint().position().isAtOrAfter(tail.view().position());
    current = Optional.of(next);
    tail.dropBefore(next.manifest().checkpoint());
    if (covers) {
      dirt = Optional.empty();
    }
  }

  record Dirt(Position from, long sinceNanoTime) {}
}
