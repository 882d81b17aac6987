package io.elanus.simulation;

import com.google.protobuf.ByteString;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.DeleteFileEntry;
import io.elanus.common.manifest.Expiry;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestCodec;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.manifest.Spill;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.CommitOutcome;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.HybridTimestamp;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import io.elanus.proto.internal.AllocateTimestampRequest;
import io.elanus.proto.internal.AllocateTimestampResponse;
import io.elanus.proto.internal.DescribeCollectionResponse;
import io.elanus.proto.internal.FenceShardRequest;
import io.elanus.proto.internal.Freshness;
import io.elanus.proto.internal.QuerySegmentsRequest;
import io.elanus.proto.internal.QueryShardRequest;
import io.elanus.proto.internal.ReplaceEdit;
import io.elanus.proto.internal.SearchSegmentsRequest;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proto.internal.SegmentsRead;
import io.elanus.proto.internal.SubmitEditRequest;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.simulation.Chaos.Fault;
import io.elanus.simulation.Client.Habits;
import io.elanus.simulation.Node.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// The bugs that can be planted.
enum Plants {
  NONE(() -> Plant.NONE),

  /// A read that arrives while an end of the log is being asked for takes that answer.
  READ_JOINS_END_IN_FLIGHT(JoinedEnds::new),

  /// A confirmation of a bounded read counts from the answer, not from before the question.
  BOUNDED_STAMPED_AT_REPLY(StampedAtReply::new),

  /// A sequence at or below a writer's largest counts as a repeat.
  REPEATS_BY_LARGEST_SEQUENCE(() -> new Consumers(() -> new LargestSequence())),

  /// Every record takes effect.
  NO_REPEAT_FILTER(() -> new Consumers(() -> new NoRepeats())),

  /// A manifest leaves out the newest delete file.
  DELETE_FILE_DROPPED(() -> new Manifests(Plants::withoutLastDeletes)),

  /// A manifest leaves out the newest segment: rows of one partition are not flushed.
  SEGMENT_DROPPED(() -> new Manifests(Plants::withoutLastSegment)),

  /// A leader takes a manifest's segments without its delete files.
  LEADER_FORGETS_DELETES(LeaderForgetsDeletes::new),

  /// A flush moves the checkpoint to the end of the log, past rows it has not seen.
  CHECKPOINT_PAST_ROWS(CheckpointPastRows::new),

  /// A manifest is committed although the log has another owner.
  COMMIT_WITHOUT_OWNER(() -> new Conditions(Kind.DATANODE, key -> key.startsWith(MetaKeys.OWNERS))),

  /// A repeated append is a new record.
  RETRY_UNDER_NEW_SEQUENCE(RetryUnderNewSequence::new),

  /// An append that may have happened counts as one that did not.
  UNKNOWN_IS_FAILED(UnknownIsFailed::new),

  /// A holder of segments reads them as they are in its manifest, whatever version it is asked for.
  PEER_IGNORES_THE_VERSION(() -> new Holders(Plants::atItsManifest)),

  /// A holder of segments passes over the deletes that come with a call.
  PEER_FORGETS_DELETES(() -> new Holders(read -> read.toBuilder().clearDeletes().build())),

  /// A holder of segments shows rows that have expired.
  PEER_FORGETS_EXPIRY(() -> new Holders(read -> read.toBuilder().clearExpiredThrough().build())),

  /// A datanode thinks that more rows have expired than the log says.
  PURGED_BY_OWN_CLOCK(PurgesByOwnClock::new),

  /// A reader begins at the end of the log instead of where it is told to.
  READER_STARTS_AT_END(() -> new Consumers(StartsAtEnd::new)),

  /// Consumers forget a writer that was silent for ten minutes by the shard's versions.
  WRITERS_FORGOTTEN_BY_TIME(() -> new Consumers(() -> new ForgetsByTime())),

  /// An owner lets its log forget everything that was flushed, whatever the floor.
  TRIM_TO_THE_END(TrimToTheEnd::new),

  /// An owner skips records of kinds it does not know.
  UNKNOWN_RECORDS_SKIPPED(() -> new Consumers(SkipsUnknown::new)),

  /// The manifest of a halted shard does not name its spill.
  SPILL_FORGOTTEN(() -> new Manifests(Plants::withoutSpill)),

  /// A control record has no sequence of its collection: a repeat of one that comes late hits whoever has the
  /// name by then.
  CONTROL_RECORD_WITHOUT_SEQUENCE(() -> new Naming(new LateDropHitsSuccessor())),

  /// A drop is finished before the log of every shard says so.
  DROP_NOT_IN_EVERY_LOG(DropsFirstShardOnly::new),

  /// Nobody tells proxies that a collection they remember has changed.
  NAMES_NOT_CONFIRMED(() -> new Naming(new NamesNotConfirmed())),

  /// Leaders answer reads that were planned before a control record: a name still finds whom it used to mean.
  STALE_PLANS_SERVED(() -> new Naming(new StalePlansServed())),

  /// Consumers take a truncate for a change that leaves rows alone.
  TRUNCATE_FORGOTTEN(() -> new Consumers(() -> Plants::withoutTruncates)),

