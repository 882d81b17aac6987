package io.elanus.querynode;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.error.ErrorKind;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.meta.Member;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Field;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.PendingDdl;
import io.elanus.common.model.PendingDdl.Effect.FieldAdded;
import io.elanus.common.model.ReplicaId;
import io.elanus.common.model.RowBatch;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.run.CpuPool;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.MemoryWal;
import io.elanus.common.wal.Position;
import io.elanus.proto.internal.NodeStatusRequest;
import io.elanus.proto.internal.NodeStatusResponse;
import io.elanus.proto.internal.RouteMeta;
import io.elanus.proto.internal.SegmentHolder;
import io.elanus.rpc.call.RequestContext;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.MemberCodec;
import io.elanus.rpc.internal.QueryNodeApi;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/// Query nodes, real ones, over ports in memory and under a simulated run; with them what the other roles do:
/// writes, an owner of each shard, routes. The test is the coordinator.
final class ServingWorld {
  static final Duration TIMEOUT = Duration.ofSeconds(10);
  static final int KEYS = 30;
  private static final ReplicaId REPLICA = new ReplicaId(1);

  /// One start of a node.
  record Node(NodeId id, SimulatedProcess process, QueryNodeRole role) {}

  final SimulatedRun world;
  final MemoryWal wal;
  final MemoryMetaStore meta;
  final MemoryObjectStore objects;
  final Collection collection;
  final List<Oracle> oracles = new ArrayList<>();
  final List<Owner> owners = new ArrayList<>();
  final Map<NodeId, Node> nodes = new LinkedHashMap<>();
  final RandomGenerator random;

  /// What a node gets to see of a request: a bug may be planted here.
  UnaryOperator<Object> planted = UnaryOperator.identity();

  /// Calls of each method that arrived at a node.
  final Map<String, Integer> calls = new TreeMap<>();

  /// How long a whole file takes on its way to a node, beside the time of the way.
  Duration downloadTime = Duration.ZERO;

  /// Whether a bit is wrong in every range that a node reads of an object.
  boolean damagedRanges;

  int rangedReads;
  long rangedBytes;

  /// What nobody expects.
  final List<Throwable> surprises = new ArrayList<>();

  private final Path folder;
  private final ServingNetwork network;
  private final SimulatedProcess client;
  private final Map<ShardId, Long> sequences = new HashMap<>();
  private final Map<ShardId, RouteMeta> routes = new HashMap<>();
  private long clock = 1_000;
  private long tags;
  private long requests;

  ServingWorld(SimulatedRun world, Path folder, int shards) {
    this.world = world;
    this.folder = folder;
    this.random = world.random();
    this.wal = new MemoryWal(world, 1);
    this.meta = new MemoryMetaStore(world);
    this.objects = new MemoryObjectStore(world);
    this.collection = Films.collection(shards, 3);
    this.client = world.process("client");
    this.network = new ServingNetwork(this);
    put(MetaKeys.collection(Films.COLLECTION), CatalogCodec.encode(collection).toByteArray());
    for (int i = 0; i < shards; i++) {
      oracles.add(new Oracle());
      owners.add(new Owner(shard(i), meta, objects, folder, wal.start(new LogId(0))));
    }
  }

  /// Runs a test in virtual time.
  static void run(long seed, Path folder, int shards, Consumer<ServingWorld> test) {
    SimulatedRun run = new SimulatedRun(seed);
    run.run(
        () -> {
          ServingWorld world = new ServingWorld(run, folder, shards);
          test.accept(world);
          world.nodes.values().stream()
              .filter(node -> node.process.isAlive())
              .forEach(node -> node.process.fork("stop", node.role::close).awaitEnd());
          for (Throwable surprise : world.surprises) {
            throw new AssertionError("nobody expects this", surprise);
          }
        },
        Duration.ofMinutes(60));
  }

  ShardId shard(int index) {
    return collection.shard(index);
  }

  Oracle oracle(ShardId shard) {
    return oracles.get(shard.index());
  }

  Owner owner(ShardId shard) {
    return owners.get(shard.index());
  }

  // ---- nodes

  NodeId start(int number) {
    return start(number, new QueryNodeConfig(cache(number), Duration.ofSeconds(2)));
  }

  Path cache(int number) {
    return folder.resolve("cache-" + number);
  }

