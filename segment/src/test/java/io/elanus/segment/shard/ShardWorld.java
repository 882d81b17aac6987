package io.elanus.segment.shard;

import io.elanus.common.expr.Expr;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.DeleteFileEntry;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.DataType;
import io.elanus.common.model.DefaultValue;
import io.elanus.common.model.Field;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.RowBatch;
import io.elanus.common.model.SegmentId;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordHeader;
import io.elanus.segment.Samples;
import io.elanus.segment.delete.DeleteFile;
import io.elanus.segment.delete.Deletes;
import io.elanus.segment.file.SegmentMerge;
import io.elanus.segment.file.SegmentReader;
import io.elanus.segment.file.SegmentWriter;
import io.elanus.segment.tail.ShardSequencer;
import io.elanus.segment.tail.TailCut;
import io.elanus.segment.tail.TailFollower;
import io.elanus.segment.tail.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/// One shard with all that happens to it: a log, an owner that flushes it, a leader that reads it,
/// and a model that knows what is right.
final class ShardWorld implements AutoCloseable {
  static final int KEYS = 25;

  /// As the catalog has it: who starts anew begins with it, the others hear of it from the log.
  private CollectionSchema schema;

  private final Path folder;
  private final Random random;
  private final ShardModel model = new ShardModel();
  private final List<LogRecord> log = new ArrayList<>();
  private final ShardSequencer modelSequencer;
  private TailFollower owner;
  private final Set<PartitionId> droppedPartitions = new HashSet<>();
  private long ddlSequence;
  private Manifest manifest;
  private LiveShard leader;
  private final Map<SegmentId, SegmentReader> leaderSegments = new HashMap<>();
  private int leaderOffset;
  private long clock = 1000;
  private long sequence;
  private long files;

  /// What the owner committed last.
  private record Manifest(
      Checkpoint checkpoint, List<SegmentEntry> segments, List<DeleteBytes> deletes) {}

  private record DeleteBytes(DeleteFileEntry entry, byte[] bytes) {}

  ShardWorld(CollectionSchema schema, Path folder, Random random) {
    this.schema = schema;
    this.folder = folder;
    this.random = random;
    Checkpoint start = Checkpoint.start(Samples.position(0));
    modelSequencer = new ShardSequencer(start, Samples.KEY);
    owner = new TailFollower(schema, start);
    manifest = new Manifest(start, List.of(), List.of());
    leader = new LiveShard(schema, start, List.of(), List.of());
  }

  CollectionSchema schema() {
    return schema;
  }

  ShardModel model() {
    return model;
  }

  LiveShard leader() {
    return leader;
  }

  /// A version the leader can read at, from the horizon on.
  long readableVersion() {
    long horizon = manifestOfLeader.horizon();
    return random.nextInt(3) == 0
        ? random.nextLong(horizon, leader.version() + 1)
        : leader.version();
  }

  private final Set<Long> pinned = new TreeSet<>();
  private final Map<Long, Long> asOf = new HashMap<>();
  private long marks;

  private Checkpoint manifestOfLeader = Checkpoint.start(Samples.position(0));

  void step() {
    switch (random.nextInt(22)) {
      case 0 -> flush();
      case 1 -> install();
      case 2 -> restart();
      case 3 -> append(new LogRecord.Barrier(header()));
      case 4 -> repeat();
      case 5 -> append(random.nextInt(5) == 0 ? control() : insert());
      case 6, 7, 8 -> append(upsert());
      case 9, 10, 11 -> append(delete());
      case 12 -> compact();
      case 13 -> append(expire());
      case 14 -> mark();
      case 15 -> unpin();
      default -> append(insert());
    }
    int reads = random.nextInt(4);
    for (int i = 0; i < reads; i++) {
      follow();
    }
  }

  private RecordHeader header() {
    clock += random.nextInt(-3, 8);
    return Samples.header(++sequence, clock);
  }