  /// Consumers take a partial upsert for any other, whatever was written since it read.
  PARTIAL_UPSERT_UNCONDITIONAL(() -> new Consumers(() -> Plants::withoutVersionsRead)),

  /// An edit is made of the manifest its builder saw, not of the newest.
  EDIT_OF_AN_OLD_MANIFEST(() -> new Edits(Plants::ofOlder)),

  /// An edit names a segment that its index was not built for.
  EDIT_OF_ANOTHER_SEGMENT(() -> new Edits((older, edited) -> ofAnotherSegment(edited))),

  /// A manifest that a compaction's edit makes has no delete files: what came meanwhile comes back.
  DELETES_DROPPED_AT_COMPACTION(() -> new Edits((older, edited) -> withoutAnyDeletes(edited))),

  /// A compactor says that it has applied the deletes that came while it was at work.
  DELETES_CLAIMED_BY_COMPACTION(() -> new Submitted(Plants::claimingDeletes)),

  /// A compactor leaves out the newest version of what it merges.
  COMPACTION_LOSES_A_SEGMENT(() -> new Submitted(Plants::losingRows)),

  /// A compactor's edit does not remove all that it merged.
  COMPACTED_SEGMENT_KEPT(() -> new Submitted(Plants::removingLess)),

  /// An owner does not ask what is pinned, and purges up to the newest version.
  HORIZON_IGNORES_PINS(HorizonIgnoresPins::new),

  /// A leader that is asked as of a mark answers from what it has applied.
  AS_OF_BEFORE_THE_MARK(AsOfBeforeTheMark::new),

  /// An object that no manifest names is deleted when it is old enough.
  SWEPT_BY_TIME_ALONE(SweptByTimeAlone::new),

  /// The sweeper does not ask what snapshots name.
  SWEPT_FROM_SNAPSHOTS(SnapshotsNotKept::new),

  /// The sweeper keeps what the newest manifest names, and nothing else.
  SWEPT_FROM_READABLE_MANIFESTS(OnlyNewestCounts::new);

  private final Supplier<Plant> plant;

  Plants(Supplier<Plant> plant) {
    this.plant = plant;
  }

  /// Planted anew for each seed.
  Plant plant() {
    return plant.get();
  }

  private static boolean consumes(Kind kind) {
    return kind == Kind.QUERYNODE || kind == Kind.DATANODE;
  }

  private static final class JoinedEnds implements Plant {
    private record Last(long atNanos, Position end) {}

    /// A batch that waited asks at the very instant the call before it came back.
    @Override
    public Wal wal(Kind kind, SimulatedProcess process, Wal wal) {
      Map<LogId, Last> last = new HashMap<>();
      return new ThroughWal(wal) {
        @Override
        public Position end(LogId log) {
          Last before = last.get(log);
          if (before != null && before.atNanos == process.nanoTime()) {
            return before.end;
          }
          Position end = wal.end(log);
          last.put(log, new Last(process.nanoTime(), end));
          return end;
        }
      };
    }
  }

  /// A confirmation that counts from `d` later is one with a bound longer by `d`.
  private static final class StampedAtReply implements Plant {
    private final Map<SimulatedProcess, Long> took = new HashMap<>();

    @Override
    public Habits habits(Habits drawn) {
      return new Habits(4, 2, 0, 10);
    }

    @Override
    public Wal wal(Kind kind, SimulatedProcess process, Wal wal) {
      return new ThroughWal(wal) {
        @Override
        public Position end(LogId log) {
          long asked = process.nanoTime();
          Position end = wal.end(log);
          took.put(process, process.nanoTime() - asked);
          return end;
        }
      };
    }

    @Override
    public Object request(SimulatedProcess process, Object request) {
      long millis = took.getOrDefault(process, 0L) / 1_000_000;
      return switch (request) {
        case QueryShardRequest r when isBounded(r.getFreshness()) ->
            r.toBuilder().setFreshness(longer(r.getFreshness(), millis)).build();
        case SearchShardRequest r when isBounded(r.getFreshness()) ->
            r.toBuilder().setFreshness(longer(r.getFreshness(), millis)).build();
        default -> request;
      };
    }

    private static boolean isBounded(Freshness freshness) {
      return freshness.getLevel() == Freshness.Level.BOUNDED;
    }

    private static Freshness longer(Freshness freshness, long millis) {
      return freshness.toBuilder().setBoundMillis(freshness.getBoundMillis() + millis).build();
    }
  }

  /// Changes what consumers read of a log.
  private record Consumers(Supplier<Reading> reading) implements Plant {
    @Override
    public Wal wal(Kind kind, SimulatedProcess process, Wal wal) {
      return consumes(kind) ? reading.get().over(wal) : wal;
    }
  }

  private interface Reading {
    Wal over(Wal wal);
  }

  private static final class StartsAtEnd implements Reading {
    @Override
    public Wal over(Wal wal) {
      return new ThroughWal(wal) {
        @Override
        public WalReader tail(LogId log, Position from) {
          return wal.tail(log, wal.end(log));
        }
      };
    }
  }

