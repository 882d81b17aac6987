package io.elanus.proxy.service;

import com.google.protobuf.InvalidProtocolBufferException;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.error.ErrorKind;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.proto.internal.LoadStateResponse;
import io.elanus.proto.milvus.BatchDescribeCollectionRequest;
import io.elanus.proto.milvus.BatchDescribeCollectionResponse;
import io.elanus.proto.milvus.BoolResponse;
import io.elanus.proto.milvus.CollectionSchema;
import io.elanus.proto.milvus.CreateCollectionRequest;
import io.elanus.proto.milvus.DescribeCollectionRequest;
import io.elanus.proto.milvus.DescribeCollectionResponse;
import io.elanus.proto.milvus.DropCollectionRequest;
import io.elanus.proto.milvus.HasCollectionRequest;
import io.elanus.proto.milvus.ShowCollectionsRequest;
import io.elanus.proto.milvus.ShowCollectionsResponse;
import io.elanus.proto.milvus.ShowType;
import io.elanus.proto.milvus.Status;
import io.elanus.proxy.Requests;
import io.elanus.proxy.catalog.CollectionCache;
import io.elanus.proxy.catalog.Loads;
import io.elanus.proxy.schema.CollectionOptions;
import io.elanus.proxy.schema.SchemaCheck;
import io.elanus.proxy.security.Visibility;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.status.StatusMapper;
import java.util.List;
import java.util.Optional;

/// Collections: made, dropped, described, listed.
public final class CollectionService {
  /// As rootcoord's request for a drop has it.
  private static final CollectionId NOBODY = new CollectionId(-1);

  private final Peers peers;
  private final CollectionCache collections;
  private final Loads loads;
  private final Visibility.Source visibility;

  public CollectionService(
      Peers peers, CollectionCache collections, Loads loads, Visibility.Source visibility) {
    this.peers = peers;
    this.collections = collections;
    this.loads = loads;
    this.visibility = visibility;
  }

  public Status createCollection(CreateCollectionRequest request) {
    CollectionSchema given = schema(request);
    CollectionOptions options = CollectionOptions.of(request, given);
    CollectionSchema schema = SchemaCheck.complete(request.getCollectionName(), given);
    var created =
        peers
            .rootCoord()
            .createCollection(
                io.elanus.proto.internal.CreateCollectionRequest.newBuilder()
                    .setDatabase(Requests.database(request.getDbName()))
                    .setSchema(schema)
                    .setShardCount(options.shardCount())
                    .setPartitionCount(options.partitionCount())
                    .setConsistencyLevel(options.consistency().number())
                    .putAllProperties(options.properties())
                    .build());
    collections.forget(new CollectionId(created.getCollection().getId()));
    return StatusMapper.success();
  }

  private static CollectionSchema schema(CreateCollectionRequest request) {
    try {
      return CollectionSchema.parseFrom(request.getSchema());
    } catch (InvalidProtocolBufferException e) {
      throw new DbException(
          ErrorCode.INVALID_PARAMETER, "schema is not a serialized CollectionSchema", e);
    }
  }

  /// A collection or a database that is not there is success.
  public Status dropCollection(DropCollectionRequest request) {
    String database = Requests.database(request.getDbName());
    try {
      drop(database, request.getCollectionName());
    } catch (DbException e) {
      if (e.code() != ErrorCode.DATABASE_NOT_FOUND) {
        throw e;
      }
    }
    return StatusMapper.success();
  }

  /// By its id, so that the next coordinator can be asked again when this one dies meanwhile: a second
  /// collection of the name, made since, is not meant. While nobody is found, a drop may be under way.
  private void drop(String database, String name) {
    CollectionId id = findId(database, name).orElse(NOBODY);
    peers
        .rootCoord()
        .dropCollection(
            io.elanus.proto.internal.DropCollectionRequest.newBuilder()
                .setDatabase(database)
                .setName(name)
                .setId(id.value())
                .build());
    collections.forget(id);
  }

  private Optional<CollectionId> findId(String database, String name) {
    try {
      return Optional.of(collections.ask(database, name).collection().id());
    } catch (DbException e) {
      if (e.code() == ErrorCode.COLLECTION_NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  public BoolResponse hasCollection(HasCollectionRequest request) {
    return BoolResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setValue(
            findId(Requests.database(request.getDbName()), request.getCollectionName()).isPresent())
        .build();
  }

  public DescribeCollectionResponse describeCollection(DescribeCollectionRequest request) {
    String database = Requests.database(request.getDbName());
    return describe(database, request.getCollectionName(), request.getCollectionID());
  }

  private DescribeCollectionResponse describe(String database, String name, long id) {
    if (name.isEmpty()) {
      Collection collection = collections.ask(database, new CollectionId(id)).collection();
      return Descriptions.of(collection, collection.name());
    }
    return Descriptions.of(named(database, name), name);
  }

  /// As rootcoord knows it; as remembered while rootcoord cannot be asked.
  private Collection named(String database, String name) {
    try {
      return collections.ask(database, name).collection();
    } catch (DbException e) {
      if (e.kind() == ErrorKind.NOT_READY) {
        return collections.remembered(database, name).orElseThrow(() -> e).collection();
      }
      throw e;
    }
  }

  public BatchDescribeCollectionResponse batchDescribeCollection(
      BatchDescribeCollectionRequest request) {
    String database = Requests.database(request.getDbName());
    BatchDescribeCollectionResponse.Builder response =
        BatchDescribeCollectionResponse.newBuilder().setStatus(StatusMapper.success());
    request
        .getCollectionNameList()
        .forEach(name -> response.addResponses(describeOrFail(database, name, 0)));
    request
        .getCollectionIDList()
        .forEach(id -> response.addResponses(describeOrFail(database, "", id)));
    return response.build();
  }

  /// One that cannot be described does not spoil the others.
  private DescribeCollectionResponse describeOrFail(String database, String name, long id) {
    try {
      return describe(database, name, id);
    } catch (DbException e) {
      return DescribeCollectionResponse.newBuilder().setStatus(StatusMapper.failure(e)).build();
    }
  }

  @SuppressWarnings("deprecation") // inMemory_percentages: deprecated, and read by SDKs
  /// Those the caller has something to do with.
  public ShowCollectionsResponse showCollections(ShowCollectionsRequest request) {
    Visibility visible = visibility.now();
    ShowCollectionsResponse.Builder response =
        ShowCollectionsResponse.newBuilder().setStatus(StatusMapper.success());
    boolean loadedOnly = request.getType() == ShowType.InMemory;
    List<String> names = request.getCollectionNamesList();
    for (Collection collection : collections.list(Requests.database(request.getDbName()))) {
      if (!names.isEmpty() && !names.contains(collection.name())) {
        continue;
      }
      if (!visible.shows(collection.databaseName(), collection.name())) {
        continue;
      }
      if (loadedOnly) {
        LoadStateResponse state = loads.state(collection);
        if (!state.getWanted()) {
          continue;
        }
        response
            .addInMemoryPercentages(state.getProgress())
            .addQueryServiceAvailable(state.getProgress() == 100);
      }
      response
          .addCollectionNames(collection.name())
          .addCollectionIds(collection.id().value())
          .addCreatedTimestamps(collection.createdTimestamp())
          .addCreatedUtcTimestamps(Requests.seconds(collection.createdTimestamp()))
          .addShardsNum(collection.shardCount());
    }
    return response.build();
  }
}
