package io.elanus.datanode;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.IndexEntry;
import io.elanus.common.manifest.ManifestCodec;
import io.elanus.common.manifest.ManifestEdit;
import io.elanus.common.manifest.ManifestEdit.AddIndex;
import io.elanus.common.manifest.ManifestEdit.RaiseApplied;
import io.elanus.common.manifest.ManifestEdit.Replace;
import io.elanus.common.manifest.ManifestEdit.Seed;
import io.elanus.common.manifest.ManifestEdit.Step;
import io.elanus.common.manifest.ManifestEdit.Swap;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.proto.internal.AddIndexEdit;
import io.elanus.proto.internal.DataNodeStatusRequest;
import io.elanus.proto.internal.DataNodeStatusResponse;
import io.elanus.proto.internal.FenceShardRequest;
import io.elanus.proto.internal.FenceShardResponse;
import io.elanus.proto.internal.FlushLogRequest;
import io.elanus.proto.internal.FlushLogResponse;
import io.elanus.proto.internal.FlushShardsRequest;
import io.elanus.proto.internal.FlushShardsResponse;
import io.elanus.proto.internal.ShardPosition;
import io.elanus.proto.internal.SubmitEditRequest;
import io.elanus.proto.internal.SubmitEditResponse;
import io.elanus.proto.internal.UnflushedRowsRequest;
import io.elanus.proto.internal.UnflushedRowsResponse;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.internal.DataNodeApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The gRPC edge of a datanode: decodes, finds the log's owner, encodes.
final class DataNodeService implements DataNodeApi {
  private static final long MAX_WAIT_MILLIS = 60_000;

  /// For a count: as long as a log takes that was just taken over.
  private static final Duration COUNT_PATIENCE = Duration.ofSeconds(20);

  private final Run run;
  private final MetaStore meta;
  private final LogOwners owners;

  DataNodeService(Run run, MetaStore meta, LogOwners owners) {
    this.run = run;
    this.meta = meta;
    this.owners = owners;
  }

  @Override
  public FlushShardsResponse flushShards(FlushShardsRequest request) {
    CollectionId id = new CollectionId(request.getCollectionId());
    collection(id)
        .ifPresent(c -> request.getPositionsList().forEach(position -> flush(c, position)));
    return FlushShardsResponse.getDefaultInstance();
  }

  private void flush(Collection collection, ShardPosition asked) {
    ShardId shard = collection.shard(asked.getShard());
    owners
        .require(collection.log(shard))
        .flushUpTo(shard, new Position(asked.getIncarnation(), asked.getOffset()));
  }

  @Override
  public FlushLogResponse flushLog(FlushLogRequest request) {
    long millis = Math.clamp(request.getWaitMillis(), 0, MAX_WAIT_MILLIS);
    owners
        .require(new LogId(request.getLog()))
        .flushAll(Deadline.after(run, Duration.ofMillis(millis)));
    return FlushLogResponse.getDefaultInstance();
  }

  @Override
  public SubmitEditResponse submitEdit(SubmitEditRequest request) {
    ManifestEdit edit = decode(request);
    Optional<Collection> collection = collection(edit.shard().collection());
    if (collection.isEmpty()) {
      return rejected("collection %s is gone".formatted(edit.shard().collection()));
    }
    return switch (owners.require(collection.get().log(edit.shard())).submit(edit)) {
      case EditOutcome.Committed _ -> SubmitEditResponse.newBuilder().setCommitted(true).build();
      case EditOutcome.Rejected rejected -> rejected(rejected.reason());
    };
  }

  @Override
  public FenceShardResponse fenceShard(FenceShardRequest request) {
    ShardId shard = new ShardId(new CollectionId(request.getCollectionId()), request.getShard());
    Collection collection =
        collection(shard.collection())
            .orElseThrow(
                () -> ErrorCode.COLLECTION_NOT_FOUND.with("collection", shard.collection()));
    ShardPointer pointer =
        owners
            .require(collection.log(shard))
            .fence(shard, request.getOldestReadable(), request.getFence());
    return FenceShardResponse.newBuilder()
        .setOldestReadable(pointer.oldestReadable())
        .setFence(pointer.fence())
        .build();
  }

  @Override
  public UnflushedRowsResponse unflushedRows(UnflushedRowsRequest request) {
    CollectionId id = new CollectionId(request.getCollectionId());
    Optional<PartitionId> partition =
        request.getPartitionId() == 0
            ? Optional.empty()
            : Optional.of(new PartitionId(request.getPartitionId()));
    Deadline deadline = Deadline.after(run, COUNT_PATIENCE);
    long rows =
        request.getLogsList().stream()
            .map(LogId::new)
            .mapToLong(log -> owners.require(log).unflushedRows(id, partition, deadline))
            .sum();
    return UnflushedRowsResponse.newBuilder().setRowCount(rows).build();
  }

  @Override
  public DataNodeStatusResponse dataNodeStatus(DataNodeStatusRequest request) {
    return DataNodeStatusResponse.newBuilder()
        .addAllLogs(owners.all().stream().map(owner -> owner.status().encode()).toList())
        .build();
  }

  private Optional<Collection> collection(CollectionId id) {
    return meta.get(MetaKeys.collection(id)).map(CatalogCodec::collection);
  }

  private static SubmitEditResponse rejected(String reason) {
    return SubmitEditResponse.newBuilder().setReason(reason).build();
  }

  private static ManifestEdit decode(SubmitEditRequest request) {
    List<Step> steps = new ArrayList<>();
    request.getAddIndexesList().forEach(edit -> steps.add(decode(edit)));
    request
        .getReplacesList()
        .forEach(edit ->
            steps.add(
                new Replace(
                    segments(edit.getRemovedIdsList()),
                    ManifestCodec.decodeSegments(edit.getAdded().toByteArray()),
                    edit.getStaged())));
    request.getSwapsList().forEach(edit -> steps.add(new Swap(segments(edit.getRemovedIdsList()))));
    request
        .getRaisesList()
        .forEach(edit ->
            steps.add(
                new RaiseApplied(new SegmentId(edit.getSegmentId()), edit.getAppliedThrough())));
    if (request.hasSeed()) {
      steps.add(
          new Seed(
              ManifestCodec.decodeSegments(request.getSeed().getAdded().toByteArray()),
              request.getSeed().getVersion()));
    }
    return new ManifestEdit(
        request.getEditId(),
        new ShardId(new CollectionId(request.getCollectionId()), request.getShard()),
        steps);
  }

  private static List<SegmentId> segments(List<Long> ids) {
    return ids.stream().map(SegmentId::new).toList();
  }

  private static AddIndex decode(AddIndexEdit edit) {
    FileRef file =
        new FileRef(new ObjectKey(edit.getObjectKey()), edit.getSizeBytes(), edit.getCrc32C());
    return new AddIndex(
        new SegmentId(edit.getSegmentId()),
        new IndexEntry(new IndexId(edit.getIndexId()), edit.getFieldId(), file));
  }
}
