package io.elanus.proxy;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Partition;
import io.elanus.proto.internal.AllocateIdsRequest;
import io.elanus.proto.internal.AllocateIdsResponse;
import io.elanus.proto.internal.AllocateTimestampRequest;
import io.elanus.proto.internal.AllocateTimestampResponse;
import io.elanus.proto.internal.ChangeSecurityRequest;
import io.elanus.proto.internal.ChangeSecurityResponse;
import io.elanus.proto.internal.CollectionMeta;
import io.elanus.proto.internal.CreateCollectionRequest;
import io.elanus.proto.internal.CreateCollectionResponse;
import io.elanus.proto.internal.CreateDatabaseRequest;
import io.elanus.proto.internal.CreateDatabaseResponse;
import io.elanus.proto.internal.CreateIndexRequest;
import io.elanus.proto.internal.CreateIndexResponse;
import io.elanus.proto.internal.DatabaseMeta;
import io.elanus.proto.internal.DescribeCollectionRequest;
import io.elanus.proto.internal.DescribeCollectionResponse;
import io.elanus.proto.internal.DropCollectionRequest;
import io.elanus.proto.internal.DropCollectionResponse;
import io.elanus.proto.internal.DropDatabaseRequest;
import io.elanus.proto.internal.DropDatabaseResponse;
import io.elanus.proto.internal.DropIndexRequest;
import io.elanus.proto.internal.DropIndexResponse;
import io.elanus.proto.internal.IndexMeta;
import io.elanus.proto.internal.ListCollectionsRequest;
import io.elanus.proto.internal.ListCollectionsResponse;
import io.elanus.proto.internal.ListDatabasesRequest;
import io.elanus.proto.internal.ListDatabasesResponse;
import io.elanus.proto.internal.ListIndexesRequest;
import io.elanus.proto.internal.ListIndexesResponse;
import io.elanus.proto.internal.PartitionMeta;
import io.elanus.rpc.internal.RootCoordApi;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Rootcoord in memory: one database, collections, indexes, timestamps and ids that grow.
public final class MemoryCatalog implements RootCoordApi {
  public static final long FIRST_TIMESTAMP = 1L << 40;

  private final Map<String, CollectionMeta> collections = new LinkedHashMap<>();
  private final List<IndexMeta> indexes = new ArrayList<>();
  private long nextId = 1000;
  private long nextTimestamp = FIRST_TIMESTAMP;
  private int timestampCalls;
  private boolean down;

  synchronized int timestampCalls() {
    return timestampCalls;
  }

  /// From now on every call fails as when nobody holds the role.
  public synchronized void goDown() {
    down = true;
  }

  /// By name, also while nobody holds the role.
  synchronized CollectionMeta find(String name) {
    return Optional.ofNullable(collections.get(name)).orElseThrow();
  }

  synchronized CollectionMeta find(long id) {
    return collections.values().stream().filter(c -> c.getId() == id).findFirst().orElseThrow();
  }

  synchronized List<CollectionMeta> collections() {
    return List.copyOf(collections.values());
  }

  synchronized List<IndexMeta> indexes() {
    return List.copyOf(indexes);
  }

  /// Adds a partition to a collection.
  synchronized long addPartition(String collection, String name) {
    long id = nextId++;
    collections.computeIfPresent(
        collection,
        (_, meta) ->
            meta.toBuilder()
                .addPartitions(PartitionMeta.newBuilder().setId(id).setName(name))
                .setVersion(meta.getVersion() + 1)
                .build());
    return id;
  }

  private void requireUp() {
    if (down) {
      throw ErrorCode.SERVICE_UNAVAILABLE.because("nobody is rootcoord");
    }
  }

  @Override
  public synchronized AllocateTimestampResponse allocateTimestamp(
      AllocateTimestampRequest request) {
    requireUp();
    timestampCalls++;
    AllocateTimestampResponse.Builder response =
        AllocateTimestampResponse.newBuilder().setFirst(nextTimestamp).setCount(request.getCount());
    nextTimestamp += request.getCount();
    for (long id : request.getCollectionIdsList()) {
      response.addCollectionVersions(
          collections.values().stream()
              .filter(collection -> collection.getId() == id)
              .mapToLong(CollectionMeta::getVersion)
              .findFirst()
              .orElse(0));
    }
    return response.build();
  }