  private LogRecord control() {
    RecordHeader h = header();
    RecordHeader header =
        new RecordHeader(h.shard(), 0, ++ddlSequence, 0, h.timestamp(), 1, ddlSequence);
    return switch (random.nextInt(6)) {
      case 4, 5 -> addField(header);
      case 0 -> new LogRecord.DropPartition(header, partition());
      case 1 -> new LogRecord.Rename(header);
      default -> new LogRecord.Truncate(header);
    };
  }

  /// A field that may be null, one with a default, or one of each kind.
  private LogRecord addField(RecordHeader header) {
    long id = schema.nextFieldId();
    Field field =
        new Field(
            id,
            "added_" + id,
            "",
            DataType.INT64,
            false,
            false,
            false,
            false,
            id % 3 > 0,
            id % 3 < 2 ? Optional.of(new DefaultValue.IntValue(id % 7)) : Optional.empty(),
            Optional.empty(),
            Map.of());
    schema = schema.with(field);
    return new LogRecord.AddField(header, field);
  }

  private LogRecord insert() {
    KeyColumn keys = someKeys(random.nextInt(20) == 0 ? 200 : 6);
    return new LogRecord.Insert(header(), partition(), Samples.rowsWithAdded(schema, keys, random));
  }

  private LogRecord upsert() {
    KeyColumn keys = someKeys(4);
    if (random.nextInt(3) == 0) {
      long readAt = Math.max(0, modelSequencer.version() - random.nextInt(40));
      return new LogRecord.Upsert(
          header(),
          partition(),
          keys,
          Samples.rowsWithAdded(schema, keys, random),
          Optional.of(readAt));
    }
    return new LogRecord.Upsert(
        header(), partition(), keys, Samples.rowsWithAdded(schema, keys, random));
  }

  private LogRecord delete() {
    Optional<Long> upTo =
        random.nextInt(3) == 0
            ? Optional.of(random.nextLong(0, modelSequencer.version() + 1))
            : Optional.empty();
    Optional<PartitionId> partition =
        random.nextInt(4) == 0 ? Optional.of(partition()) : Optional.empty();
    return new LogRecord.Delete(header(), someKeys(5), upTo, partition);
  }

  private KeyColumn someKeys(int max) {
    return Samples.keys(schema, random.ints(random.nextInt(1, max), 0, KEYS).toArray());
  }

  private PartitionId partition() {
    return new PartitionId(random.nextInt(1, 4));
  }

  private void repeat() {
    if (log.isEmpty() || !(log.get(random.nextInt(log.size())) instanceof LogRecord.Upsert u)) {
      return;
    }
    RecordHeader h = u.header();
    RecordHeader again =
        new RecordHeader(h.shard(), h.writer(), h.sequence(), 1, h.timestamp(), 1, 0);
    append(new LogRecord.Upsert(again, u.partition(), u.replaced(), u.rows(), u.readAt()));
  }

  private void append(LogRecord record) {
    log.add(record);
    if (modelSequencer.accept(record) instanceof Verdict.Applied applied) {
      applyToModel(record, applied.version());
    }
    owner.apply(Samples.position(log.size()), record);
  }

  private void applyToModel(LogRecord record, long version) {
    switch (record) {
      case LogRecord.Insert r -> insertIntoModel(r.partition(), r.rows(), version);
      case LogRecord.Upsert r -> {
        model.delete(r.replaced(), version, version - 1, Optional.empty());
        insertIntoModel(r.partition(), r.rows(), version);
      }
      case LogRecord.Delete r ->
          model.delete(r.keys(), version, r.upTo().orElse(version - 1), r.partition());
      case LogRecord.DropCollection _ -> model.drop();
      case LogRecord.Truncate _ -> model.deleteAll(version, Optional.empty());
      case LogRecord.DropPartition r -> {
        model.deleteAll(version, Optional.of(r.partition()));
        droppedPartitions.add(r.partition());
      }
      case LogRecord.Expire r -> model.expire(version, Math.min(r.through(), version - 1));
      case LogRecord.Rename _,
          LogRecord.AddField _,
          LogRecord.ImportCommit _,
          LogRecord.Mark _,
          LogRecord.Barrier _ -> {}
    }
  }

