package io.elanus.simulation;

import io.elanus.common.meta.Member;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.CpuPool;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Drainable;
import io.elanus.common.run.Run;
import io.elanus.common.run.SimulatedClock;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.MemoryWal;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import io.elanus.datacoord.CompactionLimits;
import io.elanus.datacoord.DataCoordConfig;
import io.elanus.datacoord.DataCoordPorts;
import io.elanus.datacoord.DataCoordRole;
import io.elanus.datanode.DataNodeConfig;
import io.elanus.datanode.DataNodeRole;
import io.elanus.indexnode.IndexNodeConfig;
import io.elanus.indexnode.IndexNodeRole;
import io.elanus.proto.internal.QuerySegmentsResponse;
import io.elanus.proto.internal.QueryShardRequest;
import io.elanus.proto.internal.QueryShardResponse;
import io.elanus.proto.internal.SearchSegmentsResponse;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proto.internal.SearchShardResponse;
import io.elanus.proxy.ProxyConfig;
import io.elanus.proxy.ProxyRole;
import io.elanus.proxy.write.Backlog;
import io.elanus.querycoord.QueryCoordConfig;
import io.elanus.querycoord.QueryCoordPorts;
import io.elanus.querycoord.QueryCoordRole;
import io.elanus.querynode.QueryNodeConfig;
import io.elanus.querynode.QueryNodeRole;
import io.elanus.rootcoord.RootCoordConfig;
import io.elanus.rootcoord.RootCoordPorts;
import io.elanus.rootcoord.RootCoordRole;
import io.elanus.rootcoord.pin.PinLimits;
import io.elanus.rpc.call.RequestContext;
import io.elanus.rpc.internal.DataCoordApi;
import io.elanus.rpc.internal.DataNodeApi;
import io.elanus.rpc.internal.IndexNodeApi;
import io.elanus.rpc.internal.QueryCoordApi;
import io.elanus.rpc.internal.QueryNodeApi;
import io.elanus.rpc.internal.RootCoordApi;
import io.elanus.simulation.Chaos.Fault;
import io.elanus.simulation.Node.Kind;
import io.elanus.simulation.ReadChecks.Asked;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/// The processes, what they stand on, and the checks that watch them. All roles are the real ones.
final class SimulatedCluster {
  static final Duration TTL = Duration.ofSeconds(2);

  /// Short enough that some iterators find their mark expired.
  private static final PinLimits PINS = new PinLimits(Duration.ofSeconds(4), 16, 64);

  private static final Duration HOLD_BACK = Duration.ofMillis(500);
  private static final DataCoordConfig.Moves MOVES =
      new DataCoordConfig.Moves(
          TTL, Duration.ofSeconds(3), Duration.ofMillis(200), Duration.ofSeconds(2));

  /// So few that the segments of a simulation get index files.
  private static final int MIN_INDEX_ROWS = 3;

  /// Three tiny segments are merged, and one that has lost a tenth of its rows is written anew.
  private static final CompactionLimits COMPACTION =
      new CompactionLimits(true, 1 << 20, 1_000, 3, 0.1);

  /// Shorter than the pauses of processes: who is overtaken must do no harm.
  private static final Duration SWEEP_GRACE = Duration.ofSeconds(3);

  /// @param processes of each kind
  /// @param bound of reads at the level Bounded
  /// @param backlog of a proxy
  record Shape(
      int logs,
      int shards,
      int processes,
      long flushBytes,
      Duration flushAge,
      Duration bound,
      Backlog.Limits backlog) {
    Shape(int logs, int shards, int processes, long flushBytes, Duration flushAge, Duration bound) {
      this(logs, shards, processes, flushBytes, flushAge, bound, Backlog.Limits.DEFAULT);
    }
  }

  private final SimulatedRun world;
  private final Shape shape;
  private final Chaos chaos;
  private final Plant plant;
  private final Path scratch;
  private final RandomGenerator random;
  private final MemoryWal wal;
  private final MemoryMetaStore meta;
  private final MemoryObjectStore objects;
  private final Verdicts verdicts;
  private final LogHistory history;
  private final CatalogChecks catalog;
  private final Poison poison;
  private final ManifestChecks manifests;
  private final ReadChecks reads;
  private final Network network;

  /// Every start of every process, dead ones too.
  private final Map<NodeId, Node> nodes = new LinkedHashMap<>();

