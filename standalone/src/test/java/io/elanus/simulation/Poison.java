package io.elanus.simulation;

import io.elanus.common.format.Format;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestCodec;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.Spill;
import io.elanus.common.manifest.SpillEntry;
import io.elanus.common.manifest.SpillFile;
import io.elanus.common.model.Collection;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.RowBatch;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.MemoryWal;
import io.elanus.common.wal.Wal.WalRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A second collection in the same logs, into whose only shard somebody writes a record of a kind that comes
/// with a later version. Its shard has to halt there and keep everything; the other collection must not
/// notice (invariants 9 and 20).
final class Poison {
  static final String NAME = "poison";

  /// Of all its records; no proxy has this id.
  static final long WRITER = 1L << 50;

  private static final int UNKNOWN_KIND = 77;

  private final MemoryWal wal;
  private final ObjectStore objects;
  private final TreeMap<Long, byte[]> records = new TreeMap<>();
  private Optional<Collection> collection = Optional.empty();
  private Optional<ShardPointer> newest = Optional.empty();
  private Optional<Long> badOffset = Optional.empty();
  private long rowsBefore;
  private long sequence;

  Poison(MemoryWal wal, ObjectStore objects) {
    this.wal = wal;
    this.objects = objects;
  }

  void know(Collection created) {
    collection = Optional.of(created);
  }

  Optional<Collection> collection() {
    return collection;
  }

  boolean isGiven() {
    return badOffset.isPresent();
  }

  /// One more row.
  void insert() {
    if (!isGiven()) {
      rowsBefore++;
    }
    append(RecordCodec.encode(record()));
  }

  /// From here on nothing can be applied.
  void give() {
    byte[] bytes = RecordCodec.encode(record());
    bytes[6] = UNKNOWN_KIND;
    setInt(bytes, 60, Format.crc32c(bytes, 0, 60));
    setInt(bytes, bytes.length - 4, Format.crc32c(bytes, 0, bytes.length - 4));
    badOffset = Optional.of(append(bytes));
  }

  private LogRecord record() {
    RecordHeader header = new RecordHeader(shard(), WRITER, ++sequence, 0, 1, 0, 0);
    long tag = (1L << 40) + sequence;
    RowBatch row =
        new RowBatch(
            1,
            new TreeMap<>(
                Map.of(
                    Films.ID,
                    new Int64Column(new long[] {sequence}),
                    Films.VECTOR,
                    new FloatVectorColumn(Films.vector(tag), Films.DIMENSION),
                    Films.TAG,
                    new Int64Column(new long[] {tag}),
                    Films.GROUP,
                    new Int64Column(new long[] {0}))));
    return new LogRecord.Insert(header, new PartitionId(1), row);
  }

  private static void setInt(byte[] bytes, int at, int value) {
    for (int i = 0; i < 4; i++) {
      bytes[at + i] = (byte) (value >>> 8 * i);
    }
  }

  private long append(byte[] bytes) {
    long offset = wal.append(log(), bytes).offset();
    records.put(offset, bytes);
    return offset;
  }

  private ShardId shard() {
    return collection.orElseThrow().shard(0);
  }

  private LogId log() {
    return collection.orElseThrow().log(shard());
  }

  /// A manifest of it was committed.
  void take(ShardPointer pointer) {
    newest.ifPresent(before ->
        Violation.unless(
            pointer.checkpoint().isAtOrAfter(before.checkpoint())
                && pointer.covered().isAtOrAfter(before.covered()),
            "6: poisoned shard: %s after %s",
            pointer,
            before));
    newest = Optional.of(pointer);
    badOffset.ifPresent(bad ->
        Violation.unless(
            pointer.checkpoint().offset() <= bad,
            "20: poisoned shard: checkpoint %s lies beyond the record at %d",
            pointer.checkpoint(),
            bad));
  }

  /// No floor lies above a record that is in no manifest and in no spill.
  void checkFloor(LogId floorOf, long floor) {
    if (collection.isEmpty() || !log().equals(floorOf)) {
      return;
    }
    long covered = newest.map(p -> p.covered().offset()).orElse(0L);
    Optional<Long> needed = Optional.ofNullable(records.ceilingKey(covered));
    Violation.unless(
        needed.isEmpty() || floor <= needed.get(),
        "9: floor %d of log %s, but the poisoned shard has a record at %s in no manifest",
        floor,
        floorOf,
        needed.orElse(-1L));
  }

  /// In the end everything of it is in the bucket.
  void checkKept() {
    if (!isGiven()) {
      return;
    }
    Manifest manifest = ManifestCodec.decode(objects.read(newest.orElseThrow().manifest()));
    Violation.unless(
        manifest.rowCount() == rowsBefore
            && manifest.checkpoint().position().offset() <= badOffset.orElseThrow(),
        "20: poisoned shard: %d rows up to %s, expected %d up to %d",
        manifest.rowCount(),
        manifest.checkpoint().position(),
        rowsBefore,
        badOffset.orElseThrow());
    List<Long> kept = new ArrayList<>();
    for (SpillEntry file : manifest.spill().map(Spill::files).orElse(List.of())) {
      for (WalRecord raw :
          SpillFile.read(objects.read(file.file().key()), manifest.shard(), file)) {
        kept.add(raw.position().offset());
      }
    }
    List<Long> wanted = List.copyOf(records.tailMap(badOffset.orElseThrow()).keySet());
    Violation.unless(
        kept.equals(wanted), "20: poisoned shard: spilled %s, expected %s", kept, wanted);
  }
}
