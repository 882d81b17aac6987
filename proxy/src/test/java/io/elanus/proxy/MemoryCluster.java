package io.elanus.proxy;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Member;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ReplicaId;
import io.elanus.common.model.ShardId;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.common.wal.MemoryWal;
import io.elanus.proto.internal.AcquireJobRequest;
import io.elanus.proto.internal.AcquireJobResponse;
import io.elanus.proto.internal.BackgroundWorkRequest;
import io.elanus.proto.internal.BackgroundWorkResponse;
import io.elanus.proto.internal.CollectionMeta;
import io.elanus.proto.internal.CollectionStatisticsRequest;
import io.elanus.proto.internal.CollectionStatisticsResponse;
import io.elanus.proto.internal.CompactRequest;
import io.elanus.proto.internal.CompactResponse;
import io.elanus.proto.internal.CompactionProgressRequest;
import io.elanus.proto.internal.CompactionProgressResponse;
import io.elanus.proto.internal.CompactionResult;
import io.elanus.proto.internal.DropSnapshotRequest;
import io.elanus.proto.internal.DropSnapshotResponse;
import io.elanus.proto.internal.FinishJobRequest;
import io.elanus.proto.internal.FinishJobResponse;
import io.elanus.proto.internal.FlushRequest;
import io.elanus.proto.internal.FlushResponse;
import io.elanus.proto.internal.FlushStateRequest;
import io.elanus.proto.internal.FlushStateResponse;
import io.elanus.proto.internal.IndexProgressRequest;
import io.elanus.proto.internal.IndexProgressResponse;
import io.elanus.proto.internal.JobKind;
import io.elanus.proto.internal.JobKindState;
import io.elanus.proto.internal.PersistentSegment;
import io.elanus.proto.internal.PersistentSegmentsRequest;
import io.elanus.proto.internal.PersistentSegmentsResponse;
import io.elanus.proto.internal.RenewJobRequest;
import io.elanus.proto.internal.RenewJobResponse;
import io.elanus.proto.internal.RestoreSnapshotRequest;
import io.elanus.proto.internal.RestoreSnapshotResponse;
import io.elanus.proto.internal.RestoresRequest;
import io.elanus.proto.internal.RestoresResponse;
import io.elanus.proto.internal.RouteMeta;
import io.elanus.proto.internal.SnapshotsRequest;
import io.elanus.proto.internal.SnapshotsResponse;
import io.elanus.proto.internal.TakeSnapshotRequest;
import io.elanus.proto.internal.TakeSnapshotResponse;
import io.elanus.rpc.call.RequestContext;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.MemberCodec;
import io.elanus.rpc.internal.DataCoordApi;
import io.elanus.rpc.internal.DataNodeApi;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.internal.QueryCoordApi;
import io.elanus.rpc.internal.QueryNodeApi;
import io.elanus.rpc.internal.RootCoordApi;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Everybody a proxy talks to, in memory, and a proxy that talks to them.
final class MemoryCluster implements Peers, AutoCloseable {
  final Run run = new SystemRun();
  final MemoryWal wal;
  final MetaStore metaStore = new MemoryMetaStore(run);
  final MemoryCatalog catalog = new MemoryCatalog(this::mark);
  final MemoryShards shards;
  final ProxyRole proxy;
  final MemorySnapshots snapshots = new MemorySnapshots();
  final MemoryQueryCoord queryCoord = new MemoryQueryCoord(this);
  private final AtomicInteger commits = new AtomicInteger();
  private final ConcurrentSkipListMap<NodeId, MemoryQueryNode> nodes =
      new ConcurrentSkipListMap<>();
  private volatile boolean coordinatorsDead;

  MemoryCluster() {
    this(MemoryWal.Faults.NONE);
  }

  MemoryCluster(MemoryWal.Faults faults) {
    wal = new MemoryWal(run, 4);
    shards = new MemoryShards(wal, this::collection);
    comes(41);
    proxy =
        new ProxyRole(
            new ProxyConfig("test", Duration.ofSeconds(5), Duration.ofSeconds(2)),
            new ProxyRole.Ports(run, metaStore, wal.on(faults), this, new NodeId(99)));
  }

  Collection collection(long id) {
    return CatalogCodec.decode(catalog.find(id));
  }

  private void mark(CollectionMeta meta, long mark) {
    Collection collection = CatalogCodec.decode(meta);
    for (int shard = 0; shard < collection.shardCount(); shard++) {
      RecordHeader header = new RecordHeader(collection.shard(shard), 0, 0, 0, mark, 1, 0);
      wal.append(
          collection.shardLogs().get(shard), RecordCodec.encode(new LogRecord.Mark(header, mark)));
    }
  }

  void put(String key, byte[] value) {
    change(new MetaStore.Change.Put(key, value));
  }

  void remove(String key) {
    change(new MetaStore.Change.Remove(key));
  }

  private void change(MetaStore.Change change) {
    metaStore.commit("c" + commits.incrementAndGet(), List.of(), List.of(change));
  }