  private long lastNodeId;
  private long peerAnswers;

  SimulatedCluster(
      SimulatedRun world, Shape shape, double chaosStrength, Plant plant, Path scratch) {
    this(world, shape, chaosStrength, plant, Cut.NOTHING, scratch);
  }

  SimulatedCluster(
      SimulatedRun world, Shape shape, double chaosStrength, Plant plant, Cut cut, Path scratch) {
    this.world = world;
    this.shape = shape;
    this.chaos = new Chaos(world, chaosStrength, plant, cut);
    this.plant = plant;
    this.scratch = scratch;
    this.random = world.random();
    this.wal = new MemoryWal(world, shape.logs);
    this.meta = new MemoryMetaStore(world);
    this.objects = new MemoryObjectStore(world);
    this.verdicts = new Verdicts(world);
    this.history = new LogHistory(world, wal, meta, verdicts);
    this.catalog = new CatalogChecks(meta, history);
    this.poison = new Poison(wal, objects);
    this.manifests = new ManifestChecks(meta, objects, history, catalog, poison, verdicts, scratch);
    this.reads = new ReadChecks(world, history, verdicts);
    this.network = new Network(world, chaos, verdicts);
  }

  SimulatedRun world() {
    return world;
  }

  Plant plant() {
    return plant;
  }

  Chaos chaos() {
    return chaos;
  }

  /// As the world sees it: without faults.
  MetaStore meta() {
    return meta;
  }

  /// As the world sees it: without faults.
  ObjectStore objects() {
    return objects;
  }

  /// Parts of reads that holders of segments have answered.
  long peerAnswers() {
    return peerAnswers;
  }

  /// Makes the metastore forget changes, but none the checks have not seen.
  void compact() {
    meta.compact(manifests.seen());
  }

  MemoryWal wal() {
    return wal;
  }

  Network network() {
    return network;
  }

  Verdicts verdicts() {
    return verdicts;
  }

  LogHistory history() {
    return history;
  }

  CatalogChecks catalog() {
    return catalog;
  }

  Poison poison() {
    return poison;
  }

  ManifestChecks manifests() {
    return manifests;
  }

  ReadChecks reads() {
    return reads;
  }

  Shape shape() {
    return shape;
  }

  Optional<Node> node(NodeId id) {
    return Optional.ofNullable(nodes.get(id));
  }

  List<Node> alive() {
    return nodes.values().stream().filter(Node::isAlive).toList();
  }

  List<Node> alive(Kind kind) {
    return alive().stream().filter(node -> node.kind() == kind).toList();
  }

  int startCount() {
    return nodes.size();
  }

  void startAll() {
    for (Kind kind : Kind.values()) {
      for (int slot = 0; slot < shape.processes; slot++) {
        start(kind, slot);
      }
    }
  }

  /// Starts what is not running.
  void startMissing() {
    for (Kind kind : Kind.values()) {
      for (int i = 0; i < shape.processes; i++) {
        int slot = i;
        if (alive(kind).stream().noneMatch(node -> node.slot() == slot)) {
          start(kind, slot);
        }
      }
    }
  }

  /// Kills a process and starts another in its place, sooner or later. Called by a task of the process,
  /// this does not return.
  void killAndRestart(Node node) {
    Duration downtime = chaos.downtime();
    world.fork(
        "restart",
        () -> {
          network.cut();
          world.sleep(downtime);
          start(node.kind(), node.slot());
        });
    world.kill(node.process());
  }

  /// What a signal does to a datanode: it hands its logs over, stops, and another starts in its place.
  void drainAndRestart(Node node) {
    Deadline deadline = Deadline.after(node.process(), chaos.millis(100, 10_000));
    node.process()
        .fork(
            "drain",
            () -> {
              for (AutoCloseable role : node.roles().reversed()) {
                if (role instanceof Drainable drainable) {
                  drainable.drain(deadline);
                }
                stop(role);
              }
              killAndRestart(node);
            });
  }

  /// Stops everything as a signal does, one process after the other.
  void stopAll() {
    for (Node node : alive()) {
      node.process().fork("stop", () -> node.roles().reversed().forEach(this::stop)).awaitEnd();
    }
  }

  private void stop(AutoCloseable role) {
    try {
      role.close();
    } catch (Exception e) {
      verdicts.add("%s does not close: %s".formatted(role, Texts.of(e)));
    }
  }