  /// Pinned first, then in the log.
  private void mark() {
    RecordHeader header = header();
    long mark = ++marks;
    pinned.add(mark);
    asOf.put(mark, modelSequencer.version());
    append(new LogRecord.Mark(header, mark));
  }

  private void unpin() {
    if (!pinned.isEmpty()) {
      pinned.remove(List.copyOf(pinned).get(random.nextInt(pinned.size())));
    }
  }

  /// Some mark that is pinned.
  Optional<Long> somePinned() {
    return pinned.isEmpty()
        ? Optional.empty()
        : Optional.of(List.copyOf(pinned).get(random.nextInt(pinned.size())));
  }

  /// Whether the leader has read beyond the Mark, in the log or in a manifest.
  boolean leaderHasMet(long mark) {
    return log.subList(0, leaderOffset).stream()
        .anyMatch(r -> r instanceof LogRecord.Mark(_, long met) && met == mark);
  }

  /// The version of the shard as of `mark`.
  long versionAsOf(long mark) {
    return Objects.requireNonNull(asOf.get(mark));
  }

  /// Often of nothing that is not expired, sometimes of what is yet to come.
  private LogRecord expire() {
    long version = modelSequencer.version();
    return new LogRecord.Expire(
        header(), random.nextLong(Math.max(0, version - 200), Math.max(1, version + 20)));
  }

  /// What a compactor made of some segments; the owner has not committed it yet.
  private record Compacted(List<SegmentEntry> inputs, List<SegmentEntry> outputs) {}

  private Optional<Compacted> compacted = Optional.empty();

  /// A compactor works on the manifest it saw; the owner edits the newest.
  private void compact() {
    if (compacted.isPresent()) {
      edit(compacted.get());
      compacted = Optional.empty();
    } else if (!manifest.segments().isEmpty()) {
      compacted = merge(manifest);
    }
  }

  private Optional<Compacted> merge(Manifest seen) {
    PartitionId partition = seen.segments().get(random.nextInt(seen.segments().size())).partition();
    List<SegmentEntry> inputs =
        seen.segments().stream()
            .filter(entry -> entry.partition().equals(partition) && random.nextInt(3) > 0)
            .toList();
    if (inputs.isEmpty()) {
      return Optional.empty();
    }
    long horizon = seen.checkpoint().horizon();
    List<Deletes> deletes =
        seen.deletes().stream()
            .flatMap(file -> DeleteFile.read(file.bytes(), file.entry()).stream())
            .filter(batch -> batch.version() <= horizon)
            .toList();
    List<SegmentEntry> outputs = new ArrayList<>();
    List<SegmentReader> readers =
        inputs.stream().map(entry -> SegmentReader.open(path(entry.id()), entry, schema)).toList();
    SegmentMerge merge =
        SegmentMerge.of(
            schema,
            readers,
            deletes,
            horizon,
            seen.checkpoint().expiry().through(horizon),
            Expr.ALWAYS);
    if (merge.rows().rowCount() > 0) {
      SegmentId id = new SegmentId(++files);
      outputs.add(
          SegmentWriter.write(path(id), merge.rows())
              .toEntry(id, partition, ObjectLayout.segment(Samples.SHARD, id), horizon));
    }
    readers.forEach(SegmentReader::close);
    return Optional.of(new Compacted(inputs, outputs));
  }

  /// Not when a flush has erased one of the inputs meanwhile.
  private void edit(Compacted one) {
    if (!manifest.segments().containsAll(one.inputs())) {
      return;
    }
    List<SegmentEntry> left = new ArrayList<>(manifest.segments());
    left.removeAll(one.inputs());
    left.addAll(one.outputs());
    List<DeleteBytes> needed =
        manifest.deletes().stream()
            .filter(file ->
                left.stream()
                    .anyMatch(s ->
                        s.appliedThrough() < file.entry().maxVersion()
                            && s.minVersion() < file.entry().maxVersion()))
            .toList();
    manifest = new Manifest(manifest.checkpoint(), left, needed);
  }

  private void insertIntoModel(PartitionId partition, RowBatch rows, long version) {
    if (!droppedPartitions.contains(partition)) {
      model.insert(partition, rows, version);
    }
  }