  /// Changes records one by one, in the order a reader meets them.
  private static Wal rewriting(Wal wal, Supplier<UnaryOperator<LogRecord>> rewrite) {
    return rewriting(wal, rewrite, UnaryOperator.identity());
  }

  /// @param unknown what becomes of bytes that cannot be decoded
  private static Wal rewriting(
      Wal wal, Supplier<UnaryOperator<LogRecord>> rewrite, UnaryOperator<byte[]> unknown) {
    return new ThroughWal(wal) {
      @Override
      public WalReader tail(LogId log, Position from) {
        return new Rewriting(wal.tail(log, from), rewrite.get(), unknown);
      }
    };
  }

  private record Rewriting(
      Wal.WalReader reader, UnaryOperator<LogRecord> rewrite, UnaryOperator<byte[]> unknown)
      implements Wal.WalReader {
    @Override
    public List<Wal.WalRecord> poll(Deadline deadline) {
      List<Wal.WalRecord> rewritten = new ArrayList<>();
      for (Wal.WalRecord raw : reader.poll(deadline)) {
        rewritten.add(new Wal.WalRecord(raw.position(), raw.next(), rewritten(raw.bytes())));
      }
      return rewritten;
    }

    private byte[] rewritten(byte[] bytes) {
      LogRecord record;
      try {
        record = RecordCodec.decode(bytes);
      } catch (DbException _) {
        return unknown.apply(bytes);
      }
      return RecordCodec.encode(rewrite.apply(record));
    }

    @Override
    public Position position() {
      return reader.position();
    }

    @Override
    public void close() {
      reader.close();
    }
  }

  private record Written(ShardId shard, long writer) {
    static Written of(RecordHeader header) {
      return new Written(header.shard(), header.writer());
    }
  }

  private static final class LargestSequence implements Reading {
    @Override
    public Wal over(Wal wal) {
      return rewriting(
          wal,
          () -> {
            Map<Written, Long> largest = new HashMap<>();
            return record -> {
              RecordHeader header = record.header();
              Long before = largest.merge(Written.of(header), header.sequence(), Math::max);
              boolean first = before == header.sequence();
              return first ? record : new LogRecord.Barrier(header);
            };
          });
    }
  }

  private static final class NoRepeats implements Reading {
    @Override
    public Wal over(Wal wal) {
      return rewriting(
          wal,
          () -> {
            Map<Written, Long> count = new HashMap<>();
            return record -> {
              RecordHeader h = record.header();
              return withHeader(
                  record, sequenced(h, (1L << 40) + count.merge(Written.of(h), 1L, Long::sum)));
            };
          });
    }
  }

  /// What a forgotten writer writes is shown as another's.
  private static final class ForgetsByTime implements Reading {
    private static final long FORGET_AFTER = HybridTimestamp.of(600_000, 0);

    private final Map<ShardId, Long> versions = new HashMap<>();
    private final Map<Written, Long> last = new HashMap<>();
    private final Map<Written, Long> lives = new HashMap<>();

    @Override
    public Wal over(Wal wal) {
      return rewriting(wal, () -> this::rewrite);
    }

    private LogRecord rewrite(LogRecord record) {
      RecordHeader h = record.header();
      Written writer = Written.of(h);
      long version = versions.getOrDefault(h.shard(), 0L);
      if (last.getOrDefault(writer, Long.MAX_VALUE) < version - FORGET_AFTER) {
        lives.merge(writer, 1L, Long::sum);
        last.remove(writer);
      }
      last.merge(writer, h.timestamp(), Math::max);
      versions.put(h.shard(), Math.max(version + 1, h.timestamp()));
      long shown = h.writer() + (lives.getOrDefault(writer, 0L) << 32);
      return withHeader(
          record,
          new RecordHeader(
              h.shard(),
              shown,
              h.sequence(),
              h.attempt(),
              h.timestamp(),
              h.schemaVersion(),
              h.ddlSequence()));
    }
  }

  private static final class SkipsUnknown implements Reading {
    @Override
    public Wal over(Wal wal) {
      return rewriting(wal, () -> UnaryOperator.identity(), Plants::barrierOf);
    }
  }

  private static byte[] barrierOf(byte[] unknown) {
    return RecordCodec.encode(new LogRecord.Barrier(RecordCodec.peek(unknown)));
  }

  private static final class TrimToTheEnd implements Plant {
    @Override
    public Wal wal(Kind kind, SimulatedProcess process, Wal wal) {
      return new ThroughWal(wal) {
        @Override
        public void trim(LogId log, Position before) {
          wal.trim(log, wal.end(log));
        }
      };
    }
  }

  private static RecordHeader sequenced(RecordHeader h, long sequence) {
    return new RecordHeader(
        h.shard(), h.writer(), sequence, 0, h.timestamp(), h.schemaVersion(), h.ddlSequence());
  }