  /// What may befall a process in the middle of a step; called by its own tasks.
  void accident(Node node) {
    if (chaos.strikes(Fault.DIES)) {
      killAndRestart(node);
    }
    if (chaos.strikes(Fault.FREEZES)) {
      world.pause(node.process(), chaos.freeze());
    }
  }

  /// Keeps a process from its next step, for longer than its leases live; called by its own tasks.
  void hesitate(Node node, Fault fault) {
    if (chaos.strikes(fault)) {
      world.pause(node.process(), chaos.hesitation());
    }
  }

  /// A restart of the holder between the deletes it was given and the next read of them.
  private void mayDieSoon(Node holder) {
    if (chaos.strikes(Fault.HOLDER_DIES)) {
      Duration soon = chaos.millis(1, 100);
      world.fork(
          "holder dies",
          () -> {
            world.sleep(soon);
            if (holder.isAlive()) {
              killAndRestart(holder);
            }
          });
    }
  }

  SimulatedPeers peers(SimulatedProcess caller) {
    return new SimulatedPeers(this, caller);
  }

  /// Starts a process; its role begins on a task of it.
  void start(Kind kind, int slot) {
    NodeId id = new NodeId(++lastNodeId);
    SimulatedProcess process = world.process("%s-%d".formatted(kind, slot), clock());
    Node node = new Node(kind, slot, id, process, new HashMap<>(), new ArrayList<>());
    nodes.put(id, node);
    process.fork("start", () -> begin(node));
  }

  private SimulatedClock clock() {
    return new SimulatedClock(
        Duration.ofMillis(random.nextInt(-5_000, 5_000)),
        1 + random.nextInt(-200, 201) / 1e6,
        Duration.ofSeconds(random.nextInt(1, 100_000)));
  }

  private void begin(Node node) {
    SimulatedProcess process = node.process();
    PortFaults faults = new PortFaults(this, node);
    Kind kind = node.kind();
    Wal log =
        hesitating(
            node, plant.wal(kind, process, new WatchedWal(wal.on(faults.log()), this, process)));
    MetaStore travelling = new TravellingMeta(meta.on(faults.meta()), chaos, process);
    MetaStore store = plant.meta(kind, process, travelling);
    ObjectStore bucket = plant.objects(kind, process, objects.on(faults.objects()), wal);
    switch (kind) {
      case COORDINATOR -> beginCoordinator(node, store, log, bucket);
      case PROXY -> beginProxy(node, store, log);
      case DATANODE -> beginDataNode(node, store, log, bucket);
      case QUERYNODE -> beginQueryNode(node, store, log, bucket);
      case INDEXNODE -> beginIndexNode(node, store, bucket);
    }
  }

  /// A coordinator may stand still before it appends a control record; a late one must not harm.
  private Wal hesitating(Node node, Wal log) {
    return new ThroughWal(log) {
      @Override
      public Position append(LogId id, byte[] record) {
        if (node.kind() == Kind.COORDINATOR) {
          hesitate(node, Fault.HESITATES_IN_DDL);
        }
        return super.append(id, record);
      }
    };
  }

  private void beginCoordinator(Node node, MetaStore store, Wal log, ObjectStore bucket) {
    Run process = new PreemptedRun(node.process(), chaos);
    Duration request = Duration.ofSeconds(8);
    var root =
        node.started(
            RootCoordRole.start(
                new RootCoordConfig(TTL, request, 1_000, 64, 64).with(PINS),
                new RootCoordPorts(process, store, log, bucket),
                member(node, RootCoordRole.NAME)));
    var query =
        node.started(
            QueryCoordRole.start(
                new QueryCoordConfig(TTL, request, 1_000, Duration.ofSeconds(5)),
                new QueryCoordPorts(process, store, bucket, peers(node.process())),
                member(node, QueryCoordRole.NAME)));
    node.apis().put(RootCoordApi.class, root.service());
    node.apis().put(QueryCoordApi.class, query.service());
    var data =
        node.started(
            DataCoordRole.start(
                new DataCoordConfig(TTL, request, 1_000, 100, Duration.ofSeconds(2), MOVES)
                    .withMinIndexRows(MIN_INDEX_ROWS)
                    .with(COMPACTION, SWEEP_GRACE),
                new DataCoordPorts(process, store, log, bucket, peers(node.process())),
                member(node, DataCoordRole.NAME)));
    node.apis().put(DataCoordApi.class, data.service());
  }

