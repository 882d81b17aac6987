package io.elanus.model;

import com.google.protobuf.Message;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Member;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.NodeId;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Closer;
import io.elanus.common.run.CpuPool;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.wal.MemoryWal;
import io.elanus.common.wal.Wal;
import io.elanus.datacoord.CompactionLimits;
import io.elanus.datacoord.DataCoordConfig;
import io.elanus.datacoord.DataCoordPorts;
import io.elanus.datacoord.DataCoordRole;
import io.elanus.datanode.DataNodeConfig;
import io.elanus.datanode.DataNodeRole;
import io.elanus.indexnode.IndexNodeConfig;
import io.elanus.indexnode.IndexNodeRole;
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
import io.elanus.rpc.call.RequestContext;
import io.elanus.rpc.internal.DataCoordApi;
import io.elanus.rpc.internal.DataNodeApi;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.internal.QueryCoordApi;
import io.elanus.rpc.internal.QueryNodeApi;
import io.elanus.rpc.internal.RootCoordApi;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All roles in one process, on the ports in memory, in simulated time.
final class InProcess implements Milvus, AutoCloseable {
  private static final Duration TTL = Duration.ofSeconds(5);
  private static final Duration REQUEST = Duration.ofSeconds(30);
  private static final NodeId NODE = new NodeId(1);

  /// So few rows that segments of a model get index files, and so few segments that they are merged.
  private static final int MIN_INDEX_ROWS = 20;

  private static final CompactionLimits COMPACTION =
      new CompactionLimits(true, 1 << 20, 1_000, 3, 0.1);

  private record Roles(
      RootCoordApi rootCoord,
      QueryCoordApi queryCoord,
      DataCoordApi dataCoord,
      Map<NodeId, QueryNodeApi> queryNodesById,
      Map<NodeId, DataNodeApi> dataNodesById) {}

  private final Run run;
  private final Closer closer = new Closer();
  private final Map<String, Method> methods = new HashMap<>();
  private final Map<String, Object> services = new HashMap<>();
  private Optional<Roles> roles = Optional.empty();

  /// On a task of `world`.
  ///
  /// @param scratch folder for files on their way
  InProcess(SimulatedRun world, Path scratch) {
    this.run = world.process("server");
    MetaStore meta = closer.add(new MemoryMetaStore(world));
    Wal wal = closer.add(new MemoryWal(world, 2));
    ObjectStore objects = closer.add(new MemoryObjectStore(world));
    Peers peers = new Direct();
    CpuPool cpu = CpuPool.inline(run);
    RootCoordRole root =
        closer.add(
            RootCoordRole.start(
                new RootCoordConfig(TTL, REQUEST, 1_000, 64, 64),
                new RootCoordPorts(run, meta, wal, objects),
                member(RootCoordRole.NAME)));
    QueryCoordRole query =
        closer.add(
            QueryCoordRole.start(
                new QueryCoordConfig(TTL, REQUEST, 1_000, Duration.ofSeconds(5)),
                new QueryCoordPorts(run, meta, objects, peers),
                member(QueryCoordRole.NAME)));
    DataCoordRole data =
        closer.add(
            DataCoordRole.start(
                new DataCoordConfig(
                        TTL,
                        REQUEST,
                        1_000,
                        100,
                        Duration.ofSeconds(2),
                        new DataCoordConfig.Moves(
                            TTL, TTL, Duration.ofMillis(100), Duration.ofSeconds(2)))
                    .withMinIndexRows(MIN_INDEX_ROWS)
                    .with(COMPACTION, Duration.ofSeconds(10)),
                new DataCoordPorts(run, meta, wal, objects, peers),
                member(DataCoordRole.NAME)));
    DataNodeRole dataNode =
        closer.add(
            DataNodeRole.start(
                new DataNodeConfig(
                    scratch.resolve("datanode"),
                    8_192,
                    Duration.ofMinutes(1),
                    50,
                    TTL,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(5)),
                new DataNodeRole.Ports(
                    run, meta, wal, objects, cpu, peers, member(DataNodeRole.NAME))));
    QueryNodeRole queryNode =
        closer.add(
            QueryNodeRole.start(
                new QueryNodeConfig(scratch.resolve("querynode"), TTL),
                new QueryNodeRole.Ports(
                    run,
                    meta,
                    wal,
                    objects,
                    cpu,
                    peers,
                    member(QueryNodeRole.NAME),
                    atMost -> Deadline.after(run, atMost))));
    roles =
        Optional.of(
            new Roles(
                root.service(),
                query.service(),
                data.service(),
                Map.of(NODE, queryNode.service()),
                Map.of(NODE, dataNode.service())));
    closer.add(
        IndexNodeRole.start(
            new IndexNodeConfig(
                scratch.resolve("indexnode"), 1, 1 << 20, Duration.ofSeconds(5), TTL),
            new IndexNodeRole.Ports(run, meta, objects, cpu, peers, member(IndexNodeRole.NAME))));
    ProxyRole proxy =
        closer.add(
            new ProxyRole(
                new ProxyConfig("model", Duration.ofSeconds(5), REQUEST, Backlog.Limits.DEFAULT),
                new ProxyRole.Ports(run, meta, wal, peers, NODE)));
    for (Object service : proxy.services()) {
      for (Method method : service.getClass().getDeclaredMethods()) {
        if (method.getParameterCount() == 1
            && Message.class.isAssignableFrom(method.getParameterTypes()[0])) {
          methods.put(method.getName(), method);
          services.put(method.getName(), service);
        }
      }
    }
  }

  private static Member member(String role) {
    return new Member(NODE, role, "", "model");
  }

  @Override
  public <T extends Message> T call(String rpc, Message request, Class<T> response) {
    String name = Character.toLowerCase(rpc.charAt(0)) + rpc.substring(1);
    Method method = Optional.ofNullable(methods.get(name)).orElseThrow();
    return new RequestContext("default", "root", rpc, Deadline.after(run, REQUEST), 0)
        .call(() -> {
          try {
            return response.cast(method.invoke(services.get(name), request));
          } catch (InvocationTargetException e) {
            throw refused(rpc, e.getTargetException());
          } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static RuntimeException refused(String rpc, Throwable thrown) {
    return switch (thrown) {
      case DbException e -> new Refused(rpc, e.code().number(), e.text());
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException(thrown);
    };
  }

  @Override
  public void pause(Duration time) {
    run.sleep(time);
  }

  @Override
  public void close() {
    closer.close();
  }

  private final class Direct implements Peers {
    private Roles roles() {
      return roles.orElseThrow(() -> ErrorCode.SERVICE_UNAVAILABLE.because("still starting"));
    }

    @Override
    public RootCoordApi rootCoord() {
      return roles().rootCoord();
    }

    @Override
    public QueryCoordApi queryCoord() {
      return roles().queryCoord();
    }

    @Override
    public DataCoordApi dataCoord() {
      return roles().dataCoord();
    }

    @Override
    public QueryNodeApi queryNode(NodeId node) {
      return Optional.ofNullable(roles().queryNodesById().get(node))
          .orElseThrow(() -> ErrorCode.NODE_NOT_FOUND.because("node %s", node));
    }

    @Override
    public DataNodeApi dataNode(NodeId node) {
      return Optional.ofNullable(roles().dataNodesById().get(node))
          .orElseThrow(() -> ErrorCode.NODE_NOT_FOUND.because("node %s", node));
    }

    @Override
    public List<NodeId> queryNodes() {
      return List.of(NODE);
    }

    @Override
    public List<NodeId> dataNodes() {
      return List.of(NODE);
    }
  }
}