  private static LogRecord withHeader(LogRecord record, RecordHeader header) {
    return switch (record) {
      case LogRecord.Insert r -> new LogRecord.Insert(header, r.partition(), r.rows());
      case LogRecord.Upsert r ->
          new LogRecord.Upsert(header, r.partition(), r.replaced(), r.rows(), r.readAt());
      case LogRecord.Delete r -> new LogRecord.Delete(header, r.keys(), r.upTo(), r.partition());
      case LogRecord.DropCollection _,
          LogRecord.Truncate _,
          LogRecord.DropPartition _,
          LogRecord.Rename _,
          LogRecord.ImportCommit _,
          LogRecord.AddField _,
          LogRecord.Expire _,
          LogRecord.Mark _,
          LogRecord.Barrier _ ->
          record;
    };
  }

  /// Changes manifests as datanodes write them.
  private record Manifests(UnaryOperator<Manifest> change) implements Plant {
    @Override
    public ObjectStore objects(Kind kind, SimulatedProcess process, ObjectStore objects, Wal wal) {
      return kind == Kind.DATANODE ? writing(objects, change) : objects;
    }
  }

  private static boolean isManifest(ObjectKey key) {
    return key.value().endsWith(".manifest");
  }

  private static ObjectStore writing(ObjectStore objects, UnaryOperator<Manifest> change) {
    return new Bucket(objects) {
      @Override
      public Created create(ObjectKey key, byte[] bytes) {
        return objects.create(
            key,
            isManifest(key)
                ? ManifestCodec.encode(change.apply(ManifestCodec.decode(bytes)))
                : bytes);
      }
    };
  }

  private static Manifest withoutLastDeletes(Manifest m) {
    int kept = Math.max(0, m.deleteFiles().size() - 1);
    return with(m, m.segments(), m.deleteFiles().subList(0, kept), m.spill());
  }

  private static Manifest withoutLastSegment(Manifest m) {
    int kept = Math.max(0, m.segments().size() - 1);
    return with(m, m.segments().subList(0, kept), m.deleteFiles(), m.spill());
  }

  private static Manifest withoutSpill(Manifest m) {
    return with(m, m.segments(), m.deleteFiles(), Optional.empty());
  }

  private static final class LeaderForgetsDeletes implements Plant {
    @Override
    public ObjectStore objects(Kind kind, SimulatedProcess process, ObjectStore objects, Wal wal) {
      if (kind != Kind.QUERYNODE) {
        return objects;
      }
      return new Bucket(objects) {
        @Override
        public byte[] read(ObjectKey key) {
          byte[] bytes = objects.read(key);
          return isManifest(key)
              ? ManifestCodec.encode(withoutDeletes(ManifestCodec.decode(bytes)))
              : bytes;
        }
      };
    }

    private static Manifest withoutDeletes(Manifest m) {
      return with(m, m.segments(), List.of(), m.spill());
    }
  }

  private static final class CheckpointPastRows implements Plant {
    private final Map<ObjectKey, Position> moved = new HashMap<>();

    @Override
    public ObjectStore objects(Kind kind, SimulatedProcess process, ObjectStore objects, Wal wal) {
      if (kind != Kind.DATANODE) {
        return objects;
      }
      return new Bucket(objects) {
        @Override
        public Created create(ObjectKey key, byte[] bytes) {
          if (!isManifest(key)) {
            return objects.create(key, bytes);
          }
          Manifest manifest = ManifestCodec.decode(bytes);
          // the only log in question: with more of them, the end may be another's
          Position end = wal.end(new LogId(0));
          boolean same = end.incarnation() == manifest.checkpoint().position().incarnation();
          Position later = same ? end : manifest.checkpoint().position();
          moved.put(key, later);
          return objects.create(key, ManifestCodec.encode(at(manifest, later)));
        }
      };
    }

    private static Manifest at(Manifest m, Position position) {
      Checkpoint c = m.checkpoint();
      return new Manifest(
          m.shard(),
          m.version(),
          m.epoch(),
          m.attempt(),
          m.parent(),
          new Checkpoint(
              position,
              c.version(),
              c.ddlSequence(),
              c.horizon(),
              c.dropped(),
              c.writers(),
              c.droppedPartitions(),
              c.expiry(),
              c.writeSlots(),
              c.marks()),
          m.segments(),
          m.deleteFiles(),
          m.recentEdits(),
          m.spill(),
          m.staged());
    }

    @Override
    public MetaStore meta(Kind kind, SimulatedProcess process, MetaStore meta) {
      return new Committing(meta, c -> c, this::movedPointer);
    }

    private Change movedPointer(Change change) {
      if (!(change instanceof Change.Put(String key, byte[] value))
          || !key.startsWith(MetaKeys.POINTERS)) {
        return change;
      }
      ShardPointer p = ShardPointerCodec.decode(value);
      ShardPointer next =
          new ShardPointer(
              p.shard(),
              p.manifest(),
              p.version(),
              p.epoch(),
              moved.getOrDefault(p.manifest(), p.checkpoint()),
              p.effectiveVersion(),
              p.horizon(),
              p.oldestReadable(),
              moved.getOrDefault(p.manifest(), p.covered()),
              p.fence());
      return new Change.Put(key, ShardPointerCodec.encode(next));
    }
  }

