package io.elanus.standalone;

import io.elanus.adapters.embedded.EmbeddedBackends;
import io.elanus.adapters.prometheus.PrometheusMetrics;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Member;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.NodeId;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Closer;
import io.elanus.common.run.CpuPool;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.common.wal.Wal;
import io.elanus.datacoord.DataCoordConfig;
import io.elanus.datacoord.DataCoordPorts;
import io.elanus.datacoord.DataCoordRole;
import io.elanus.datanode.DataNodeConfig;
import io.elanus.datanode.DataNodeRole;
import io.elanus.indexnode.IndexNodeConfig;
import io.elanus.indexnode.IndexNodeRole;
import io.elanus.proto.internal.DataCoordGrpc;
import io.elanus.proto.internal.DataNodeGrpc;
import io.elanus.proto.internal.IndexNodeGrpc;
import io.elanus.proto.internal.QueryCoordGrpc;
import io.elanus.proto.internal.QueryNodeGrpc;
import io.elanus.proto.internal.RootCoordGrpc;
import io.elanus.proto.milvus.ClientTelemetryServiceGrpc;
import io.elanus.proto.milvus.MilvusServiceGrpc;
import io.elanus.proto.milvus.ProxyServiceGrpc;
import io.elanus.proto.tokenizer.TokenizerGrpc;
import io.elanus.proxy.ProxyConfig;
import io.elanus.proxy.ProxyRole;
import io.elanus.querycoord.QueryCoordConfig;
import io.elanus.querycoord.QueryCoordPorts;
import io.elanus.querycoord.QueryCoordRole;
import io.elanus.querynode.QueryNodeConfig;
import io.elanus.querynode.QueryNodeRole;
import io.elanus.rootcoord.RootCoordConfig;
import io.elanus.rootcoord.RootCoordPorts;
import io.elanus.rootcoord.RootCoordRole;
import io.elanus.rpc.call.PublicApi;
import io.elanus.rpc.call.RequestContext;
import io.elanus.rpc.http.HttpRoutes;
import io.elanus.rpc.internal.DiscoveredPeers;
import io.elanus.rpc.management.Health;
import io.elanus.rpc.management.ManagementServer;
import io.elanus.rpc.peer.Channels;
import io.elanus.rpc.peer.InProcessServer;
import io.elanus.rpc.peer.PeerServices;
import io.elanus.rpc.peer.RpcClient;
import io.elanus.rpc.server.RpcServer;
import io.elanus.rpc.server.RpcServerConfig;
import io.elanus.rpc.server.TlsConfig;
import io.grpc.ServiceDescriptor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Seven roles over one set of embedded backends and in-process channels, in start order; [#close] undoes
/// it in reverse.
///
/// ```
/// backends -> coordinators -> nodes -> proxy -> ports
/// ```
final class Standalone implements AutoCloseable {
  private static final Duration LEASE_TTL = Duration.ofSeconds(15);
  private static final Duration PEER_TIMEOUT = Duration.ofMinutes(1);
  private static final Duration DRAIN = Duration.ofSeconds(5);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

  /// As long as an idle index node waits for work within one call.
  private static final Duration JOB_WAIT = Duration.ofSeconds(50);

  private static final long MIN_FLUSH_BYTES = 1 << 20;

  /// Work that waits for a core; more is refused as overload.
  private static final int CPU_QUEUE = 10_000;

  private final StandaloneConfig config;
  private final Closer closer;
  private final Run run = new SystemRun();
  private final Health health = new Health();
  private final MetaStore meta;
  private final Wal wal;
  private final ObjectStore objects;
  private final CpuPool cpu;
  private final DiscoveredPeers peers;
  private final RpcServer server;
  private final ManagementServer management;

  /// @throws io.elanus.common.error.DbException when the data folder is in use, damaged, or a port taken
  static Standalone start(StandaloneConfig config) {
    Closer closer = new Closer();
    try {
      return new Standalone(config, closer);
    } catch (RuntimeException | Error e) {
      closer.close();
      throw e;
    }
  }

  private Standalone(StandaloneConfig config, Closer closer) {
    this.config = config;
    this.closer = closer;
    EmbeddedBackends backends = closer.add(EmbeddedBackends.open(run, config.data()));
    meta = backends.meta();
    wal = backends.wal();
    objects = backends.objects();
    PrometheusMetrics metrics = closer.add(new PrometheusMetrics());
    cpu = closer.add(CpuPool.fixed(run, "cpu", cores(), CPU_QUEUE));
    Channels channels = closer.add(new Channels(run, Optional.empty()));
    RpcClient clients = new RpcClient(run, PEER_TIMEOUT);
    peers = closer.add(new DiscoveredPeers(run, meta, channels, clients));

    startCoordinators();
    startNodes();
    ProxyRole proxy = startProxy();

    server = closer.add(listen(proxy));
    management =
        closer.add(
            ManagementServer.start(
                run,
                new InetSocketAddress(config.host(), config.managementPort()),
                metrics::scrape,
                health));
  }

  Run run() {
    return run;
  }

  int port() {
    return server.port();
  }

  int managementPort() {
    return management.port();
  }

  @Override
  public void close() {
    closer.close();
  }

  private void startCoordinators() {
    Member root = member(RootCoordRole.NAME);
    RootCoordRole rootCoord =
        closer.add(
            RootCoordRole.start(RootCoordConfig.DEFAULT, new RootCoordPorts(run, meta, wal), root));
    serve(root, RootCoordGrpc.getServiceDescriptor(), rootCoord.service());
    watch(RootCoordRole.NAME, rootCoord::isLeading);

    Member query = member(QueryCoordRole.NAME);
    QueryCoordRole queryCoord =
        closer.add(
            QueryCoordRole.start(
                QueryCoordConfig.DEFAULT, new QueryCoordPorts(run, meta, objects, peers), query));
    serve(query, QueryCoordGrpc.getServiceDescriptor(), queryCoord.service());
    watch(QueryCoordRole.NAME, queryCoord::isLeading);

    Member data = member(DataCoordRole.NAME);
    DataCoordRole dataCoord =
        closer.add(
            DataCoordRole.start(
                DataCoordConfig.DEFAULT, new DataCoordPorts(run, meta, wal, objects, peers), data));
    serve(data, DataCoordGrpc.getServiceDescriptor(), dataCoord.service());
    watch(DataCoordRole.NAME, dataCoord::isLeading);

    Deadline deadline = Deadline.after(run, START_TIMEOUT);
    requireLeading(RootCoordRole.NAME, () -> rootCoord.awaitLeading(deadline));
    requireLeading(QueryCoordRole.NAME, () -> queryCoord.awaitLeading(deadline));
    requireLeading(DataCoordRole.NAME, () -> dataCoord.awaitLeading(deadline));
  }

  private void startNodes() {
    Member data = member(DataNodeRole.NAME);
    DataNodeConfig dataConfig =
        new DataNodeConfig(
            config.data().resolve("scratch/datanode"),
            flushBytes(),
            DataNodeConfig.DEFAULT_FLUSH_AGE,
            DataNodeConfig.DEFAULT_SEGMENT_ROWS,
            LEASE_TTL);
    DataNodeRole dataNode =
        closer.add(
            DataNodeRole.start(
                dataConfig, new DataNodeRole.Ports(run, meta, wal, objects, peers, data)));
    serve(data, DataNodeGrpc.getServiceDescriptor(), dataNode.service());
    watch(DataNodeRole.NAME, dataNode::isRegistered);

    Member query = member(QueryNodeRole.NAME);
    QueryNodeRole queryNode =
        closer.add(
            QueryNodeRole.start(
                new QueryNodeConfig(config.data().resolve("cache"), LEASE_TTL),
                new QueryNodeRole.Ports(
                    run, meta, wal, objects, cpu, query, this::requestDeadline)));
    serve(query, QueryNodeGrpc.getServiceDescriptor(), queryNode.service());
    watch(QueryNodeRole.NAME, queryNode::isRegistered);

    Member index = member(IndexNodeRole.NAME);
    CpuPool builds = closer.add(CpuPool.fixed(run, "build", cores(), CPU_QUEUE));
    IndexNodeConfig indexConfig =
        new IndexNodeConfig(
            config.data().resolve("scratch/indexnode"), cores(), JOB_WAIT, LEASE_TTL);
    IndexNodeRole indexNode =
        closer.add(
            IndexNodeRole.start(
                indexConfig, new IndexNodeRole.Ports(run, meta, objects, builds, peers, index)));
    serve(index, IndexNodeGrpc.getServiceDescriptor(), indexNode.service());
    watch(IndexNodeRole.NAME, indexNode::isRegistered);
  }

  /// A tail is held twice, by its owner and by its leader, and the logs are independent: all of them
  /// together stay below half of the heap.
  private long flushBytes() {
    long share = Runtime.getRuntime().maxMemory() / (4L * wal.logCount());
    return Math.max(MIN_FLUSH_BYTES, Math.min(config.flushBytes(), share));
  }

  private ProxyRole startProxy() {
    return closer.add(
        new ProxyRole(
            ProxyConfig.ofVersion(Version.number()),
            new ProxyRole.Ports(run, meta, wal, peers, freshNode())));
  }

  private RpcServer listen(ProxyRole proxy) {
    RpcServerConfig plain = RpcServerConfig.plain(config.host(), config.port());
    RpcServerConfig listening =
        config
            .tls()
            .map(tls -> plain.withTls(new TlsConfig(tls.certificate(), tls.key(), tls.clientCa())))
            .orElse(plain);
    List<ServiceDescriptor> services =
        List.of(
            MilvusServiceGrpc.getServiceDescriptor(),
            ClientTelemetryServiceGrpc.getServiceDescriptor(),
            ProxyServiceGrpc.getServiceDescriptor(),
            TokenizerGrpc.getServiceDescriptor());
    return RpcServer.start(
        run, listening, PublicApi.open(run).serve(services, proxy.services()), HttpRoutes.none());
  }

  /// Serves a role under the address that its member entry names.
  private void serve(Member member, ServiceDescriptor service, Object implementation) {
    String name = member.address().substring("inprocess:".length());
    closer.add(
        InProcessServer.start(
            run, name, List.of(PeerServices.bind(run, service, implementation)), DRAIN));
  }

  /// A coordinator of the only process has to lead, a node to hold its lease.
  private void watch(String role, BooleanSupplier well) {
    health.addFlag(role, well);
  }

  private Member member(String role) {
    NodeId node = freshNode();
    return new Member(node, role, "inprocess:%s-%s".formatted(role, node), Version.number());
  }

  /// Names one start of one role; drawn, so that it needs nobody.
  private NodeId freshNode() {
    return new NodeId(1 + (run.random().nextLong() >>> 1) % Long.MAX_VALUE);
  }

  private Deadline requestDeadline(Duration most) {
    Deadline latest = Deadline.after(run, most);
    return RequestContext.find().map(c -> c.deadline().orEarlier(latest)).orElse(latest);
  }

  private static void requireLeading(String role, BooleanSupplier leads) {
    if (!leads.getAsBoolean()) {
      throw ErrorCode.SERVICE_NOT_READY.because(
          "%s was not elected within %s", role, START_TIMEOUT);
    }
  }

  private static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }
}
