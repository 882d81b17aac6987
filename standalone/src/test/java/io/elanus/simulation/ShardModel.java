package io.elanus.simulation;

import io.elanus.common.model.Column;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Key;
import io.elanus.common.model.KeyHash;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.RowBatch;
import io.elanus.common.model.ShardId;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What a shard is, said as plainly as can be: every row that ever came, every delete, and the rule of
/// visibility applied to all of them each time. The oracle of the checks; it shares no code with the tail.
final class ShardModel {
  /// Part of the protocol: sequences remembered per writer, and writers.
  private static final int WINDOW = 64;

  private static final int WRITERS = 1_024;

  /// @param tag the write that made it: no two rows have the same
  record Row(
      long key,
      long version,
      int index,
      long tag,
      long group,
      Vector4 vector,
      PartitionId partition) {
    static final Comparator<Row> BY_AGE =
        Comparator.comparingLong(Row::version).thenComparingInt(Row::index);
  }

  record Vector4(float a, float b, float c, float d) {
    static Vector4 of(float[] values, int row) {
      return new Vector4(
          values[4 * row], values[4 * row + 1], values[4 * row + 2], values[4 * row + 3]);
    }

    void copyTo(float[] values, int row) {
      values[4 * row] = a;
      values[4 * row + 1] = b;
      values[4 * row + 2] = c;
      values[4 * row + 3] = d;
    }

    float squaredDistance(Vector4 other) {
      float x = a - other.a;
      float y = b - other.b;
      float z = c - other.c;
      float w = d - other.d;
      return x * x + y * y + z * z + w * w;
    }
  }

  /// @param upTo the newest version it removes
  private record Removal(long version, long upTo) {}

  /// All rows that came before, or those of a partition.
  private record Erasure(long version, Optional<PartitionId> partition) {
    boolean removes(Row row, long at) {
      return row.version < version && version <= at && touches(row.partition);
    }

    boolean touches(PartitionId rowPartition) {
      return partition.isEmpty() || partition.get().equals(rowPartition);
    }
  }

  private static final class Writer {
    final Set<Long> met = new HashSet<>();
    long newest;
    long lastVersion;
  }

  private final ShardId shard;
  private final Map<Long, List<Row>> rows = new TreeMap<>();
  private final Map<Long, List<Removal>> removals = new HashMap<>();
  private final List<Erasure> erasures = new ArrayList<>();
  private final Set<PartitionId> droppedPartitions = new HashSet<>();
  private final Map<Long, Writer> writers = new HashMap<>();
  private final Set<List<Long>> tookEffect = new HashSet<>();
  private final Map<Long, Long> tagOffsets = new HashMap<>();

  /// The version after the record at an offset, for offsets of this shard's records.
  private final TreeMap<Long, Long> versions = new TreeMap<>();

  private final TreeMap<Long, Map<Long, List<Long>>> windows = new TreeMap<>();

  /// From a version on, rows up to another are gone.
  private final TreeMap<Long, Long> expiries = new TreeMap<>();

  private static final int SLOT_BITS = 12;

  /// When a key of each slot was written last.
  private final Map<Integer, Long> slots = new HashMap<>();

  /// The version at the first partial upsert; -1 before.
  private long slotsFrom = -1;

  private long partialCount;
  private long refusedCount;
  private final Map<Long, Met> marks = new HashMap<>();

  private long newestExpiry;
  private long repeatCount;
  private long version;
  private long ddlSequence;
  private final TreeMap<Long, Long> ddlSequences = new TreeMap<>();
  private final Set<Long> tagsAfterDrop = new HashSet<>();
  private boolean dropped;
  private long droppedAt = Long.MAX_VALUE;

  /// Where a Mark is, and the version before it.
  record Met(long offset, long version) {}

  ShardModel(ShardId shard) {
    this.shard = shard;
  }

