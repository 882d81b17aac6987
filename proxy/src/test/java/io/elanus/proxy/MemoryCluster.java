package io.elanus.proxy;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.Collection;
import io.elanus.common.model.NodeId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.common.wal.MemoryWal;
import io.elanus.proto.internal.AcquireJobRequest;
import io.elanus.proto.internal.AcquireJobResponse;
import io.elanus.proto.internal.CollectionStatisticsRequest;
import io.elanus.proto.internal.CollectionStatisticsResponse;
import io.elanus.proto.internal.FinishJobRequest;
import io.elanus.proto.internal.FinishJobResponse;
import io.elanus.proto.internal.FlushRequest;
import io.elanus.proto.internal.FlushResponse;
import io.elanus.proto.internal.FlushStateRequest;
import io.elanus.proto.internal.FlushStateResponse;
import io.elanus.proto.internal.IndexProgressRequest;
import io.elanus.proto.internal.IndexProgressResponse;
import io.elanus.proto.internal.LoadCollectionRequest;
import io.elanus.proto.internal.LoadCollectionResponse;
import io.elanus.proto.internal.LoadStateRequest;
import io.elanus.proto.internal.LoadStateResponse;
import io.elanus.proto.internal.ReleaseCollectionRequest;
import io.elanus.proto.internal.ReleaseCollectionResponse;
import io.elanus.proto.internal.RenewJobRequest;
import io.elanus.proto.internal.RenewJobResponse;
import io.elanus.proto.internal.RouteMeta;
import io.elanus.rpc.call.RequestContext;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.internal.DataCoordApi;
import io.elanus.rpc.internal.DataNodeApi;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.internal.QueryCoordApi;
import io.elanus.rpc.internal.QueryNodeApi;
import io.elanus.rpc.internal.RootCoordApi;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Everybody a proxy talks to, in memory, and a proxy that talks to them.
final class MemoryCluster implements Peers, AutoCloseable {
  private static final NodeId QUERY_NODE = new NodeId(41);

  final Run run = new SystemRun();
  final MemoryWal wal;
  final MetaStore metaStore = new MemoryMetaStore(run);
  final MemoryCatalog catalog = new MemoryCatalog();
  final MemoryShards shards;
  final ProxyRole proxy;
  private final AtomicInteger commits = new AtomicInteger();
  private final Set<Long> loaded = ConcurrentHashMap.newKeySet();

  MemoryCluster() {
    this(MemoryWal.Faults.NONE);
  }

  MemoryCluster(MemoryWal.Faults faults) {
    wal = new MemoryWal(run, 4);
    shards = new MemoryShards(wal, this::collection);
    proxy =
        new ProxyRole(
            new ProxyConfig("test", Duration.ofSeconds(5), Duration.ofSeconds(2)),
            new ProxyRole.Ports(run, metaStore, wal.on(faults), this, new NodeId(99)));
  }

  private Collection collection(long id) {
    return CatalogCodec.decode(catalog.find(id));
  }

  private void change(MetaStore.Change change) {
    metaStore.commit("c" + commits.incrementAndGet(), List.of(), List.of(change));
  }

  /// The service of this class.
  <S> S service(Class<S> type) {
    return proxy.services().stream()
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst()
        .orElseThrow();
  }

  /// Runs `action` as a call of a client that waits ten seconds.
  <T> T call(Supplier<T> action) {
    Deadline deadline = Deadline.after(run, Duration.ofSeconds(10));
    return new RequestContext("default", "root", "test", deadline, 0).call(action);
  }

  @Override
  public RootCoordApi rootCoord() {
    return catalog;
  }

  @Override
  public QueryCoordApi queryCoord() {
    return new QueryCoordApi() {
      @Override
      public LoadCollectionResponse loadCollection(LoadCollectionRequest request) {
        loaded.add(request.getCollectionId());
        Collection collection = collection(request.getCollectionId());
        byte[] route = RouteMeta.newBuilder().setNodeId(QUERY_NODE.value()).build().toByteArray();
        for (int shard = 0; shard < collection.shardCount(); shard++) {
          String key = MetaKeys.route(collection.shard(shard));
          change(new MetaStore.Change.Put(key, route));
        }
        return LoadCollectionResponse.getDefaultInstance();
      }

      @Override
      public ReleaseCollectionResponse releaseCollection(ReleaseCollectionRequest request) {
        loaded.remove(request.getCollectionId());
        Collection collection = collection(request.getCollectionId());
        for (int shard = 0; shard < collection.shardCount(); shard++) {
          String key = MetaKeys.route(collection.shard(shard));
          change(new MetaStore.Change.Remove(key));
        }
        return ReleaseCollectionResponse.getDefaultInstance();
      }

      @Override
      public LoadStateResponse loadState(LoadStateRequest request) {
        boolean wanted = loaded.contains(request.getCollectionId());
        return LoadStateResponse.newBuilder()
            .setWanted(wanted)
            .setProgress(wanted ? 100 : 0)
            .build();
      }
    };
  }

  @Override
  public DataCoordApi dataCoord() {
    return new DataCoordApi() {
      @Override
      public FlushResponse flush(FlushRequest request) {
        return FlushResponse.newBuilder().setNoteId(77).setTimestamp(1L << 40).build();
      }

      @Override
      public FlushStateResponse flushState(FlushStateRequest request) {
        return FlushStateResponse.newBuilder()
            .setFlushed(!request.getNoteIdsList().contains(77L))
            .build();
      }

      @Override
      public IndexProgressResponse indexProgress(IndexProgressRequest request) {
        return IndexProgressResponse.newBuilder().setFinished(true).build();
      }

      @Override
      public CollectionStatisticsResponse collectionStatistics(
          CollectionStatisticsRequest request) {
        return CollectionStatisticsResponse.newBuilder().setRowCount(5).build();
      }

      @Override
      public AcquireJobResponse acquireJob(AcquireJobRequest request) {
        return AcquireJobResponse.getDefaultInstance();
      }

      @Override
      public RenewJobResponse renewJob(RenewJobRequest request) {
        return RenewJobResponse.getDefaultInstance();
      }

      @Override
      public FinishJobResponse finishJob(FinishJobRequest request) {
        return FinishJobResponse.getDefaultInstance();
      }
    };
  }

  @Override
  public QueryNodeApi queryNode(NodeId node) {
    return shards;
  }

  @Override
  public DataNodeApi dataNode(NodeId node) {
    throw ErrorCode.NODE_NOT_FOUND.with("nodeID", node);
  }

  @Override
  public List<NodeId> queryNodes() {
    return List.of(QUERY_NODE);
  }

  @Override
  public List<NodeId> dataNodes() {
    return List.of();
  }

  @Override
  public void close() {
    proxy.close();
    metaStore.close();
    wal.close();
  }
}
