package io.elanus.datanode;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.manifest.ManifestStore.Current;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.meta.Member;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.ConsistencyLevel;
import io.elanus.common.model.DataType;
import io.elanus.common.model.DatabaseId;
import io.elanus.common.model.Field;
import io.elanus.common.model.HybridTimestamp;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.RowBatch;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.run.CpuPool;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.MemoryWal;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import io.elanus.proto.internal.DataNodeStatusRequest;
import io.elanus.proto.internal.FlushShardsRequest;
import io.elanus.proto.internal.OwnedLogStatus;
import io.elanus.proto.internal.OwnerMeta;
import io.elanus.proto.internal.ShardPosition;
import io.elanus.proto.internal.UnflushedRowsRequest;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.FloorCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// Datanodes over the ports in memory, in simulated time. The collection `films` has two shards in log 0,
/// and one in log 1.
final class DataNodeWorld {
  static final long FILMS = 7;
  static final LogId LOG = new LogId(0);
  static final LogId OTHER_LOG = new LogId(1);
  static final Duration TTL = Duration.ofSeconds(10);

  final SimulatedRun world;
  final MemoryMetaStore meta;
  final MemoryWal wal;
  final MemoryObjectStore objects;
  final IdPeers peers;
  final AtomicInteger tails = new AtomicInteger();
  private final Path scratch;
  private final Map<Integer, Long> epochs = new TreeMap<>();
  private long sequence;
  private long clock = 1_000;
  private int commits;

  /// What a process is handed besides its faultless ports.
  record Faults(
      MemoryMetaStore.Faults meta, MemoryWal.Faults wal, MemoryObjectStore.Faults bucket) {
    static final Faults NONE =
        new Faults(
            MemoryMetaStore.Faults.NONE, MemoryWal.Faults.NONE, MemoryObjectStore.Faults.NONE);

    Faults with(MemoryMetaStore.Faults faults) {
      return new Faults(faults, wal, bucket);
    }

    Faults with(MemoryWal.Faults faults) {
      return new Faults(meta, faults, bucket);
    }

    Faults with(MemoryObjectStore.Faults faults) {
      return new Faults(meta, wal, faults);
    }
  }

  DataNodeWorld(long seed, Path scratch) {
    this.scratch = scratch;
    this.world = new SimulatedRun(seed);
    this.peers = new IdPeers(world);
    this.meta = new MemoryMetaStore(world);
    this.wal = new MemoryWal(world, 2);
    this.objects = new MemoryObjectStore(world);
  }

  void run(Runnable body) {
    world.run(
        () -> {
          catalog(schema("n"));
          body.run();
        },
        Duration.ofHours(12));
  }

  DataNodeConfig config(int id) {
    return new DataNodeConfig(
        scratch.resolve("node-" + id),
        1 << 20,
        Duration.ofMinutes(10),
        1_000,
        TTL,
        Duration.ofSeconds(30));
  }

  DataNodeRole start(int id, SimulatedProcess process) {
    return start(config(id), id, process, Faults.NONE);
  }

  DataNodeRole start(DataNodeConfig config, int id, SimulatedProcess process, Faults faults) {
    MetaStore store = meta.on(faults.meta());
    Wal log = new CountingWal(wal.on(faults.wal()), tails);
    ObjectStore bucket = objects.on(faults.bucket());
    Member member = new Member(new NodeId(id), DataNodeRole.NAME, "", "test");
    return DataNodeRole.start(
        config,
        new DataNodeRole.Ports(
            process, store, log, bucket, CpuPool.inline(process), peers, member));
  }

  /// As datacoord does it.
  void own(int node, LogId... logs) {
    for (LogId log : logs) {
      long epoch = epochs.merge(log.value(), 1L, Long::sum);
      put(
          MetaKeys.owner(log),
          OwnerMeta.newBuilder().setNodeId(node).setEpoch(epoch).build().toByteArray());
    }
  }

  void put(String key, byte[] value) {
    commit(new Change.Put(key, value));
  }

  void commit(Change change) {
    meta.commit("test-" + commits++, List.of(), List.of(change));
    world.sleep(Duration.ofMillis(10));
  }

