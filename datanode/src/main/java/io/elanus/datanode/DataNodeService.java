package io.elanus.datanode;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.IndexEntry;
import io.elanus.common.manifest.ManifestEdit;
import io.elanus.common.manifest.ManifestEdit.AddIndex;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.run.Run;
import io.elanus.common.wal.Position;
import io.elanus.proto.internal.AddIndexEdit;
import io.elanus.proto.internal.FlushShardsRequest;
import io.elanus.proto.internal.FlushShardsResponse;
import io.elanus.proto.internal.ShardPosition;
import io.elanus.proto.internal.SubmitEditRequest;
import io.elanus.proto.internal.SubmitEditResponse;
import io.elanus.proto.internal.UnflushedRowsRequest;
import io.elanus.proto.internal.UnflushedRowsResponse;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.internal.DataNodeApi;
import java.util.Optional;

/// The gRPC edge of a datanode: decodes, finds the log's owner, encodes.
final class DataNodeService implements DataNodeApi {
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

  /// A flush takes seconds; the caller only wants to know that it is noted.
  private void flush(Collection collection, ShardPosition asked) {
    ShardId shard = collection.shard(asked.getShard());
    Position position = new Position(asked.getIncarnation(), asked.getOffset());
    owners
        .owner(collection.log(shard))
        .ifPresent(owner -> run.fork("flush-" + shard, () -> owner.flushUpTo(shard, position)));
  }

  @Override
  public SubmitEditResponse submitEdit(SubmitEditRequest request) {
    ManifestEdit edit = decode(request);
    Optional<Collection> collection = collection(edit.shard().collection());
    if (collection.isEmpty()) {
      return rejected("collection %s is gone".formatted(edit.shard().collection()));
    }
    LogOwner owner =
        owners
            .owner(collection.get().log(edit.shard()))
            .orElseThrow(() ->
                ErrorCode.NODE_NOT_MATCH.because("shard %s is owned elsewhere", edit.shard()));
    return switch (owner.submit(edit)) {
      case EditOutcome.Committed _ -> SubmitEditResponse.newBuilder().setCommitted(true).build();
      case EditOutcome.Rejected rejected -> rejected(rejected.reason());
    };
  }

  @Override
  public UnflushedRowsResponse unflushedRows(UnflushedRowsRequest request) {
    CollectionId id = new CollectionId(request.getCollectionId());
    long rows = owners.all().stream().mapToLong(owner -> owner.unflushedRows(id)).sum();
    return UnflushedRowsResponse.newBuilder().setRowCount(rows).build();
  }

  private Optional<Collection> collection(CollectionId id) {
    return meta.get(MetaKeys.collection(id)).map(CatalogCodec::collection);
  }

  private static SubmitEditResponse rejected(String reason) {
    return SubmitEditResponse.newBuilder().setReason(reason).build();
  }

  private static ManifestEdit decode(SubmitEditRequest request) {
    return new ManifestEdit(
        request.getEditId(),
        new ShardId(new CollectionId(request.getCollectionId()), request.getShard()),
        request.getAddIndexesList().stream().map(DataNodeService::decode).toList());
  }

  private static AddIndex decode(AddIndexEdit edit) {
    FileRef file =
        new FileRef(new ObjectKey(edit.getObjectKey()), edit.getSizeBytes(), edit.getCrc32C());
    return new AddIndex(
        new SegmentId(edit.getSegmentId()),
        new IndexEntry(new IndexId(edit.getIndexId()), edit.getFieldId(), file));
  }
}