  @Override
  public synchronized AllocateIdsResponse allocateIds(AllocateIdsRequest request) {
    requireUp();
    AllocateIdsResponse response =
        AllocateIdsResponse.newBuilder().setFirst(nextId).setCount(request.getCount()).build();
    nextId += request.getCount();
    return response;
  }

  @Override
  public CreateDatabaseResponse createDatabase(CreateDatabaseRequest request) {
    throw ErrorCode.UNSUPPORTED.because("one database is enough");
  }

  @Override
  public DropDatabaseResponse dropDatabase(DropDatabaseRequest request) {
    throw ErrorCode.UNSUPPORTED.because("one database is enough");
  }

  @Override
  public synchronized ListDatabasesResponse listDatabases(ListDatabasesRequest request) {
    requireUp();
    return ListDatabasesResponse.newBuilder()
        .addDatabases(DatabaseMeta.newBuilder().setId(1).setName("default"))
        .build();
  }

  @Override
  public synchronized CreateCollectionResponse createCollection(CreateCollectionRequest request) {
    requireUp();
    CollectionMeta.Builder meta =
        CollectionMeta.newBuilder()
            .setId(nextId++)
            .setDatabaseId(1)
            .setDatabaseName("default")
            .setSchema(request.getSchema())
            .addPartitions(
                PartitionMeta.newBuilder().setId(nextId++).setName(Partition.DEFAULT_NAME))
            .setConsistencyLevel(request.getConsistencyLevel())
            .putAllProperties(request.getPropertiesMap())
            .setVersion(nextId++)
            .setCreatedTimestamp(nextTimestamp)
            .setUpdatedTimestamp(nextTimestamp++);
    for (int shard = 0; shard < request.getShardCount(); shard++) {
      meta.addShardLogs(shard);
    }
    collections.put(request.getSchema().getName(), meta.build());
    return CreateCollectionResponse.newBuilder().setCollection(meta).build();
  }

  @Override
  public synchronized DropCollectionResponse dropCollection(DropCollectionRequest request) {
    requireUp();
    collections.remove(request.getName());
    return DropCollectionResponse.getDefaultInstance();
  }

  @Override
  public synchronized DescribeCollectionResponse describeCollection(
      DescribeCollectionRequest request) {
    requireUp();
    CollectionMeta found =
        collections.values().stream()
            .filter(collection ->
                request.getName().isEmpty()
                    ? collection.getId() == request.getId()
                    : collection.getSchema().getName().equals(request.getName()))
            .findFirst()
            .orElseThrow(() -> ErrorCode.COLLECTION_NOT_FOUND.with("collection", "?"));
    return DescribeCollectionResponse.newBuilder().setCollection(found).build();
  }

  @Override
  public synchronized ListCollectionsResponse listCollections(ListCollectionsRequest request) {
    requireUp();
    return ListCollectionsResponse.newBuilder().addAllCollections(collections.values()).build();
  }

  @Override
  public synchronized CreateIndexResponse createIndex(CreateIndexRequest request) {
    requireUp();
    IndexMeta index =
        IndexMeta.newBuilder()
            .setId(nextId++)
            .setCollectionId(request.getCollectionId())
            .setFieldId(request.getFieldId())
            .setName(request.getName())
            .addAllParams(request.getParamsList())
            .build();
    indexes.add(index);
    return CreateIndexResponse.newBuilder().setIndex(index).build();
  }

  @Override
  public synchronized DropIndexResponse dropIndex(DropIndexRequest request) {
    requireUp();
    indexes.removeIf(index -> index.getId() == request.getIndexId());
    return DropIndexResponse.getDefaultInstance();
  }

  @Override
  public synchronized ListIndexesResponse listIndexes(ListIndexesRequest request) {
    requireUp();
    return ListIndexesResponse.newBuilder()
        .addAllIndexes(
            indexes.stream()
                .filter(index -> index.getCollectionId() == request.getCollectionId())
                .toList())
        .build();
  }

  /// Set by a test that lets rootcoord decide.
  Function<ChangeSecurityRequest, ChangeSecurityResponse> security =
      _ -> {
        throw new UnsupportedOperationException();
      };

  @Override
  public ChangeSecurityResponse changeSecurity(ChangeSecurityRequest request) {
    return security.apply(request);
  }
}