  /// Starts a node on its own thread and waits until it runs.
  NodeId start(int number, QueryNodeConfig config) {
    NodeId id = new NodeId(number);
    SimulatedProcess process = world.process("node-" + number);
    process
        .fork(
            "start",
            () ->
                nodes.put(
                    id,
                    new Node(
                        id,
                        process,
                        QueryNodeRole.start(
                            config,
                            new QueryNodeRole.Ports(
                                process,
                                meta.on(MemoryMetaStore.Faults.NONE),
                                wal.on(MemoryWal.Faults.NONE),
                                new SlowBucket(this, process, id),
                                CpuPool.inline(process),
                                network.peers(process),
                                new Member(id, QueryNodeRole.NAME, "", "test"),
                                atMost ->
                                    Deadline.after(process, atMost)
                                        .orEarlier(RequestContext.current().deadline()))))))
        .awaitEnd();
    return id;
  }

  Node node(NodeId id) {
    return Optional.ofNullable(nodes.get(id)).orElseThrow();
  }

  void kill(NodeId id) {
    world.kill(node(id).process);
    network.cut();
  }

  NodeStatusResponse status(NodeId id, long seen, Duration wait) {
    return call(
        client,
        Deadline.after(client, TIMEOUT.plus(wait)),
        () ->
            network
                .peers(client)
                .queryNode(id)
                .nodeStatus(
                    NodeStatusRequest.newBuilder()
                        .setSeen(seen)
                        .setWaitMillis(wait.toMillis())
                        .build()));
  }

  private static <T> T call(Run run, Deadline deadline, Supplier<T> action) {
    return RequestContext.until(run, deadline, action);
  }

  // ---- the coordinator

  /// @param held by node: the segments it is named for
  void route(
      ShardId shard, NodeId leader, Optional<NodeId> next, Map<NodeId, Set<SegmentId>> held) {
    RouteMeta.Builder route = RouteMeta.newBuilder().setNodeId(leader.value());
    next.ifPresent(node -> route.setNextNodeId(node.value()));
    held.forEach((node, segments) ->
        route.addHolders(
            SegmentHolder.newBuilder()
                .setNodeId(node.value())
                .addAllSegmentIds(segments.stream().map(SegmentId::value).sorted().toList())));
    routes.put(shard, route.build());
    put(MetaKeys.route(shard, REPLICA), route.build().toByteArray());
  }

  void lead(ShardId shard, NodeId leader) {
    route(shard, leader, Optional.empty(), Map.of());
  }

  void unroute(ShardId shard) {
    routes.remove(shard);
    commit(new Change.Remove(MetaKeys.route(shard, REPLICA)));
  }

  void put(String key, byte[] value) {
    commit(new Change.Put(key, value));
  }

  private void commit(Change change) {
    meta.commit("test-%d".formatted(++requests), List.of(), List.of(change));
  }

