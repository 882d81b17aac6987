package io.elanus.datanode;

import io.elanus.common.manifest.Spill;
import io.elanus.common.manifest.SpillEntry;
import io.elanus.common.manifest.SpillFile;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal.WalRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Brings the records of halted shards to the bucket and back.
final class SpillFiles {
  /// As many small files as a spill has before they are put into one.
  private static final int MAX_FILES = 16;

  /// Together these make a file that is still read in one piece.
  private static final long MERGED_BYTES = 64L << 20;

  private final ObjectStore objects;
  private final Ids ids;

  SpillFiles(ObjectStore objects, Ids ids) {
    this.objects = objects;
    this.ids = ids;
  }

  /// What the manifest of a halted shard names next: the former files as far as they are needed, and one of
  /// the records that came since.
  ///
  /// @param through up to which the log was read
  Optional<Spill> next(OwnedShard shard, Position through) {
    return shard
        .halt()
        .map(halt -> {
          List<SpillEntry> files =
              new ArrayList<>(shard.spill().map(Spill::files).orElse(List.of()));
          files.removeIf(file -> file.endOffset() <= halt.at().offset());
          if (!shard.waiting().isEmpty()) {
            List<WalRecord> records = new ArrayList<>(mergeable(shard.id(), files));
            records.addAll(shard.waiting());
            files.add(write(shard.id(), records));
          }
          return new Spill(through, halt.reason(), files);
        });
  }

  /// All records of a spill, in the order of the log.
  List<WalRecord> read(ShardId shard, Spill spill) {
    return spill.files().stream().flatMap(file -> read(shard, file).stream()).toList();
  }

  /// Keeps bytes of a log that belong to no shard: nothing in the log is dropped silently.
  void keepStray(LogId log, WalRecord record) {
    objects.create(ObjectLayout.stray(log, record.position()), record.bytes());
  }

  /// Takes the newest small files from `files` when they have become many.
  private List<WalRecord> mergeable(ShardId shard, List<SpillEntry> files) {
    int from = files.size();
    long bytes = 0;
    while (from > 0 && bytes + files.get(from - 1).file().sizeBytes() <= MERGED_BYTES) {
      from--;
      bytes += files.get(from).file().sizeBytes();
    }
    if (files.size() - from < MAX_FILES) {
      return List.of();
    }
    List<SpillEntry> merged = files.subList(from, files.size());
    List<WalRecord> records = merged.stream().flatMap(file -> read(shard, file).stream()).toList();
    merged.clear();
    return records;
  }

  private List<WalRecord> read(ShardId shard, SpillEntry file) {
    return SpillFile.read(objects.read(file.file().key()), shard, file);
  }

  private SpillEntry write(ShardId shard, List<WalRecord> records) {
    ObjectKey key = ObjectLayout.spill(shard, ids.take(1));
    byte[] bytes = SpillFile.write(shard, records);
    objects.create(key, bytes);
    return SpillFile.entry(key, bytes, records);
  }
}