  void route(ShardId shard, int replica, NodeId leader) {
    put(
        MetaKeys.route(shard, new ReplicaId(replica)),
        RouteMeta.newBuilder().setNodeId(leader.value()).build().toByteArray());
  }

  /// Registers a query node.
  MemoryQueryNode comes(int id) {
    NodeId node = new NodeId(id);
    MemoryQueryNode api = new MemoryQueryNode(shards);
    nodes.put(node, api);
    put(
        MetaKeys.node("querynode", node),
        MemberCodec.encode(new Member(node, "querynode", "host:" + id, "test")));
    return api;
  }

  /// Its lease runs out, and nobody answers any more.
  void goes(int id) {
    nodes.remove(new NodeId(id));
    remove(MetaKeys.node("querynode", new NodeId(id)));
  }

  /// What rootcoord commits, where others read it.
  void publishCatalog() {
    catalog
        .collections()
        .forEach(
            meta -> put(MetaKeys.collection(new CollectionId(meta.getId())), meta.toByteArray()));
    catalog
        .indexes()
        .forEach(meta ->
            put(
                MetaKeys.index(new CollectionId(meta.getCollectionId()), new IndexId(meta.getId())),
                meta.toByteArray()));
  }

  /// From now on nobody leads any role.
  void coordinatorsDie() {
    catalog.goDown();
    coordinatorsDead = true;
  }

  /// Another proxy of the same cluster.
  ProxyRole anotherProxy(Duration patience) {
    return new ProxyRole(
        new ProxyConfig("test", Duration.ofSeconds(5), patience),
        new ProxyRole.Ports(run, metaStore, wal, this, new NodeId(98)));
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
    requireCoordinators();
    return queryCoord;
  }

  private void requireCoordinators() {
    if (coordinatorsDead) {
      throw ErrorCode.SERVICE_UNAVAILABLE.because("no coordinator leads now");
    }
  }

  @Override
  public DataCoordApi dataCoord() {
    requireCoordinators();
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

      /// Nothing is to be done in partitions, and one job in whole collections.
      @Override
      public CompactResponse compact(CompactRequest request) {
        if (request.getTargetBytes() != 0 && request.getTargetBytes() < 1L << 30) {
          throw ErrorCode.INVALID_PARAMETER.because(
              "targetSize %d MB should be greater than or equal to configMaxSize 1024 MB",
              request.getTargetBytes() >> 20);
        }
        return request.getPartitionId() != 0
            ? CompactResponse.getDefaultInstance()
            : CompactResponse.newBuilder().setCompactionId(88).setJobCount(1).build();
      }

      @Override
      public CompactionProgressResponse compactionProgress(CompactionProgressRequest request) {
        return request.getCompactionId() == 88
            ? CompactionProgressResponse.newBuilder()
                .setExecuting(true)
                .setWaiting(1)
                .setDone(1)
                .addResults(CompactionResult.newBuilder().addSources(3).addSources(4).setTarget(9))
                .addResults(CompactionResult.newBuilder().addSources(5).addSources(6))
                .build()
            : CompactionProgressResponse.getDefaultInstance();
      }

      @Override
      public BackgroundWorkResponse backgroundWork(BackgroundWorkRequest request) {
        return BackgroundWorkResponse.newBuilder()
            .addKinds(
                JobKindState.newBuilder().setKind(JobKind.COMPACTION).setRunning(1).setDone(4))
            .setSweptObjects(9)
            .build();
      }

      @Override
      public PersistentSegmentsResponse persistentSegments(PersistentSegmentsRequest request) {
        return PersistentSegmentsResponse.newBuilder()
            .addSegments(
                PersistentSegment.newBuilder().setSegmentId(31).setPartitionId(7).setRowCount(5))
            .build();
      }

      @Override
      public TakeSnapshotResponse takeSnapshot(TakeSnapshotRequest request) {
        return snapshots.take(collection(request.getCollectionId()), request);
      }

      @Override
      public SnapshotsResponse snapshots(SnapshotsRequest request) {
        return snapshots.of(request.getCollectionId());
      }

      @Override
      public DropSnapshotResponse dropSnapshot(DropSnapshotRequest request) {
        return snapshots.drop(request);
      }

      @Override
      public RestoreSnapshotResponse restoreSnapshot(RestoreSnapshotRequest request) {
        return snapshots.restore(request);
      }

      @Override
      public RestoresResponse restores(RestoresRequest request) {
        return snapshots.restores();
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
    return Optional.ofNullable(nodes.get(node))
        .orElseThrow(() -> ErrorCode.NODE_NOT_FOUND.with("node", node));
  }

  @Override
  public DataNodeApi dataNode(NodeId node) {
    throw ErrorCode.NODE_NOT_FOUND.with("nodeID", node);
  }

  @Override
  public List<NodeId> queryNodes() {
    return List.copyOf(nodes.keySet());
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