  /// The leader reads one record of the log.
  private void follow() {
    if (leaderOffset < log.size()) {
      LogRecord record = log.get(leaderOffset++);
      leader.apply(Samples.position(leaderOffset), record);
    }
  }

  /// Whether a row of the segment may be left after deletes that no read goes below.
  private static boolean leaves(TailCut cut, SegmentEntry segment) {
    return cut.deletes().stream()
        .filter(deletes -> deletes.version() <= cut.appliedThrough())
        .noneMatch(deletes -> deletes.removesAll(segment.partition(), segment.maxVersion()));
  }

  private void flush() {
    Checkpoint newest = owner.checkpoint(owner.view().position(), Set.copyOf(pinned));
    Checkpoint checkpoint =
        random.nextBoolean()
            ? newest
            : owner.checkpoint(
                owner.view().position(),
                random.nextLong(manifest.checkpoint().horizon(), newest.horizon() + 1));
    long horizon = checkpoint.horizon();
    TailCut cut = TailCut.of(owner.view(), horizon);
    List<SegmentEntry> segments =
        new ArrayList<>(manifest.segments().stream().filter(s -> leaves(cut, s)).toList());
    for (TailCut.PartitionRows rows : cut.partitions()) {
      SegmentId id = new SegmentId(++files);
      segments.add(
          SegmentWriter.write(path(id), rows.rows())
              .toEntry(
                  id,
                  rows.partition(),
                  ObjectLayout.segment(Samples.SHARD, id),
                  cut.appliedThrough()));
    }
    List<DeleteBytes> deletes = new ArrayList<>(manifest.deletes());
    if (!cut.deletes().isEmpty()) {
      byte[] bytes = DeleteFile.write(cut.deletes());
      deletes.add(
          new DeleteBytes(
              DeleteFile.entry(ObjectLayout.deletes(Samples.SHARD, ++files), bytes, cut.deletes()),
              bytes));
    }
    manifest = new Manifest(checkpoint, segments, deletes);
    owner.dropBefore(checkpoint);
    if (random.nextInt(3) == 0) {
      owner = new TailFollower(schema, checkpoint);
    }
  }

  /// The leader takes the newest manifest, whether it has read that far or not.
  private void install() {
    if (manifest.checkpoint().ddlSequence() > leader.ddlSequence()) {
      leader.adopt(schema);
    }
    List<SegmentReader> readers = openSegments(leader.tail().schema());
    long known = readers.stream().mapToLong(leader::deletesKnown).min().orElse(Long.MAX_VALUE);
    leader.install(manifest.checkpoint(), readers, deletesAbove(known));
    manifestOfLeader = manifest.checkpoint();
    leaderOffset = Math.max(leaderOffset, (int) manifest.checkpoint().position().offset());
  }

  /// The leader starts anew from the newest manifest and reads the whole log.
  void restart() {
    leader.close();
    leaderSegments.clear();
    leader = new LiveShard(schema, manifest.checkpoint(), openSegments(schema), deletesAbove(-1));
    manifestOfLeader = manifest.checkpoint();
    leaderOffset = (int) manifest.checkpoint().position().offset();
    while (leaderOffset < log.size()) {
      follow();
    }
  }

  private List<SegmentReader> openSegments(CollectionSchema known) {
    List<SegmentReader> readers = new ArrayList<>();
    for (SegmentEntry entry : manifest.segments()) {
      readers.add(
          leaderSegments.computeIfAbsent(
              entry.id(), id -> SegmentReader.open(path(id), entry, known)));
    }
    return readers;
  }

  private List<Deletes> deletesAbove(long version) {
    List<Deletes> deletes = new ArrayList<>();
    for (DeleteBytes file : manifest.deletes()) {
      if (file.entry().maxVersion() > version) {
        deletes.addAll(DeleteFile.read(file.bytes(), file.entry()));
      }
    }
    return deletes;
  }

  private Path path(SegmentId id) {
    return folder.resolve("segment-%s-%d".formatted(id, System.identityHashCode(this)));
  }

  @Override
  public void close() {
    leader.close();
  }
}