  /// Commits of a kind of process lack the conditions on some keys.
  private record Conditions(Kind of, Predicate<String> lacks) implements Plant {
    @Override
    public MetaStore meta(Kind kind, SimulatedProcess process, MetaStore meta) {
      return kind == of
          ? new Committing(
              meta, all -> all.stream().filter(c -> !lacks.test(c.key())).toList(), c -> c)
          : meta;
    }
  }

  private static final class HorizonIgnoresPins implements Plant {
    @Override
    public Habits habits(Habits drawn) {
      return new Habits(2, 0, 10, 0);
    }

    @Override
    public MetaStore meta(Kind kind, SimulatedProcess process, MetaStore meta) {
      return kind == Kind.DATANODE ? new WithoutPins(meta) : meta;
    }
  }

  private record WithoutPins(MetaStore meta) implements MetaStore {
    private static boolean isOfPins(String key) {
      return key.startsWith(MetaKeys.PINS);
    }

    @Override
    public Optional<MetaEntry> get(String key) {
      return isOfPins(key) ? Optional.empty() : meta.get(key);
    }

    @Override
    public MetaRange range(String prefix) {
      return meta.range(prefix);
    }

    @Override
    public CommitOutcome commit(String requestId, List<Condition> given, List<Change> changes) {
      return meta.commit(
          requestId, given.stream().filter(c -> !isOfPins(c.key())).toList(), changes);
    }

    @Override
    public MetaWatch watch(String prefix, long after) {
      return meta.watch(prefix, after);
    }

    @Override
    public Lease lease(Duration ttl) {
      return meta.lease(ttl);
    }

    @Override
    public void close() {
      meta.close();
    }
  }

  private static final class AsOfBeforeTheMark implements Plant {
    @Override
    public Habits habits(Habits drawn) {
      return new Habits(4, 0, 10, 0);
    }

    @Override
    public Object request(SimulatedProcess process, Object request) {
      return request instanceof QueryShardRequest query && query.getAsOf() != 0
          ? query.toBuilder().clearAsOf().build()
          : request;
    }
  }

  private static final class RetryUnderNewSequence implements Plant {
    private long last = 1L << 40;

    @Override
    public Wal wal(Kind kind, SimulatedProcess process, Wal wal) {
      return new ThroughWal(wal) {
        @Override
        public Position append(LogId log, byte[] bytes) {
          LogRecord record = RecordCodec.decode(bytes);
          if (record.header().attempt() == 0) {
            return wal.append(log, bytes);
          }
          return wal.append(
              log, RecordCodec.encode(withHeader(record, sequenced(record.header(), ++last))));
        }
      };
    }
  }

  /// On every seed collections are made and dropped, and who watches learns of it late.
  private record Naming(Plant plant) implements Plant {
    @Override
    public boolean isNaming(boolean drawn) {
      return true;
    }

    @Override
    public double chance(Fault fault, double drawn) {
      return fault == Fault.WATCH_STALLS ? 0.3 : drawn;
    }

    @Override
    public Wal wal(Kind kind, SimulatedProcess process, Wal wal) {
      return plant.wal(kind, process, wal);
    }

    @Override
    public MetaStore meta(Kind kind, SimulatedProcess process, MetaStore meta) {
      return plant.meta(kind, process, meta);
    }

    @Override
    public Object response(SimulatedProcess process, Object request, Object response) {
      return plant.response(process, request, response);
    }

    @Override
    public Object request(SimulatedProcess process, Object request) {
      return plant.request(process, request);
    }
  }

  private static final class LateDropHitsSuccessor implements Plant {
    private final Map<CollectionId, String> names = new HashMap<>();
    private final Map<SimulatedProcess, MetaStore> stores = new HashMap<>();

    @Override
    public MetaStore meta(Kind kind, SimulatedProcess process, MetaStore meta) {
      stores.put(process, meta);
      return new Committing(meta, c -> c, this::remember);
    }

    private Change remember(Change change) {
      if (change instanceof Change.Put(String key, byte[] value)
          && key.startsWith(MetaKeys.COLLECTIONS)) {
        Collection collection = CatalogCodec.collection(new MetaEntry(key, value, 1));
        names.put(collection.id(), collection.name());
      }
      return change;
    }

    @Override
    public Wal wal(Kind kind, SimulatedProcess process, Wal wal) {
      return new ThroughWal(wal) {
        @Override
        public Position append(LogId log, byte[] bytes) {
          if (!(RecordCodec.decode(bytes) instanceof LogRecord.DropCollection(RecordHeader h))) {
            return wal.append(log, bytes);
          }
          process.fork("repeat", () -> repeat(process, wal, log, h));
          return wal.append(log, bytes);
        }
      };
    }

    private void repeat(SimulatedProcess process, Wal wal, LogId log, RecordHeader h) {
      process.sleep(Duration.ofMillis(process.random().nextInt(200, 3_000)));
      RecordHeader hit =
          new RecordHeader(
              holder(process, h.shard()),
              h.writer(),
              h.sequence(),
              0,
              h.timestamp(),
              h.schemaVersion(),
              h.ddlSequence());
      wal.append(log, RecordCodec.encode(new LogRecord.DropCollection(hit)));
    }