  static CollectionSchema schema(String... numbers) {
    List<Field> fields = new ArrayList<>();
    fields.add(field(100, "id", true));
    for (int i = 0; i < numbers.length; i++) {
      fields.add(field(101 + i, numbers[i], false));
    }
    return new CollectionSchema("films", "", fields, 1);
  }

  private static Field field(long id, String name, boolean key) {
    return new Field(id, name, "", DataType.INT64, key, false, false, false, Map.of());
  }

  void catalog(CollectionSchema schema) {
    catalog(FILMS, schema, CollectionState.ACTIVE);
  }

  void catalog(long id, CollectionSchema schema, CollectionState state) {
    catalog(id, schema, state, Map.of());
  }

  void catalog(
      long id, CollectionSchema schema, CollectionState state, Map<String, String> properties) {
    Collection films =
        new Collection(
            new CollectionId(id),
            new DatabaseId(1),
            "default",
            schema,
            List.of(LOG, LOG, OTHER_LOG),
            List.of(),
            ConsistencyLevel.STRONG,
            properties,
            1,
            0,
            1,
            1,
            state);
    put(MetaKeys.collection(films.id()), CatalogCodec.encode(films).toByteArray());
  }

  void dropFromCatalog() {
    commit(new Change.Remove(MetaKeys.collection(new CollectionId(FILMS))));
  }

  static ShardId shard(int index) {
    return new ShardId(new CollectionId(FILMS), index);
  }

  private static LogId logOf(int shard) {
    return shard == 2 ? OTHER_LOG : LOG;
  }

  private RecordHeader header(int shard, long ddlSequence) {
    return new RecordHeader(shard(shard), 5, ++sequence, 0, ++clock, 1, ddlSequence);
  }

  /// Rows of the columns that `schema("n")` has.
  private static RowBatch batch(int rows) {
    SortedMap<Long, Column> columns = new TreeMap<>();
    columns.put(100L, new Int64Column(IntStream.range(0, rows).asLongStream().toArray()));
    columns.put(101L, new Int64Column(new long[rows]));
    return new RowBatch(rows, columns);
  }

  Position insert(int shard, int count) {
    return append(shard, new LogRecord.Insert(header(shard, 0), new PartitionId(1), batch(count)));
  }

  /// With the time of the world, as rootcoord gives it.
  Position insertNow(int shard, int count) {
    RecordHeader header =
        new RecordHeader(
            shard(shard), 5, ++sequence, 0, HybridTimestamp.of(world.wallMillis(), 0), 1, 0);
    return append(shard, new LogRecord.Insert(header, new PartitionId(1), batch(count)));
  }

  /// With the time of the world, and these numbers.
  Position insertNumbers(int shard, long... numbers) {
    RecordHeader header =
        new RecordHeader(
            shard(shard), 5, ++sequence, 0, HybridTimestamp.of(world.wallMillis(), 0), 1, 0);
    SortedMap<Long, Column> columns = new TreeMap<>(batch(numbers.length).columns());
    columns.put(101L, new Int64Column(numbers));
    RowBatch rows = new RowBatch(numbers.length, columns);
    return append(shard, new LogRecord.Insert(header, new PartitionId(1), rows));
  }

  /// Rows that lack the column `n`.
  Position insertWithoutNumber(int shard, int count) {
    SortedMap<Long, Column> columns = new TreeMap<>(batch(count).columns());
    columns.remove(101L);
    RowBatch batch = new RowBatch(count, columns);
    return append(shard, new LogRecord.Insert(header(shard, 0), new PartitionId(1), batch));
  }

  /// Removes the rows with these keys; each insert makes keys from 0 on.
  Position delete(int shard, long... keys) {
    return append(
        shard,
        new LogRecord.Delete(
            header(shard, 0), new Int64Column(keys), Optional.empty(), Optional.empty()));
  }

  /// Rows up to the newest have outlived their TTL.
  Position expire(int shard) {
    RecordHeader header = header(shard, 0);
    return append(shard, new LogRecord.Expire(header, header.timestamp() - 1));
  }

  Position mark(int shard, long mark) {
    return append(shard, new LogRecord.Mark(header(shard, 0), mark));
  }

  Position barrier(int shard) {
    return append(shard, new LogRecord.Barrier(header(shard, 0)));
  }

