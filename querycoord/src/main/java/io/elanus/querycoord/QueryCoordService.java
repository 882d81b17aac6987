package io.elanus.querycoord;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Election;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionState;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.proto.internal.LoadCollectionRequest;
import io.elanus.proto.internal.LoadCollectionResponse;
import io.elanus.proto.internal.LoadMeta;
import io.elanus.proto.internal.LoadStateRequest;
import io.elanus.proto.internal.LoadStateResponse;
import io.elanus.proto.internal.ReleaseCollectionRequest;
import io.elanus.proto.internal.ReleaseCollectionResponse;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.internal.QueryCoordApi;
import java.util.Optional;

/// The edge of querycoord. What it answers about loads and collections it reads from the store at that
/// moment, never from memory.
final class QueryCoordService implements QueryCoordApi {
  /// How often a load is prepared anew because the catalog changed under it.
  private static final int MAX_TRIES = 5;

  private final QueryCoordPorts ports;
  private final QueryCoordConfig config;
  private final Election<QueryCoordTerm> election;
  private final LoadProgress progress;

  QueryCoordService(
      QueryCoordPorts ports, QueryCoordConfig config, Election<QueryCoordTerm> election) {
    this.ports = ports;
    this.config = config;
    this.election = election;
    this.progress = new LoadProgress(ports.meta(), ports.peers(), new FanOut(ports.run()));
  }

  @Override
  public LoadCollectionResponse loadCollection(LoadCollectionRequest request) {
    QueryCoordTerm term = election.term();
    CollectionId collection = new CollectionId(request.getCollectionId());
    int replicas = Math.max(1, request.getReplicaNumber());
    for (int i = 0; i < MAX_TRIES; i++) {
      ServingCommand load = LoadCheck.check(ports.meta(), collection, replicas);
      if (term.submit(load) != ServingAnswer.CATALOG_MOVED) {
        return LoadCollectionResponse.getDefaultInstance();
      }
    }
    throw ErrorCode.SERVICE_UNAVAILABLE.because("collection %s keeps changing", collection);
  }

  @Override
  public ReleaseCollectionResponse releaseCollection(ReleaseCollectionRequest request) {
    CollectionId collection = new CollectionId(request.getCollectionId());
    election.term().submit(new ServingCommand.Release(collection));
    return ReleaseCollectionResponse.getDefaultInstance();
  }

  @Override
  public LoadStateResponse loadState(LoadStateRequest request) {
    CollectionId id = new CollectionId(request.getCollectionId());
    MetaStore meta = ports.meta();
    Optional<MetaEntry> load = meta.get(MetaKeys.load(id));
    Optional<Collection> collection =
        meta.get(MetaKeys.collection(id))
            .map(CatalogCodec::collection)
            .filter(c -> c.state() == CollectionState.ACTIVE);
    if (load.isEmpty() || collection.isEmpty()) {
      return LoadStateResponse.getDefaultInstance();
    }
    Deadline deadline = Deadline.after(ports.run(), config.requestTimeout());
    return LoadStateResponse.newBuilder()
        .setWanted(true)
        .setReplicaNumber(CatalogCodec.parse(load.get(), LoadMeta.parser()).getReplicaNumber())
        .setProgress(progress.percent(id, collection.get().shardCount(), deadline))
        .build();
  }
}