    /// The shard of the collection that has the name by now.
    private ShardId holder(SimulatedProcess process, ShardId dropped) {
      return Objects.requireNonNull(stores.get(process))
          .range(MetaKeys.COLLECTIONS)
          .entries()
          .stream()
          .map(CatalogCodec::collection)
          .filter(c -> c.name().equals(names.get(dropped.collection())))
          .map(c -> c.shard(dropped.index()))
          .findFirst()
          .orElse(dropped);
    }
  }

  private static final class DropsFirstShardOnly implements Plant {
    @Override
    public Wal wal(Kind kind, SimulatedProcess process, Wal wal) {
      return new ThroughWal(wal) {
        @Override
        public Position append(LogId log, byte[] bytes) {
          RecordHeader header = RecordCodec.peek(bytes);
          boolean skipped = kind == Kind.COORDINATOR && header.shard().index() > 0;
          return skipped ? wal.end(log) : wal.append(log, bytes);
        }
      };
    }
  }

  /// Proxies are told that a collection is as one of them heard of it last.
  private static final class NamesNotConfirmed implements Plant {
    private final Map<Long, Long> versions = new HashMap<>();

    @Override
    public Object response(SimulatedProcess process, Object request, Object response) {
      if (response instanceof DescribeCollectionResponse answer) {
        versions.put(answer.getCollection().getId(), answer.getCollection().getVersion());
      }
      if (!(request instanceof AllocateTimestampRequest asked)
          || !(response instanceof AllocateTimestampResponse answer)) {
        return response;
      }
      AllocateTimestampResponse.Builder same = answer.toBuilder();
      for (int i = 0; i < asked.getCollectionIdsCount(); i++) {
        same.setCollectionVersions(
            i, versions.getOrDefault(asked.getCollectionIds(i), answer.getCollectionVersions(i)));
      }
      return same.build();
    }
  }

  private static final class StalePlansServed implements Plant {
    @Override
    public Object request(SimulatedProcess process, Object request) {
      return request instanceof QueryShardRequest query
          ? query.toBuilder().clearCollectionVersion().clearDdlSequence().build()
          : request;
    }
  }

  private static Wal withoutVersionsRead(Wal wal) {
    return rewriting(
        wal,
        () ->
            record ->
                record instanceof LogRecord.Upsert upsert
                    ? new LogRecord.Upsert(
                        upsert.header(), upsert.partition(), upsert.replaced(), upsert.rows())
                    : record);
  }

  private static Wal withoutTruncates(Wal wal) {
    return rewriting(
        wal,
        () ->
            record ->
                record instanceof LogRecord.Truncate(RecordHeader header)
                    ? new LogRecord.Rename(header)
                    : record);
  }

  /// Changes manifests that edits make, as datanodes write them.
  ///
  /// @param change from the manifest that is two older and the edited one
  private record Edits(BinaryOperator<Manifest> change, Map<ShardId, List<Manifest>> written)
      implements Plant {
    Edits(BinaryOperator<Manifest> change) {
      this(change, new HashMap<>());
    }

    @Override
    public ObjectStore objects(Kind kind, SimulatedProcess process, ObjectStore objects, Wal wal) {
      return kind == Kind.DATANODE ? writing(objects, this::rewritten) : objects;
    }

    private Manifest rewritten(Manifest next) {
      List<Manifest> before = written.computeIfAbsent(next.shard(), _ -> new ArrayList<>());
      boolean edit =
          before.size() >= 2 && !before.getLast().recentEdits().equals(next.recentEdits());
      before.add(next);
      return edit ? change.apply(before.get(before.size() - 3), next) : next;
    }
  }

  private static Manifest ofOlder(Manifest older, Manifest edited) {
    Set<SegmentId> known =
        older.segments().stream().map(SegmentEntry::id).collect(Collectors.toSet());
    return withSegments(
        edited, edited.segments().stream().filter(s -> known.contains(s.id())).toList());
  }

  /// The indexes of the last segment that has any are said to be another's.
  private static Manifest ofAnotherSegment(Manifest m) {
    List<SegmentEntry> segments = new ArrayList<>(m.segments());
    for (int i = segments.size() - 1; i > 0; i--) {
      if (!segments.get(i).indexes().isEmpty()) {
        segments.set(i - 1, segments.get(i - 1).withIndexes(segments.get(i).indexes()));
        segments.set(i, segments.get(i).withIndexes(List.of()));
        break;
      }
    }
    return withSegments(m, segments);
  }

  private static Manifest withSegments(Manifest m, List<SegmentEntry> segments) {
    return with(m, segments, m.deleteFiles(), m.spill());
  }

  private static Manifest with(
      Manifest m,
      List<SegmentEntry> segments,
      List<DeleteFileEntry> deletes,
      Optional<Spill> spill) {
    return new Manifest(
        m.shard(),
        m.version(),
        m.epoch(),
        m.attempt(),
        m.parent(),
        m.checkpoint(),
        segments,
        deletes,
        m.recentEdits(),
        spill,
        m.staged());
  }

