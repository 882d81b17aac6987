package io.elanus.proxy;

import io.elanus.common.meta.LiveNodes;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.NodeId;
import io.elanus.common.run.Closer;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.Run;
import io.elanus.common.wal.Wal;
import io.elanus.proxy.catalog.CollectionCache;
import io.elanus.proxy.catalog.Loads;
import io.elanus.proxy.catalog.Routes;
import io.elanus.proxy.read.KeyVectors;
import io.elanus.proxy.read.Querier;
import io.elanus.proxy.read.Searcher;
import io.elanus.proxy.read.Sessions;
import io.elanus.proxy.read.ShardCalls;
import io.elanus.proxy.security.ProxySecurity;
import io.elanus.proxy.service.AliasService;
import io.elanus.proxy.service.AlterService;
import io.elanus.proxy.service.CollectionService;
import io.elanus.proxy.service.ConnectionService;
import io.elanus.proxy.service.DatabaseService;
import io.elanus.proxy.service.FlushService;
import io.elanus.proxy.service.GrantService;
import io.elanus.proxy.service.IndexService;
import io.elanus.proxy.service.LoadService;
import io.elanus.proxy.service.MaintenanceService;
import io.elanus.proxy.service.PartitionService;
import io.elanus.proxy.service.PrivilegeGroupService;
import io.elanus.proxy.service.ReadService;
import io.elanus.proxy.service.ReplicaService;
import io.elanus.proxy.service.ResourceGroupService;
import io.elanus.proxy.service.RoleService;
import io.elanus.proxy.service.RowCounts;
import io.elanus.proxy.service.SecurityBackupService;
import io.elanus.proxy.service.SecurityChanges;
import io.elanus.proxy.service.SlowReads;
import io.elanus.proxy.service.SnapshotService;
import io.elanus.proxy.service.StatisticsService;
import io.elanus.proxy.service.SystemInfoService;
import io.elanus.proxy.service.UserService;
import io.elanus.proxy.service.WriteService;
import io.elanus.proxy.write.Backlog;
import io.elanus.proxy.write.ConfirmedWrite;
import io.elanus.proxy.write.Deleter;
import io.elanus.proxy.write.LogWriter;
import io.elanus.proxy.write.PartialUpserter;
import io.elanus.proxy.write.RowIds;
import io.elanus.proxy.write.RowWriter;
import io.elanus.proxy.write.Timestamps;
import io.elanus.rpc.call.PublicApi;
import io.elanus.rpc.call.RequestContext;
import io.elanus.rpc.codec.MemberCodec;
import io.elanus.rpc.internal.PatientPeers;
import io.elanus.rpc.internal.Peers;
import java.util.List;
import java.util.Optional;

/// The proxy, put together. Its services are plain objects: who serves them binds them to the public API.
public final class ProxyRole implements AutoCloseable {
  /// What a proxy is handed; all of it outlives the proxy.
  ///
  /// @param node names this start of this process, and so the records it writes
  public record Ports(Run run, MetaStore metaStore, Wal wal, Peers peers, NodeId node) {}

  /// Threads of one request at most: above the shards of any collection.
  private static final int MAX_PARALLEL = 256;

  private final Closer closer = new Closer();
  private final ShardCalls shards;
  private final Backlog backlog;
  private final RowCounts counts = new RowCounts();
  private final SlowReads slowReads;
  private final ProxySecurity security;
  private final List<Object> services;

  public ProxyRole(ProxyConfig config, Ports ports) {
    Run run = ports.run();
    Peers peers = new PatientPeers(run, ports.peers(), config.patience());
    FanOut fanOut = new FanOut(run, RequestContext.carried(), MAX_PARALLEL);
    CollectionCache collections = closer.add(new CollectionCache(run, ports.metaStore(), peers));
    Routes routes = closer.add(new Routes(run, ports.metaStore()));
    Loads loads = closer.add(new Loads(run, ports.metaStore(), peers));
    LiveNodes nodes =
        closer.add(
            LiveNodes.watch(
                run, ports.metaStore(), "querynode", MemberCodec::decode, routes::touch));
    shards =
        new ShardCalls(
            run, fanOut, new ShardCalls.Sight(peers, routes, loads, nodes), config.patience());
    Timestamps timestamps = new Timestamps(run, peers::rootCoord);
    backlog = closer.add(new Backlog(run, ports.metaStore(), config.backlog()));
    LogWriter log = new LogWriter(run, ports.wal(), fanOut, ports.node(), backlog);
    ConfirmedWrite writes = new ConfirmedWrite(collections, timestamps, log);
    var tools = new PartialUpserter.Tools(collections, writes, log, new RowIds(run, peers));
    RowWriter rows = new RowWriter(tools, new PartialUpserter(run, tools, loads, shards));
    Deleter deleter = new Deleter(run, collections, writes, log, loads, shards);
    Sessions sessions = new Sessions(run, peers, ports.peers());
    Searcher searcher =
        new Searcher(run, shards, loads, new KeyVectors(run, shards), sessions, config.bound());
    Querier querier = new Querier(run, shards, loads, sessions, config.bound());
    slowReads = new SlowReads(run, config.slowRead());
    security =
        closer.add(
            new ProxySecurity(run, ports.metaStore(), config.security(), config.authorization()));
    SecurityChanges securityChanges = new SecurityChanges(peers, security);
    services =
        List.of(
            new ConnectionService(
                run,
                ports.peers(),
                timestamps,
                new ConnectionService.Self(ports.node(), config.buildTag()),
                security::warnings),
            new SystemInfoService(ports.metaStore(), ports.peers(), ports.node(), config.version()),
            new DatabaseService(peers, security.visibility()),
            new CollectionService(peers, collections, loads, security.visibility()),
            new AlterService(peers, collections, loads),
            new AliasService(peers, collections),
            new PartitionService(peers, collections, loads),
            new StatisticsService(peers, collections, loads, querier),
            new LoadService(peers, collections, loads, routes),
            new ReplicaService(peers, collections, loads),
            new ResourceGroupService(peers, collections),
            new IndexService(peers, collections, loads),
            new WriteService(rows, deleter, counts),
            new ReadService(collections, searcher, querier, counts, slowReads),
            new FlushService(peers, collections, timestamps),
            new MaintenanceService(collections, peers),
            new SnapshotService(collections, peers),
            new UserService(security, securityChanges),
            new RoleService(security, securityChanges),
            new GrantService(security, securityChanges),
            new PrivilegeGroupService(security, securityChanges),
            new SecurityBackupService(security, securityChanges));
  }

  /// The objects that serve the calls of the public API, each call by one method of one object.
  public List<Object> services() {
    return services;
  }

  /// Who may call; empty when everybody may.
  public Optional<PublicApi.Security> security() {
    return security.stages();
  }

  /// What became of calls of query nodes.
  public ShardCalls.Counts counts() {
    return shards.counts();
  }

  /// What calls that succeeded wrote and sought.
  public RowCounts rows() {
    return counts;
  }

  /// Searches and queries that took long.
  public long slowReads() {
    return slowReads.count();
  }

  /// Bytes this proxy wrote that no manifest covers, as far as it knows.
  public long backlogBytes() {
    return backlog.bytes();
  }

  @Override
  public void close() {
    closer.close();
  }
}