  /// @throws Violation of invariant 3
  void apply(long offset, LogRecord record) {
    switch (record) {
      case LogRecord.Barrier _ -> {}
      case LogRecord.Insert insert -> {
        if (accept(record.header())) {
          add(offset, insert.partition(), insert.rows());
        } else if (dropped) {
          Arrays.stream(integers(insert.rows(), Films.TAG)).forEach(tagsAfterDrop::add);
        }
      }
      case LogRecord.Upsert upsert -> {
        if (isCurrent(upsert) && accept(record.header())) {
          remove((Int64Column) upsert.replaced(), version - 1);
          add(offset, upsert.partition(), upsert.rows());
        }
      }
      case LogRecord.Delete delete -> {
        if (accept(record.header())) {
          remove((Int64Column) delete.keys(), Math.min(version - 1, delete.upTo().orElse(version)));
        }
      }
      case LogRecord.Expire expire -> {
        if (!dropped && expire.through() > newestExpiry) {
          newestExpiry = expire.through();
          next(expire.header());
          newestExpiry = Math.min(newestExpiry, version - 1);
          expiries.put(version, newestExpiry);
        }
      }
      case LogRecord.DropCollection drop -> {
        if (control(drop.header())) {
          dropped = true;
          droppedAt = version;
          writers.clear();
          droppedPartitions.clear();
        }
      }
      case LogRecord.Truncate truncate -> {
        if (control(truncate.header())) {
          erasures.add(new Erasure(version, Optional.empty()));
        }
      }
      case LogRecord.DropPartition drop -> {
        if (control(drop.header())) {
          erasures.add(new Erasure(version, Optional.of(drop.partition())));
          droppedPartitions.add(drop.partition());
        }
      }
      case LogRecord.Rename rename -> control(rename.header());
      case LogRecord.ImportCommit done -> control(done.header());
      case LogRecord.AddField add -> control(add.header());
      case LogRecord.Mark mark -> marks.putIfAbsent(mark.mark(), new Met(offset, version));
    }
    versions.put(offset, version);
    ddlSequences.put(offset, ddlSequence);
    windows.put(offset, windowsNow());
  }

  /// Whether no key of a partial upsert may have been written since it read: by slots that many keys share, and that
  /// begin with the first partial upsert of the shard.
  private boolean isCurrent(LogRecord.Upsert upsert) {
    if (upsert.readAt().isEmpty() || dropped || isRepeat(upsert.header())) {
      return true;
    }
    slotsFrom = slotsFrom < 0 ? version : slotsFrom;
    long readAt = upsert.readAt().get();
    for (long key : ((Int64Column) upsert.replaced()).values()) {
      long written = Math.max(slotsFrom, written(key));
      if (written > readAt) {
        refusedCount++;
        return false;
      }
      if (rows.getOrDefault(key, List.of()).stream().anyMatch(row -> row.version > readAt)) {
        throw new Violation(
            "17: shard %s: a partial upsert of key %d read at %d overwrites a later row"
                .formatted(shard, key, readAt));
      }
    }
    partialCount++;
    return true;
  }

  /// The newest version at which a key of the same slot was written.
  private long written(long key) {
    long all = erasures.stream().mapToLong(Erasure::version).max().orElse(0);
    return Math.max(all, slots.getOrDefault(KeyHash.slot(Key.of(key), SLOT_BITS), 0L));
  }

  private void note(long[] keys) {
    for (long key : keys) {
      slots.put(KeyHash.slot(Key.of(key), SLOT_BITS), version);
    }
  }

  /// Partial upserts that took effect.
  long partialCount() {
    return partialCount;
  }

  /// Partial upserts that came too late.
  long refusedCount() {
    return refusedCount;
  }

  /// Whether the control record counts.
  private boolean control(RecordHeader header) {
    if (dropped || header.ddlSequence() != ddlSequence + 1) {
      return false;
    }
    ddlSequence++;
    next(header);
    return true;
  }

  private boolean accept(RecordHeader header) {
    if (dropped) {
      return false;
    }
    if (isRepeat(header)) {
      repeatCount++;
      return false;
    }
    if (!tookEffect.add(List.of(header.writer(), header.sequence()))) {
      throw new Violation(
          "3: shard %s: (writer %d, sequence %d) takes effect twice"
              .formatted(shard, header.writer(), header.sequence()));
    }
    next(header);
    Writer writer = writers.computeIfAbsent(header.writer(), _ -> new Writer());
    writer.met.add(header.sequence());
    writer.newest = Math.max(writer.newest, header.sequence());
    writer.lastVersion = version;
    if (writers.size() > WRITERS) {
      long oldest = writers.values().stream().mapToLong(w -> w.lastVersion).min().orElseThrow();
      writers.values().removeIf(w -> w.lastVersion == oldest);
    }
    return true;
  }

  private void next(RecordHeader header) {
    version = Math.max(version + 1, header.timestamp());
  }

  private boolean isRepeat(RecordHeader header) {
    Writer writer = writers.get(header.writer());
    return writer != null
        && (header.sequence() <= writer.newest - WINDOW || writer.met.contains(header.sequence()));
  }