  private static Manifest withoutAnyDeletes(Manifest m) {
    return with(m, m.segments(), List.of(), m.spill());
  }

  /// Changes what workers submit to owners.
  private record Submitted(UnaryOperator<ReplaceEdit> change) implements Plant {
    @Override
    public Object request(SimulatedProcess process, Object request) {
      if (!(request instanceof SubmitEditRequest edit) || edit.getReplacesCount() == 0) {
        return request;
      }
      return edit.toBuilder().setReplaces(0, change.apply(edit.getReplaces(0))).build();
    }
  }

  private static ReplaceEdit claimingDeletes(ReplaceEdit edit) {
    List<SegmentEntry> added =
        ManifestCodec.decodeSegments(edit.getAdded().toByteArray()).stream()
            .map(segment -> segment.withAppliedThrough(Long.MAX_VALUE))
            .toList();
    return edit.toBuilder()
        .setAdded(ByteString.copyFrom(ManifestCodec.encodeSegments(added)))
        .build();
  }

  private static ReplaceEdit losingRows(ReplaceEdit edit) {
    return edit.toBuilder()
        .setAdded(ByteString.copyFrom(ManifestCodec.encodeSegments(List.of())))
        .setStaged(false)
        .build();
  }

  private static ReplaceEdit removingLess(ReplaceEdit edit) {
    int kept = Math.max(1, edit.getRemovedIdsCount() - 1);
    return edit.toBuilder()
        .clearRemovedIds()
        .addAllRemovedIds(edit.getRemovedIdsList().subList(0, kept))
        .build();
  }

  /// Older manifests are out of reach, but whoever wakes up late commits what was deleted meanwhile.
  private static final class SweptByTimeAlone implements Plant {
    @Override
    public MetaStore meta(Kind kind, SimulatedProcess process, MetaStore meta) {
      return kind == Kind.COORDINATOR ? new Fenced(meta) : meta;
    }

    @Override
    public Object request(SimulatedProcess process, Object request) {
      return request instanceof FenceShardRequest fence
          ? fence.toBuilder().setFence(0).build()
          : request;
    }

    @Override
    public double chance(Fault fault, double drawn) {
      return switch (fault) {
        case BUILDER_HESITATES -> 0.8;
        case HESITATES_AFTER_UPLOAD -> 0;
        default -> drawn;
      };
    }
  }

  /// Shows pointers as if all attempts were kept out.
  private static final class Fenced extends ThroughMeta {
    Fenced(MetaStore meta) {
      super(meta);
    }

    @Override
    public Optional<MetaEntry> get(String key) {
      return super.get(key)
          .map(entry ->
              key.startsWith(MetaKeys.POINTERS)
                  ? new MetaEntry(key, fenced(entry.value()), entry.revision())
                  : entry);
    }

    private static byte[] fenced(byte[] value) {
      ShardPointer pointer = ShardPointerCodec.decode(value);
      return ShardPointerCodec.encode(pointer.swept(0, Long.MAX_VALUE));
    }
  }

  /// Nobody finds the snapshots of one collection.
  private static final class SnapshotsNotKept implements Plant {
    @Override
    public MetaStore meta(Kind kind, SimulatedProcess process, MetaStore meta) {
      return kind == Kind.COORDINATOR ? new WithoutSnapshots(meta) : meta;
    }
  }

  private static final class WithoutSnapshots extends ThroughMeta {
    WithoutSnapshots(MetaStore meta) {
      super(meta);
    }

    @Override
    public MetaRange range(String prefix) {
      boolean ofOne =
          prefix.startsWith(MetaKeys.SNAPSHOTS) && prefix.length() > MetaKeys.SNAPSHOTS.length();
      MetaRange found = super.range(prefix);
      return ofOne ? new MetaRange(List.of(), found.revision()) : found;
    }
  }

  /// The sweeper reads manifests as if they had no parents.
  private static final class OnlyNewestCounts implements Plant {
    @Override
    public ObjectStore objects(Kind kind, SimulatedProcess process, ObjectStore objects, Wal wal) {
      if (kind != Kind.COORDINATOR) {
        return objects;
      }
      return new Bucket(objects) {
        @Override
        public byte[] read(ObjectKey key) {
          byte[] bytes = objects.read(key);
          return isManifest(key)
              ? ManifestCodec.encode(orphaned(ManifestCodec.decode(bytes)))
              : bytes;
        }
      };
    }

    private static Manifest orphaned(Manifest m) {
      return new Manifest(
          m.shard(),
          m.version(),
          m.epoch(),
          m.attempt(),
          Optional.empty(),
          m.checkpoint(),
          m.segments(),
          m.deleteFiles(),
          m.recentEdits(),
          m.spill(),
          m.staged());
    }
  }

  /// Manifests of shards whose rows expire look as if the newest of them were from a second ago.
  private static final class PurgesByOwnClock implements Plant {
    private static final long SECOND = HybridTimestamp.of(1_000, 0);

