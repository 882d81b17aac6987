package io.elanus.rpc.internal;

import static java.util.stream.Collectors.toSet;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Member;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.Watcher;
import io.elanus.common.model.NodeId;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.DataCoordGrpc;
import io.elanus.proto.internal.DataNodeGrpc;
import io.elanus.proto.internal.QueryCoordGrpc;
import io.elanus.proto.internal.QueryNodeGrpc;
import io.elanus.proto.internal.RootCoordGrpc;
import io.elanus.rpc.codec.MemberCodec;
import io.elanus.rpc.peer.Channels;
import io.elanus.rpc.peer.RpcClient;
import io.grpc.ServiceDescriptor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Peers as the metastore knows them: coordinators by their election keys, nodes by their membership, both
/// followed. A caller asks for a peer at each call, so a takeover is followed without being told.
public final class DiscoveredPeers implements Peers, AutoCloseable {
  private static final String ELECTIONS = "election/";
  private static final String NODES = "node/";

  private final Channels channels;
  private final RpcClient clients;
  private final Map<String, Member> members = new ConcurrentHashMap<>();
  private final Map<Endpoint, Object> proxies = new ConcurrentHashMap<>();
  private final List<Watcher> watchers;

  public DiscoveredPeers(Run run, MetaStore meta, Channels channels, RpcClient clients) {
    this.channels = channels;
    this.clients = clients;
    this.watchers =
        Stream.of(ELECTIONS, NODES)
            .map(prefix -> Watcher.start(run, meta, prefix, new Following(prefix)))
            .toList();
  }

  @Override
  public RootCoordApi rootCoord() {
    return coordinator("rootcoord", RootCoordApi.class, RootCoordGrpc.getServiceDescriptor());
  }

  @Override
  public QueryCoordApi queryCoord() {
    return coordinator("querycoord", QueryCoordApi.class, QueryCoordGrpc.getServiceDescriptor());
  }

  @Override
  public DataCoordApi dataCoord() {
    return coordinator("datacoord", DataCoordApi.class, DataCoordGrpc.getServiceDescriptor());
  }

  @Override
  public QueryNodeApi queryNode(NodeId node) {
    return node("querynode", node, QueryNodeApi.class, QueryNodeGrpc.getServiceDescriptor());
  }

  @Override
  public DataNodeApi dataNode(NodeId node) {
    return node("datanode", node, DataNodeApi.class, DataNodeGrpc.getServiceDescriptor());
  }

  @Override
  public List<NodeId> queryNodes() {
    return nodes("querynode");
  }

  @Override
  public List<NodeId> dataNodes() {
    return nodes("datanode");
  }

  @Override
  public void close() {
    watchers.forEach(Watcher::close);
  }

  /// Who coordinates `role` as far as news have come.
  public Optional<Member> leader(String role) {
    return Optional.ofNullable(members.get(ELECTIONS + role));
  }

  private <T> T coordinator(String role, Class<T> api, ServiceDescriptor service) {
    Member leader =
        leader(role)
            .orElseThrow(() -> ErrorCode.SERVICE_UNAVAILABLE.because("no %s leads now", role));
    return client(leader, api, service);
  }

  private <T> T node(String role, NodeId node, Class<T> api, ServiceDescriptor service) {
    Member member =
        ofRole(role)
            .filter(m -> m.node().equals(node))
            .findFirst()
            .orElseThrow(
                () -> ErrorCode.NODE_NOT_FOUND.because("no %s %s is registered", role, node));
    return client(member, api, service);
  }

  private List<NodeId> nodes(String role) {
    return ofRole(role).map(Member::node).sorted().toList();
  }

  private Stream<Member> ofRole(String role) {
    return members.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(NODES + role + "/"))
        .map(Map.Entry::getValue);
  }

  private <T> T client(Member member, Class<T> api, ServiceDescriptor service) {
    Endpoint endpoint = new Endpoint(member.address(), service.getName());
    Object proxy =
        proxies.computeIfAbsent(
            endpoint, _ -> clients.of(api, service, channels.to(member.address())));
    return api.cast(proxy);
  }

  /// Closes the ways to processes that are gone, or they would pile up with every restart.
  private void forgetAbandoned() {
    Set<String> inUse = members.values().stream().map(Member::address).collect(toSet());
    List<Endpoint> abandoned =
        proxies.keySet().stream().filter(endpoint -> !inUse.contains(endpoint.address)).toList();
    abandoned.forEach(proxies::remove);
    abandoned.stream().map(Endpoint::address).distinct().forEach(channels::forget);
  }

  private record Endpoint(String address, String service) {}

  private final class Following implements Watcher.Listener {
    private final String prefix;

    Following(String prefix) {
      this.prefix = prefix;
    }

    @Override
    public void listed(List<MetaEntry> entries) {
      List<String> present = entries.stream().map(MetaEntry::key).toList();
      members.keySet().removeIf(key -> key.startsWith(prefix) && !present.contains(key));
      entries.forEach(entry -> members.put(entry.key(), MemberCodec.decode(entry)));
      forgetAbandoned();
    }

    @Override
    public void changed(List<MetaEvent> events) {
      for (MetaEvent event : events) {
        event
            .value()
            .map(value -> MemberCodec.decode(new MetaEntry(event.key(), value, event.revision())))
            .ifPresentOrElse(
                member -> members.put(event.key(), member), () -> members.remove(event.key()));
      }
      forgetAbandoned();
    }
  }
}
