package io.elanus.simulation;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.model.NodeId;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.proto.internal.NodeMeta;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.internal.DataCoordApi;
import io.elanus.rpc.internal.DataNodeApi;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.internal.QueryCoordApi;
import io.elanus.rpc.internal.QueryNodeApi;
import io.elanus.rpc.internal.RootCoordApi;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;

/// The other roles as one process reaches them. Coordinators are whoever holds the election key, nodes
/// whoever is registered, both as the metastore says at that moment.
record SimulatedPeers(SimulatedCluster cluster, SimulatedProcess caller) implements Peers {
  @Override
  public RootCoordApi rootCoord() {
    return coordinator("rootcoord", RootCoordApi.class);
  }

  @Override
  public QueryCoordApi queryCoord() {
    return coordinator("querycoord", QueryCoordApi.class);
  }

  @Override
  public DataCoordApi dataCoord() {
    return coordinator("datacoord", DataCoordApi.class);
  }

  @Override
  public QueryNodeApi queryNode(NodeId node) {
    return remote(find(node), QueryNodeApi.class);
  }

  @Override
  public DataNodeApi dataNode(NodeId node) {
    return remote(find(node), DataNodeApi.class);
  }

  @Override
  public List<NodeId> queryNodes() {
    return nodes("querynode");
  }

  @Override
  public List<NodeId> dataNodes() {
    return nodes("datanode");
  }

  private List<NodeId> nodes(String role) {
    String prefix = MetaKeys.nodes(role);
    return cluster.meta().range(prefix).entries().stream()
        .map(entry -> new NodeId(Long.parseLong(entry.key().substring(prefix.length()))))
        .toList();
  }

  private <T> T coordinator(String role, Class<T> api) {
    Node leader =
        cluster
            .meta()
            .get(MetaKeys.election(role))
            .map(entry -> CatalogCodec.parse(entry, NodeMeta.parser()).getNodeId())
            .map(id -> find(new NodeId(id)))
            .orElseThrow(() -> ErrorCode.SERVICE_UNAVAILABLE.because("nobody leads %s", role));
    return remote(leader, api);
  }

  private Node find(NodeId id) {
    return cluster
        .node(id)
        .orElseThrow(() -> ErrorCode.NODE_NOT_FOUND.because("node %s is gone", id));
  }

  private <T> T remote(Node callee, Class<T> api) {
    Object stub =
        Proxy.newProxyInstance(
            api.getClassLoader(),
            new Class<?>[] {api},
            (_, method, arguments) -> call(callee, api, method, arguments));
    return api.cast(stub);
  }

  private Object call(Node callee, Class<?> api, Method method, Object[] arguments) {
    String what = api.getSimpleName() + "." + method.getName();
    return cluster
        .network()
        .call(
            caller,
            callee,
            what,
            () -> cluster.serve(callee, arguments[0], r -> invoke(callee, api, method, r)));
  }

  private static Object invoke(Node callee, Class<?> api, Method method, Object request) {
    Object target = callee.apis().get(api);
    if (target == null) {
      throw ErrorCode.SERVICE_UNAVAILABLE.because("%s is starting", callee);
    }
    try {
      return method.invoke(target, request);
    } catch (InvocationTargetException e) {
      throw unchecked(e.getTargetException());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static RuntimeException unchecked(Throwable thrown) {
    return switch (thrown) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException(thrown);
    };
  }
}
