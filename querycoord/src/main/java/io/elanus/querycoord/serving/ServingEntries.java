package io.elanus.querycoord.serving;

import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ReplicaId;
import io.elanus.common.model.SegmentId;
import io.elanus.proto.internal.LoadMeta;
import io.elanus.proto.internal.ReplicaMeta;
import io.elanus.proto.internal.ResourceGroupMeta;
import io.elanus.proto.internal.RouteMeta;
import io.elanus.proto.internal.SegmentHolder;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.LoadScopeCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The state as entries of the metastore.
public final class ServingEntries {
  private static final long NOBODY = 0;

  private ServingEntries() {}

  /// What the store says now.
  public static ServingState load(MetaStore store) {
    List<ServingChange> changes = new ArrayList<>();
    store.range(MetaKeys.LOADS).entries().forEach(entry -> changes.add(load(store, entry)));
    store.range(MetaKeys.REPLICAS).entries().forEach(entry -> changes.add(replica(entry)));
    store.range(MetaKeys.ROUTES).entries().forEach(entry -> changes.add(route(entry)));
    store.range(MetaKeys.RESOURCE_GROUPS).entries().forEach(entry -> changes.add(group(entry)));
    return ServingState.EMPTY.apply(changes);
  }

  /// Of a collection that is gone nothing is served; it is forgotten soon.
  private static ServingChange load(MetaStore store, MetaEntry entry) {
    LoadMeta meta = CatalogCodec.parse(entry, LoadMeta.parser());
    CollectionId collection = new CollectionId(meta.getCollectionId());
    int shards =
        store
            .get(MetaKeys.collection(collection))
            .map(CatalogCodec::collection)
            .map(Collection::shardCount)
            .orElse(0);
    return new ServingChange.PutLoad(
        collection,
        new Load(meta.getReplicaNumber(), shards, LoadScopeCodec.decode(meta.getScope())));
  }

  private static ServingChange replica(MetaEntry entry) {
    ReplicaMeta meta = CatalogCodec.parse(entry, ReplicaMeta.parser());
    ReplicaKey key =
        new ReplicaKey(
            new CollectionId(meta.getCollectionId()), new ReplicaId(meta.getReplicaId()));
    return new ServingChange.PutReplica(
        key,
        new Replica(meta.getResourceGroup(), meta.getSharesGroup(), nodes(meta.getNodeIdsList())));
  }

  private static ServingChange route(MetaEntry entry) {
    RouteMeta meta = CatalogCodec.parse(entry, RouteMeta.parser());
    RouteKey key =
        new RouteKey(MetaKeys.routedShard(entry.key()), MetaKeys.routedReplica(entry.key()));
    Optional<NodeId> next =
        Optional.of(meta.getNextNodeId()).filter(id -> id != NOBODY).map(NodeId::new);
    return new ServingChange.PutRoute(
        key,
        new Route(
            new NodeId(meta.getNodeId()),
            next,
            meta.getHoldersList().stream().map(ServingEntries::holder).toList(),
            LoadScopeCodec.decode(meta.getScope())));
  }

  private static Holder holder(SegmentHolder meta) {
    return new Holder(
        new NodeId(meta.getNodeId()),
        meta.getSegmentIdsList().stream().map(SegmentId::new).toList());
  }

  private static ServingChange group(MetaEntry entry) {
    ResourceGroupMeta meta = CatalogCodec.parse(entry, ResourceGroupMeta.parser());
    return new ServingChange.PutGroup(
        new ResourceGroup(
            meta.getName(),
            GroupConfigCodec.decode(meta.getConfig()),
            nodes(meta.getNodeIdsList())));
  }

  private static SortedSet<NodeId> nodes(List<Long> ids) {
    return ids.stream().map(NodeId::new).collect(Collectors.toCollection(TreeSet::new));
  }

  /// What the change writes.
  public static Change write(ServingChange change) {
    return switch (change) {
      case ServingChange.PutLoad(var collection, var load) ->
          new Change.Put(MetaKeys.load(collection), encode(collection, load));
      case ServingChange.RemoveLoad(var collection) -> new Change.Remove(MetaKeys.load(collection));
      case ServingChange.PutReplica(var key, var replica) ->
          new Change.Put(MetaKeys.replica(key.collection(), key.id()), encode(key, replica));
      case ServingChange.RemoveReplica(var key) ->
          new Change.Remove(MetaKeys.replica(key.collection(), key.id()));
      case ServingChange.PutRoute(var key, var route) ->
          new Change.Put(MetaKeys.route(key.shard(), key.replica()), encode(route));
      case ServingChange.RemoveRoute(var key) ->
          new Change.Remove(MetaKeys.route(key.shard(), key.replica()));
      case ServingChange.PutGroup(var group) ->
          new Change.Put(MetaKeys.resourceGroup(group.name()), encode(group));
      case ServingChange.RemoveGroup(var name) -> new Change.Remove(MetaKeys.resourceGroup(name));
    };
  }

  private static byte[] encode(CollectionId collection, Load load) {
    return LoadMeta.newBuilder()
        .setCollectionId(collection.value())
        .setReplicaNumber(load.replicaNumber())
        .setScope(LoadScopeCodec.encode(load.scope()))
        .build()
        .toByteArray();
  }

  private static byte[] encode(ReplicaKey key, Replica replica) {
    return ReplicaMeta.newBuilder()
        .setReplicaId(key.id().value())
        .setCollectionId(key.collection().value())
        .setResourceGroup(replica.group())
        .setSharesGroup(replica.sharesGroup())
        .addAllNodeIds(values(replica.nodes()))
        .build()
        .toByteArray();
  }

  private static byte[] encode(Route route) {
    RouteMeta.Builder meta =
        RouteMeta.newBuilder()
            .setNodeId(route.leader().value())
            .setNextNodeId(route.next().map(NodeId::value).orElse(NOBODY))
            .setScope(LoadScopeCodec.encode(route.scope()));
    for (Holder holder : route.holders()) {
      meta.addHolders(
          SegmentHolder.newBuilder()
              .setNodeId(holder.node().value())
              .addAllSegmentIds(holder.segments().stream().map(SegmentId::value).toList()));
    }
    return meta.build().toByteArray();
  }

  private static byte[] encode(ResourceGroup group) {
    return ResourceGroupMeta.newBuilder()
        .setName(group.name())
        .setConfig(GroupConfigCodec.encode(group.config()))
        .addAllNodeIds(values(group.nodes()))
        .build()
        .toByteArray();
  }

  private static List<Long> values(Set<NodeId> nodes) {
    return nodes.stream().map(NodeId::value).toList();
  }
}