  Position drop(int shard, long ddlSequence) {
    return append(shard, new LogRecord.DropCollection(header(shard, ddlSequence)));
  }

  Position truncate(int shard, long ddlSequence) {
    return append(shard, new LogRecord.Truncate(header(shard, ddlSequence)));
  }

  /// Of the partition that all rows are of.
  Position dropPartition(int shard, long ddlSequence) {
    return append(
        shard, new LogRecord.DropPartition(header(shard, ddlSequence), new PartitionId(1)));
  }

  Position importCommit(ShardId shard, long version) {
    RecordHeader header = new RecordHeader(shard, 0, 1, 0, ++clock, 1, 1);
    return wal.append(
        logOf(shard.index()), RecordCodec.encode(new LogRecord.ImportCommit(header, version)));
  }

  private Position append(int shard, LogRecord record) {
    return wal.append(logOf(shard), RecordCodec.encode(record));
  }

  /// A record of a kind that comes with a later version.
  Position appendUnknownKind(int shard) {
    byte[] bytes = RecordCodec.encode(new LogRecord.Barrier(header(shard, 0)));
    bytes[6] = 99;
    int header = io.elanus.common.format.Format.crc32c(bytes, 0, 60);
    setInt(bytes, 60, header);
    setInt(
        bytes, bytes.length - 4, io.elanus.common.format.Format.crc32c(bytes, 0, bytes.length - 4));
    return wal.append(logOf(shard), bytes);
  }

  private static void setInt(byte[] bytes, int at, int value) {
    for (int i = 0; i < 4; i++) {
      bytes[at + i] = (byte) (value >>> 8 * i);
    }
  }

  Position end(LogId log) {
    return wal.end(log);
  }

  long logRecords(LogId log) {
    return wal.end(log).offset() - wal.start(log).offset();
  }

  void askFlush(DataNodeRole node, int shard) {
    Position end = end(logOf(shard));
    node.service()
        .flushShards(
            FlushShardsRequest.newBuilder()
                .setCollectionId(FILMS)
                .addPositions(
                    ShardPosition.newBuilder()
                        .setShard(shard)
                        .setIncarnation(end.incarnation())
                        .setOffset(end.offset()))
                .build());
  }

  /// Asks for a flush, and gives it time.
  void flush(DataNodeRole node, int... shards) {
    for (int shard : shards) {
      askFlush(node, shard);
    }
    settle();
  }

  void settle() {
    world.sleep(Duration.ofSeconds(1));
  }

  Optional<Manifest> manifest(int shard) {
    return manifest(shard(shard));
  }

  Optional<Manifest> manifest(ShardId shard) {
    return new ManifestStore(meta, objects).newest(shard).map(Current::manifest);
  }

  Optional<ShardPointer> pointer(int shard) {
    return new ManifestStore(meta, objects).newest(shard(shard)).map(Current::pointer);
  }

  long flushedRows(int shard) {
    return manifest(shard).map(Manifest::rowCount).orElse(0L);
  }

  long checkpoint(int shard) {
    return manifest(shard).map(m -> m.checkpoint().position().offset()).orElse(-1L);
  }

  long floor(LogId log) {
    return meta.get(MetaKeys.floor(log)).map(FloorCodec::decode).map(Position::offset).orElse(-1L);
  }

  long start(LogId log) {
    return wal.start(log).offset();
  }

  List<OwnedLogStatus> status(DataNodeRole node) {
    return node.service().dataNodeStatus(DataNodeStatusRequest.getDefaultInstance()).getLogsList();
  }

  OwnedLogStatus status(DataNodeRole node, LogId log) {
    return status(node).stream()
        .filter(s -> s.getLog() == log.value())
        .findFirst()
        .orElseThrow(() -> ErrorCode.NODE_NOT_MATCH.because("not owned"));
  }

  long unflushed(DataNodeRole node, LogId... logs) {
    UnflushedRowsRequest.Builder request = UnflushedRowsRequest.newBuilder().setCollectionId(FILMS);
    for (LogId log : logs) {
      request.addLogs(log.value());
    }
    return node.service().unflushedRows(request.build()).getRowCount();
  }
}