    @Override
    public ObjectStore objects(Kind kind, SimulatedProcess process, ObjectStore objects, Wal wal) {
      if (kind != Kind.DATANODE) {
        return objects;
      }
      return new Bucket(objects) {
        @Override
        public byte[] read(ObjectKey key) {
          byte[] bytes = objects.read(key);
          return isManifest(key)
              ? ManifestCodec.encode(hurried(ManifestCodec.decode(bytes)))
              : bytes;
        }
      };
    }

    private static Manifest hurried(Manifest m) {
      Checkpoint c = m.checkpoint();
      if (c.expiry().steps().isEmpty()) {
        return m;
      }
      Expiry hurried = new Expiry(List.of(new Expiry.Step(c.version(), c.version() - SECOND)));
      return new Manifest(
          m.shard(),
          m.version(),
          m.epoch(),
          m.attempt(),
          m.parent(),
          new Checkpoint(
              c.position(),
              c.version(),
              c.ddlSequence(),
              c.horizon(),
              c.dropped(),
              c.writers(),
              c.droppedPartitions(),
              hurried,
              c.writeSlots(),
              c.marks()),
          m.segments(),
          m.deleteFiles(),
          m.recentEdits(),
          m.spill(),
          m.staged());
    }
  }

  private static final class UnknownIsFailed implements Plant {
    @Override
    public Wal wal(Kind kind, SimulatedProcess process, Wal wal) {
      return new ThroughWal(wal) {
        @Override
        public Position append(LogId log, byte[] bytes) {
          try {
            return wal.append(log, bytes);
          } catch (DbException e) {
            throw new DbException(ErrorCode.LOG_FAILED, e.text(), e);
          }
        }
      };
    }
  }

  /// Changes what holders of segments are asked for.
  private record Holders(UnaryOperator<SegmentsRead> change) implements Plant {
    @Override
    public Object request(SimulatedProcess process, Object request) {
      return switch (request) {
        case SearchSegmentsRequest r -> r.toBuilder().setRead(change.apply(r.getRead())).build();
        case QuerySegmentsRequest r -> r.toBuilder().setRead(change.apply(r.getRead())).build();
        default -> request;
      };
    }
  }

  private static SegmentsRead atItsManifest(SegmentsRead read) {
    return read.toBuilder()
        .setVersion(read.getDeletesAfter())
        .setDeletesThrough(read.getDeletesAfter())
        .clearDeletes()
        .build();
  }

  /// A way to the bucket that is the given one but for what a plant changes.
  private static class Bucket implements ObjectStore {
    private final ObjectStore objects;

    Bucket(ObjectStore objects) {
      this.objects = objects;
    }

    @Override
    public Created create(ObjectKey key, byte[] bytes) {
      return objects.create(key, bytes);
    }

    @Override
    public Created create(ObjectKey key, java.nio.file.Path file) {
      return objects.create(key, file);
    }

    @Override
    public byte[] read(ObjectKey key) {
      return objects.read(key);
    }

    @Override
    public byte[] read(ObjectKey key, long offset, int length) {
      return objects.read(key, offset, length);
    }

    @Override
    public void download(ObjectKey key, java.nio.file.Path target) {
      objects.download(key, target);
    }

    @Override
    public Optional<Long> size(ObjectKey key) {
      return objects.size(key);
    }

    @Override
    public List<ObjectKey> list(String prefix, String after, int limit) {
      return objects.list(prefix, after, limit);
    }

    @Override
    public void delete(ObjectKey key) {
      objects.delete(key);
    }

    @Override
    public void close() {
      objects.close();
    }
  }

  /// A way to the metastore that is the given one but for what a plant changes.
  private static class ThroughMeta implements MetaStore {
    private final MetaStore meta;

    ThroughMeta(MetaStore meta) {
      this.meta = meta;
    }

    @Override
    public Optional<MetaEntry> get(String key) {
      return meta.get(key);
    }

    @Override
    public MetaRange range(String prefix) {
      return meta.range(prefix);
    }

    @Override
    public CommitOutcome commit(String requestId, List<Condition> given, List<Change> made) {
      return meta.commit(requestId, given, made);
    }

    @Override
    public MetaWatch watch(String prefix, long after) {
      return meta.watch(prefix, after);
    }

    @Override
    public Lease lease(Duration ttl) {
      return meta.lease(ttl);
    }

    @Override
    public void close() {
      meta.close();
    }
  }

  /// A way to the metastore whose commits are changed.
  private record Committing(
      MetaStore meta, UnaryOperator<List<Condition>> conditions, UnaryOperator<Change> changes)
      implements MetaStore {
    @Override
    public Optional<MetaEntry> get(String key) {
      return meta.get(key);
    }

    @Override
    public MetaRange range(String prefix) {
      return meta.range(prefix);
    }

    @Override
    public CommitOutcome commit(String requestId, List<Condition> given, List<Change> made) {
      return meta.commit(requestId, conditions.apply(given), made.stream().map(changes).toList());
    }

    @Override
    public MetaWatch watch(String prefix, long after) {
      return meta.watch(prefix, after);
    }

    @Override
    public Lease lease(Duration ttl) {
      return meta.lease(ttl);
    }

    @Override
    public void close() {
      meta.close();
    }
  }
}
