package io.elanus.proxy.service;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.proto.internal.DatabaseMeta;
import io.elanus.proto.internal.FlushStateRequest;
import io.elanus.proto.internal.ListDatabasesRequest;
import io.elanus.proto.milvus.FlushAllRequest;
import io.elanus.proto.milvus.FlushAllResponse;
import io.elanus.proto.milvus.FlushRequest;
import io.elanus.proto.milvus.FlushResponse;
import io.elanus.proto.milvus.GetFlushAllStateRequest;
import io.elanus.proto.milvus.GetFlushAllStateResponse;
import io.elanus.proto.milvus.GetFlushStateRequest;
import io.elanus.proto.milvus.GetFlushStateResponse;
import io.elanus.proto.milvus.LongArray;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.Requests;
import io.elanus.proxy.catalog.CollectionCache;
import io.elanus.proxy.write.Timestamps;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.status.StatusMapper;
import java.util.List;

/// Flushing: noted at once, done when the checkpoints have passed the note. The note's id travels in the
/// place of the segment ids SDKs poll with.
public final class FlushService {
  private final Peers peers;
  private final CollectionCache collections;
  private final Timestamps timestamps;

  public FlushService(Peers peers, CollectionCache collections, Timestamps timestamps) {
    this.peers = peers;
    this.collections = collections;
    this.timestamps = timestamps;
  }

  public FlushResponse flush(FlushRequest request) {
    String database = Requests.database(request.getDbName());
    if (request.getCollectionNamesCount() == 0) {
      throw Invalid.parameter("collection names should not be empty");
    }
    FlushResponse.Builder response =
        FlushResponse.newBuilder().setStatus(StatusMapper.success()).setDbName(database);
    for (String name : request.getCollectionNamesList()) {
      var noted = flush(collections.ask(database, name).collection());
      response
          .putCollSegIDs(name, LongArray.newBuilder().addData(noted.getNoteId()).build())
          .putFlushCollSegIDs(
              name, LongArray.newBuilder().addAllData(noted.getFlushedSegmentIdsList()).build())
          .putCollSealTimes(name, Requests.seconds(noted.getTimestamp()))
          .putCollFlushTs(name, noted.getTimestamp());
    }
    return response.build();
  }

  private io.elanus.proto.internal.FlushResponse flush(Collection collection) {
    return peers
        .dataCoord()
        .flush(
            io.elanus.proto.internal.FlushRequest.newBuilder()
                .setCollectionId(collection.id().value())
                .build());
  }

  /// A request that names nothing is answered with true: one SDK would poll for ever.
  public GetFlushStateResponse getFlushState(GetFlushStateRequest request) {
    boolean nothing = request.getSegmentIDsCount() == 0 && request.getCollectionName().isEmpty();
    return GetFlushStateResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setFlushed(nothing || isFlushed(request))
        .build();
  }

  private boolean isFlushed(GetFlushStateRequest request) {
    FlushStateRequest.Builder state =
        FlushStateRequest.newBuilder()
            .addAllNoteIds(request.getSegmentIDsList())
            .setTimestamp(request.getFlushTs());
    if (!request.getCollectionName().isEmpty()) {
      String database = Requests.database(request.getDbName());
      state.setCollectionId(
          collections.ask(database, request.getCollectionName()).collection().id().value());
    }
    return peers.dataCoord().flushState(state.build()).getFlushed();
  }

  @SuppressWarnings("deprecation") // flush_all_ts: deprecated, and what SDKs poll with
  public FlushAllResponse flushAll(FlushAllRequest request) {
    for (DatabaseMeta database : databases()) {
      collections.list(database.getName()).forEach(this::flushIfThere);
    }
    return FlushAllResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setFlushAllTs(timestamps.now(Requests.deadline()))
        .build();
  }

  private List<DatabaseMeta> databases() {
    return peers
        .rootCoord()
        .listDatabases(ListDatabasesRequest.getDefaultInstance())
        .getDatabasesList();
  }

  private void flushIfThere(Collection collection) {
    try {
      flush(collection);
    } catch (DbException e) {
      if (e.code() != ErrorCode.COLLECTION_NOT_FOUND) {
        throw e;
      }
    }
  }

  @SuppressWarnings("deprecation") // flush_all_ts: deprecated, and what SDKs poll with
  public GetFlushAllStateResponse getFlushAllState(GetFlushAllStateRequest request) {
    long newest =
        request.getFlushAllTssMap().values().stream()
            .reduce(request.getFlushAllTs(), (a, b) -> Long.compareUnsigned(a, b) >= 0 ? a : b);
    FlushStateRequest state = FlushStateRequest.newBuilder().setTimestamp(newest).build();
    return GetFlushAllStateResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setFlushed(peers.dataCoord().flushState(state).getFlushed())
        .build();
  }
}