  private void beginProxy(Node node, MetaStore store, Wal log) {
    Run process = new PreemptedRun(node.process(), chaos);
    ProxyRole proxy =
        node.started(
            new ProxyRole(
                new ProxyConfig("simulated", shape.bound, Duration.ofSeconds(8), shape.backlog),
                new ProxyRole.Ports(process, store, log, peers(node.process()), node.id())));
    proxy.services().forEach(service -> node.apis().put(service.getClass(), service));
  }

  private void beginDataNode(Node node, MetaStore store, Wal log, ObjectStore bucket) {
    Run process = new PreemptedRun(node.process(), chaos);
    DataNodeRole role =
        node.started(
            DataNodeRole.start(
                new DataNodeConfig(
                    folder(node),
                    shape.flushBytes,
                    shape.flushAge,
                    1_000,
                    TTL,
                    HOLD_BACK,
                    Duration.ofSeconds(5)),
                new DataNodeRole.Ports(
                    process,
                    store,
                    log,
                    bucket,
                    CpuPool.inline(process),
                    peers(node.process()),
                    member(node, DataNodeRole.NAME))));
    node.apis().put(DataNodeApi.class, role.service());
  }

  private void beginQueryNode(Node node, MetaStore store, Wal log, ObjectStore bucket) {
    Run process = new PreemptedRun(node.process(), chaos);
    QueryNodeRole role =
        node.started(
            QueryNodeRole.start(
                new QueryNodeConfig(folder(node), TTL),
                new QueryNodeRole.Ports(
                    process,
                    store,
                    log,
                    bucket,
                    CpuPool.inline(process),
                    peers(node.process()),
                    member(node, QueryNodeRole.NAME),
                    atMost ->
                        Deadline.after(process, atMost)
                            .orEarlier(RequestContext.current().deadline()))));
    node.apis().put(QueryNodeApi.class, role.service());
  }

  private void beginIndexNode(Node node, MetaStore store, ObjectStore bucket) {
    Run process = new PreemptedRun(node.process(), chaos);
    IndexNodeRole role =
        node.started(
            IndexNodeRole.start(
                new IndexNodeConfig(folder(node), 1, 1 << 20, Duration.ofSeconds(5), TTL),
                new IndexNodeRole.Ports(
                    process,
                    store,
                    bucket,
                    CpuPool.inline(process),
                    peers(node.process()),
                    member(node, IndexNodeRole.NAME))));
    node.apis().put(IndexNodeApi.class, role.service());
  }

  private static Member member(Node node, String role) {
    return new Member(node.id(), role, "", "simulated");
  }

  /// Its disk, which outlives the process: the next start in this slot finds it.
  private Path folder(Node node) {
    return scratch.resolve("%s-%d".formatted(node.kind(), node.slot()));
  }

  /// Lets `callee` handle a request; the answers of shards' leaders are checked.
  Object serve(Node callee, Object request, UnaryOperator<Object> handler) {
    Object given = plant.request(callee.process(), request);
    switch (request) {
      case QueryShardRequest query -> {
        Asked asked = asked(query.getCollectionId(), query.getShard(), query.getFreshness());
        Object response = handler.apply(given);
        reads.answered(asked, query, (QueryShardResponse) response);
        return response;
      }
      case SearchShardRequest search -> {
        Asked asked = asked(search.getCollectionId(), search.getShard(), search.getFreshness());
        Object response = handler.apply(given);
        reads.answered(asked, search, (SearchShardResponse) response);
        return response;
      }
      default -> {
        Object response = plant.response(callee.process(), given, handler.apply(given));
        if (isPart(response)) {
          peerAnswers++;
          mayDieSoon(callee);
        }
        return response;
      }
    }
  }

  private static boolean isPart(Object response) {
    return switch (response) {
      case SearchSegmentsResponse search -> search.hasFound();
      case QuerySegmentsResponse query -> query.hasFound();
      default -> false;
    };
  }

  private Asked asked(long collection, int shard, io.elanus.proto.internal.Freshness freshness) {
    ShardId id = new ShardId(new CollectionId(collection), shard);
    LogId log = catalog.log(id);
    return reads.ask(id, log, freshness);
  }
}