  /// Waits until `condition` holds, or fails.
  void eventually(String what, BooleanSupplier condition) {
    long limit = world.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!condition.getAsBoolean()) {
      if (world.nanoTime() > limit) {
        throw new AssertionError("never: " + what);
      }
      world.sleep(Duration.ofMillis(20));
    }
  }

  boolean isServing(NodeId node, ShardId shard) {
    return status(node, 0, Duration.ZERO).getShardsList().stream()
        .anyMatch(led -> led.getShard() == shard.index() && led.getServing());
  }

  /// Segments of a shard that `node` says it could answer for.
  Set<SegmentId> ready(NodeId node, ShardId shard) {
    Set<SegmentId> ready = new TreeSet<>();
    status(node, 0, Duration.ZERO).getSegmentsList().stream()
        .filter(held -> held.getShard() == shard.index() && held.getReady())
        .forEach(held -> ready.add(new SegmentId(held.getSegmentId())));
    return ready;
  }

  List<SegmentId> segments(ShardId shard) {
    return owner(shard).manifest().segments().stream().map(SegmentEntry::id).toList();
  }

  // ---- writes

  void write(ShardId shard) {
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> append(shard, h -> new LogRecord.Upsert(h, partition(), keys(4), rows(last)));
      case 3, 4, 5 -> append(shard, h -> new LogRecord.Delete(h, keys(5), upTo(shard), only()));
      default -> append(shard, h -> new LogRecord.Insert(h, partition(), rows(keys(8))));
    }
  }

  void insert(ShardId shard, long... keys) {
    append(shard, h -> new LogRecord.Insert(h, new PartitionId(1), rows(new Int64Column(keys))));
  }

  void delete(ShardId shard, long... keys) {
    append(
        shard,
        h -> new LogRecord.Delete(h, new Int64Column(keys), Optional.empty(), Optional.empty()));
  }

  private Int64Column last = new Int64Column(new long[0]);

  private Int64Column keys(int most) {
    last = new Int64Column(random.longs(random.nextInt(1, most), 0, KEYS).toArray());
    return last;
  }

  private RowBatch rows(Int64Column keys) {
    long[] own = new long[keys.rowCount()];
    for (int i = 0; i < own.length; i++) {
      own[i] = ++tags;
    }
    return Films.rows(keys.values(), own);
  }

  private PartitionId partition() {
    return new PartitionId(random.nextInt(1, 3));
  }

  private Optional<PartitionId> only() {
    return random.nextInt(4) == 0 ? Optional.of(partition()) : Optional.empty();
  }

  private Optional<Long> upTo(ShardId shard) {
    return random.nextInt(3) == 0
        ? Optional.of(random.nextLong(0, oracle(shard).version() + 1))
        : Optional.empty();
  }

  /// Appended, known to the owner and to the oracle.
  private void append(ShardId shard, Function<RecordHeader, LogRecord> made) {
    clock += random.nextInt(-3, 8);
    long sequence = sequences.merge(shard, 1L, Long::sum);
    LogRecord record = made.apply(new RecordHeader(shard, 1, sequence, 0, clock, 0, 0));
    oracle(shard).apply(record);
    Position position = wal.append(new LogId(0), RecordCodec.encode(record));
    owner(shard).apply(position.next(), record);
  }

  /// As rootcoord does it: pending in the catalog, in the log of all shards, part of the schema.
  void addField(Field field) {
    put(
        new NextFilms(List.of(), 4, 1, Optional.of(PendingDdl.of(new FieldAdded(field, 4))))
            .encoded(collection));
    for (int i = 0; i < collection.shardCount(); i++) {
      append(
          shard(i),
          h ->
              new LogRecord.AddField(
                  new RecordHeader(h.shard(), 0, 1, 0, h.timestamp(), 0, 1), field));
    }
    put(new NextFilms(List.of(field), 5, 1, Optional.empty()).encoded(collection));
  }

  private void put(byte[] encodedCollection) {
    put(MetaKeys.collection(Films.COLLECTION), encodedCollection);
  }

  /// The collection later.
  private record NextFilms(
      List<Field> added, long version, long ddlSequence, Optional<PendingDdl> pending) {
    byte[] encoded(Collection c) {
      CollectionSchema schema = c.schema();
      for (Field field : added) {
        schema = schema.with(field);
      }
      Collection next =
          new Collection(
              c.id(),
              c.database(),
              c.databaseName(),
              schema,
              c.shardLogs(),
              c.partitions(),
              c.consistency(),
              c.properties(),
              version,
              ddlSequence,
              c.createdTimestamp(),
              c.updatedTimestamp(),
              c.state(),
              List.of(),
              pending);
      return CatalogCodec.encode(next).toByteArray();
    }
  }

  /// Names the shard as it is now, and keeps it readable.
  void mark(ShardId shard) {
    long mark = ++marks;
    owner(shard).pin(mark);
    RecordHeader header = new RecordHeader(shard, 0, 0, 0, clock, 0, 0);
    LogRecord record = new LogRecord.Mark(header, mark);
    Position position = wal.append(new LogId(0), RecordCodec.encode(record));
    owner(shard).apply(position.next(), record);
  }

  /// The oldest one.
  void unpin(ShardId shard) {
    owner(shard).pinned().keySet().stream().findFirst().ifPresent(owner(shard)::unpin);
  }

  private long marks;

  /// Mostly none.
  private Map.Entry<Long, Long> someMark(ShardId shard) {
    List<Map.Entry<Long, Long>> all = List.copyOf(owner(shard).pinned().entrySet());
    return all.isEmpty() || random.nextInt(3) > 0
        ? Map.entry(0L, 0L)
        : all.get(random.nextInt(all.size()));
  }

  void flush(ShardId shard) {
    owner(shard).flush(wal.end(new LogId(0)));
  }

  /// Whether others see that `node` leaves.
  boolean isDraining(NodeId node) {
    return meta.get(MetaKeys.node(QueryNodeRole.NAME, node))
        .map(MemberCodec::decode)
        .filter(Member::draining)
        .isPresent();
  }

  /// Lets `node` wait for the files of `shard`, without being able to give up.
  void stall(NodeId node, ShardId shard, Duration time) {
    stalls.put(node, shard);
    stallTime = time;
  }

  final Map<NodeId, ShardId> stalls = new HashMap<>();
  Duration stallTime = Duration.ZERO;

  // ---- reads

  /// Asks one node, once.
  <T> T askNode(NodeId node, Function<QueryNodeApi, T> read) {
    return call(
        client,
        Deadline.after(client, TIMEOUT),
        () -> read.apply(network.peers(client).queryNode(node)));
  }

  /// Asks the shard's leader, as a proxy does, until it answers.
  ///
  /// @throws DbException what was still wrong at the deadline
  <T> T ask(ShardId shard, Function<QueryNodeApi, T> read) {
    Deadline deadline = Deadline.after(client, TIMEOUT);
    while (true) {
      try {
        NodeId leader =
            Optional.ofNullable(routes.get(shard))
                .map(route -> new NodeId(route.getNodeId()))
                .orElseThrow(() -> ErrorCode.COLLECTION_NOT_FULLY_LOADED.because("no route"));
        return call(client, deadline, () -> read.apply(network.peers(client).queryNode(leader)));
      } catch (DbException e) {
        boolean mayPass =
            e.kind() == ErrorKind.NOT_READY
                || e.kind() == ErrorKind.LOST_RACE
                || e.kind() == ErrorKind.UNKNOWN_OUTCOME;
        if (!mayPass || deadline.remaining(client).toMillis() < 50) {
          throw e;
        }
        client.sleep(Duration.ofMillis(20));
      }
    }
  }

  /// A read of a random kind, whose answer is held against the oracle.
  void readSomething(ShardId shard) {
    long bound = random.nextInt(3) == 0 ? random.nextLong(tags + 1) : Long.MAX_VALUE;
    List<Long> partitions =
        random.nextInt(4) == 0 ? List.of((long) random.nextInt(1, 3)) : List.of();
    long acked = oracle(shard).version();
    Map.Entry<Long, Long> mark = someMark(shard);
    long version =
        switch (random.nextInt(4)) {
          case 0 -> count(shard, bound, partitions, mark.getKey());
          case 1 -> search(shard, bound, partitions, mark.getKey());
          default -> query(shard, bound, partitions, mark.getKey());
        };
    if (mark.getKey() != 0) {
      assertThat(version).as("version as of %d", mark.getKey()).isEqualTo(mark.getValue());
      pastReads++;
    } else if (version < acked) {
      throw new AssertionError("read at %d after %d was acknowledged".formatted(version, acked));
    }
  }

  int pastReads;

  private long count(ShardId shard, long bound, List<Long> partitions, long asOf) {
    var request =
        Films.query(shard)
            .clearOutputFieldIds()
            .setCountOnly(true)
            .addAllPartitionIds(partitions)
            .setAsOf(asOf);
    if (bound < Long.MAX_VALUE) {
      request.setFilter(Films.tagBelow(bound));
    }
    var response = ask(shard, node -> node.query(request.build()));
    oracle(shard).check(request.build(), row -> row.tag() < bound, response);
    return response.getReadVersion();
  }

  private long query(ShardId shard, long bound, List<Long> partitions, long asOf) {
    var request = Films.query(shard).addAllPartitionIds(partitions).setAsOf(asOf);
    if (bound < Long.MAX_VALUE) {
      request.setFilter(Films.tagBelow(bound));
    }
    if (random.nextBoolean()) {
      request.setLimit(random.nextInt(1, 12));
    }
    var response = ask(shard, node -> node.query(request.build()));
    oracle(shard).check(request.build(), row -> row.tag() < bound, response);
    return response.getReadVersion();
  }

  private long search(ShardId shard, long bound, List<Long> partitions, long asOf) {
    var request =
        Films.search(shard, Films.vector(random.nextInt(1000)), random.nextInt(1, 12))
            .addAllPartitionIds(partitions)
            .setAsOf(asOf);
    if (bound < Long.MAX_VALUE) {
      request.setFilter(Films.tagBelow(bound));
    }
    if (random.nextInt(3) == 0) {
      request.setGrouping(Films.grouping(random, tags));
    }
    var response = ask(shard, node -> node.search(request.build()));
    oracle(shard).check(request.build(), row -> row.tag() < bound, response);
    return response.getReadVersion();
  }
}