  /// Rows of a dropped partition come too late: they were there, and are gone.
  private void add(long offset, PartitionId partition, RowBatch batch) {
    long[] keys = integers(batch, Films.ID);
    note(keys);
    long[] tags = integers(batch, Films.TAG);
    long[] groups = integers(batch, Films.GROUP);
    float[] vectors = ((FloatVectorColumn) column(batch, Films.VECTOR)).values();
    for (int i = 0; i < keys.length; i++) {
      if (!droppedPartitions.contains(partition)) {
        Row row =
            new Row(keys[i], version, i, tags[i], groups[i], Vector4.of(vectors, i), partition);
        rows.computeIfAbsent(keys[i], _ -> new ArrayList<>()).add(row);
      }
      Long before = tagOffsets.put(tags[i], offset);
      if (before != null) {
        throw new Violation(
            "3: shard %s: write %d takes effect at offset %d and at %d"
                .formatted(shard, tags[i], before, offset));
      }
    }
  }

  private static long[] integers(RowBatch batch, long fieldId) {
    return ((Int64Column) column(batch, fieldId)).values();
  }

  private static Column column(RowBatch batch, long fieldId) {
    return Optional.ofNullable(batch.columns().get(fieldId)).orElseThrow();
  }

  private void remove(Int64Column keys, long upTo) {
    note(keys.values());
    for (long key : keys.values()) {
      removals.computeIfAbsent(key, _ -> new ArrayList<>()).add(new Removal(version, upTo));
    }
  }

  Optional<Met> mark(long mark) {
    return Optional.ofNullable(marks.get(mark));
  }

  /// The version after every record below `offset`.
  long versionBelow(long offset) {
    return Optional.ofNullable(versions.lowerEntry(offset)).map(Map.Entry::getValue).orElse(0L);
  }

  /// The offset of the first record of this shard at or after `offset`, if there is one.
  Optional<Long> firstRecordFrom(long offset) {
    return Optional.ofNullable(versions.ceilingKey(offset));
  }

  /// Rows visible at version `at`, by key, older first.
  List<Row> visible(long at) {
    List<Row> visible = new ArrayList<>();
    if (at >= droppedAt) {
      return visible;
    }
    rows.forEach(
        (key, ofKey) -> ofKey.stream().filter(row -> isVisible(row, at)).forEach(visible::add));
    return visible;
  }

  private boolean isVisible(Row row, long at) {
    return row.version <= at
        && erasures.stream().noneMatch(erasure -> erasure.removes(row, at))
        && row.version > expiredThrough(at)
        && removals.getOrDefault(row.key, List.of()).stream()
            .noneMatch(d -> row.version < d.version && d.version <= at && row.version <= d.upTo);
  }

  /// Whether no row of the partition with a version up to `maxVersion` is visible at `at` or later, whatever it
  /// is.
  boolean erases(PartitionId partition, long maxVersion, long at) {
    return erasures.stream()
        .anyMatch(erasure ->
            erasure.version > maxVersion && erasure.version <= at && erasure.touches(partition));
  }

  private long expiredThrough(long at) {
    return Optional.ofNullable(expiries.floorEntry(at)).map(Map.Entry::getValue).orElse(0L);
  }

  boolean isDropped() {
    return dropped;
  }

  /// The sequence of the last control record that counts.
  long ddlSequence() {
    return ddlSequence;
  }

  /// The sequence of the last control record below `offset` that counts.
  long ddlSequenceBelow(long offset) {
    return Optional.ofNullable(ddlSequences.lowerEntry(offset)).map(Map.Entry::getValue).orElse(0L);
  }

  /// A row that came after the control record that drops the collection.
  boolean cameAfterDrop(long tag) {
    return tagsAfterDrop.contains(tag);
  }

  boolean tookEffect(long tag) {
    return tagOffsets.containsKey(tag);
  }

  Set<Long> tags() {
    return tagOffsets.keySet();
  }

  long repeatCount() {
    return repeatCount;
  }

  long recordCount() {
    return versions.size();
  }

  /// What a checkpoint at `offset` remembers of each writer: newest sequence, bits of those met, version of
  /// its last record.
  Map<Long, List<Long>> windowsBelow(long offset) {
    return Optional.ofNullable(windows.lowerEntry(offset))
        .map(Map.Entry::getValue)
        .orElse(Map.of());
  }

  private Map<Long, List<Long>> windowsNow() {
    Map<Long, List<Long>> now = new TreeMap<>();
    writers.forEach((id, writer) -> {
      long bits = 0;
      for (int i = 0; i < WINDOW; i++) {
        bits |= writer.met.contains(writer.newest - i) ? 1L << i : 0;
      }
      now.put(id, List.of(writer.newest, bits, writer.lastVersion));
    });
    return now;
  }

  static String describe(List<Row> rows) {
    String[] texts =
        rows.stream()
            .map(r -> r.key + "@" + r.version + "." + r.index + "#" + r.tag)
            .toArray(String[]::new);
    Arrays.sort(texts);
    return String.join(" ", texts);
  }
}
