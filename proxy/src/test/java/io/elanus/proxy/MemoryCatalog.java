package io.elanus.proxy;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Partition;
import io.elanus.common.model.StructField;
import io.elanus.proto.internal.AbortRestoreRequest;
import io.elanus.proto.internal.AbortRestoreResponse;
import io.elanus.proto.internal.AddFieldRequest;
import io.elanus.proto.internal.AddFieldResponse;
import io.elanus.proto.internal.AllocateIdsRequest;
import io.elanus.proto.internal.AllocateIdsResponse;
import io.elanus.proto.internal.AllocateTimestampRequest;
import io.elanus.proto.internal.AllocateTimestampResponse;
import io.elanus.proto.internal.AlterAliasRequest;
import io.elanus.proto.internal.AlterAliasResponse;
import io.elanus.proto.internal.AlterCollectionRequest;
import io.elanus.proto.internal.AlterCollectionResponse;
import io.elanus.proto.internal.AlterDatabaseRequest;
import io.elanus.proto.internal.AlterDatabaseResponse;
import io.elanus.proto.internal.AlterFieldRequest;
import io.elanus.proto.internal.AlterFieldResponse;
import io.elanus.proto.internal.AlterIndexRequest;
import io.elanus.proto.internal.AlterIndexResponse;
import io.elanus.proto.internal.BeginRestoreRequest;
import io.elanus.proto.internal.BeginRestoreResponse;
import io.elanus.proto.internal.ChangeSecurityRequest;
import io.elanus.proto.internal.ChangeSecurityResponse;
import io.elanus.proto.internal.CollectionMeta;
import io.elanus.proto.internal.CreateAliasRequest;
import io.elanus.proto.internal.CreateAliasResponse;
import io.elanus.proto.internal.CreateCollectionRequest;
import io.elanus.proto.internal.CreateCollectionResponse;
import io.elanus.proto.internal.CreateDatabaseRequest;
import io.elanus.proto.internal.CreateDatabaseResponse;
import io.elanus.proto.internal.CreateIndexRequest;
import io.elanus.proto.internal.CreateIndexResponse;
import io.elanus.proto.internal.CreateMarkRequest;
import io.elanus.proto.internal.CreateMarkResponse;
import io.elanus.proto.internal.CreatePartitionRequest;
import io.elanus.proto.internal.CreatePartitionResponse;
import io.elanus.proto.internal.DatabaseMeta;
import io.elanus.proto.internal.DescribeCollectionRequest;
import io.elanus.proto.internal.DescribeCollectionResponse;
import io.elanus.proto.internal.DropAliasRequest;
import io.elanus.proto.internal.DropAliasResponse;
import io.elanus.proto.internal.DropCollectionRequest;
import io.elanus.proto.internal.DropCollectionResponse;
import io.elanus.proto.internal.DropDatabaseRequest;
import io.elanus.proto.internal.DropDatabaseResponse;
import io.elanus.proto.internal.DropIndexRequest;
import io.elanus.proto.internal.DropIndexResponse;
import io.elanus.proto.internal.DropPartitionRequest;
import io.elanus.proto.internal.DropPartitionResponse;
import io.elanus.proto.internal.FinishRestoreRequest;
import io.elanus.proto.internal.FinishRestoreResponse;
import io.elanus.proto.internal.IndexMeta;
import io.elanus.proto.internal.IndexParam;
import io.elanus.proto.internal.ListCollectionsRequest;
import io.elanus.proto.internal.ListCollectionsResponse;
import io.elanus.proto.internal.ListDatabasesRequest;
import io.elanus.proto.internal.ListDatabasesResponse;
import io.elanus.proto.internal.ListIndexesRequest;
import io.elanus.proto.internal.ListIndexesResponse;
import io.elanus.proto.internal.PartitionMeta;
import io.elanus.proto.internal.RenameCollectionRequest;
import io.elanus.proto.internal.RenameCollectionResponse;
import io.elanus.proto.internal.TouchMarkRequest;
import io.elanus.proto.internal.TouchMarkResponse;
import io.elanus.proto.internal.TruncateCollectionRequest;
import io.elanus.proto.internal.TruncateCollectionResponse;
import io.elanus.rpc.codec.SchemaCodec;
import io.elanus.rpc.internal.RootCoordApi;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Rootcoord in memory: one database, collections, indexes, timestamps and ids that grow. Of the rules it knows
/// only those that callers need to get on.
public final class MemoryCatalog implements RootCoordApi {
  public static final long FIRST_TIMESTAMP = 1L << 40;

  private final Map<String, CollectionMeta> collections = new LinkedHashMap<>();
  private final List<IndexMeta> indexes = new ArrayList<>();
  private long nextId = 1000;
  private long nextTimestamp = FIRST_TIMESTAMP;
  private int timestampCalls;
  private int touches;
  private boolean down;
  private final BiConsumer<CollectionMeta, Long> append;

  /// Without logs.
  public MemoryCatalog() {
    this((_, _) -> {});
  }

  /// @param append puts a Mark into the logs of all shards
  MemoryCatalog(BiConsumer<CollectionMeta, Long> append) {
    this.append = append;
  }

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
                    : collection.getSchema().getName().equals(request.getName())
                        || collection.getAliasesList().contains(request.getName()))
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
            .addAllFlatParams(request.getFlatParamsList())
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
  public synchronized CreateMarkResponse createMark(CreateMarkRequest request) {
    requireUp();
    long mark = nextTimestamp++;
    append.accept(find(request.getCollectionId()), mark);
    return CreateMarkResponse.newBuilder().setMark(mark).build();
  }

  @Override
  public synchronized TouchMarkResponse touchMark(TouchMarkRequest request) {
    requireUp();
    touches++;
    return TouchMarkResponse.newBuilder().setPinned(true).build();
  }

  synchronized int touches() {
    return touches;
  }

  /// No restore is wanted here: nobody has committed one.
  @Override
  public BeginRestoreResponse beginRestore(BeginRestoreRequest request) {
    throw ErrorCode.SERVICE_UNAVAILABLE.because(
        "the restore of collection %s goes on elsewhere", request.getName());
  }

  @Override
  public FinishRestoreResponse finishRestore(FinishRestoreRequest request) {
    throw ErrorCode.COLLECTION_NOT_FOUND.with("collection", request.getCollectionId());
  }

  /// Nothing is left over of one.
  @Override
  public AbortRestoreResponse abortRestore(AbortRestoreRequest request) {
    return AbortRestoreResponse.getDefaultInstance();
  }

  @Override
  public ChangeSecurityResponse changeSecurity(ChangeSecurityRequest request) {
    return security.apply(request);
  }

  private void change(long id, UnaryOperator<CollectionMeta.Builder> change) {
    requireUp();
    CollectionMeta before = find(id);
    CollectionMeta after =
        change.apply(before.toBuilder()).setVersion(before.getVersion() + 1).build();
    collections.remove(before.getSchema().getName());
    collections.put(after.getSchema().getName(), after);
  }

  @Override
  public synchronized RenameCollectionResponse renameCollection(RenameCollectionRequest request) {
    change(
        find(request.getName()).getId(),
        meta -> {
          meta.getSchemaBuilder().setName(request.getNewName());
          return meta.setDdlSequence(meta.getDdlSequence() + 1);
        });
    return RenameCollectionResponse.getDefaultInstance();
  }

  @Override
  public synchronized TruncateCollectionResponse truncateCollection(
      TruncateCollectionRequest request) {
    change(request.getCollectionId(), meta -> meta.setDdlSequence(meta.getDdlSequence() + 1));
    return TruncateCollectionResponse.getDefaultInstance();
  }

  @Override
  public synchronized AlterCollectionResponse alterCollection(AlterCollectionRequest request) {
    change(
        request.getCollectionId(),
        meta -> {
          meta.putAllProperties(request.getPropertiesMap());
          request.getRemovedList().forEach(meta::removeProperties);
          return meta;
        });
    return AlterCollectionResponse.getDefaultInstance();
  }

  @Override
  public AlterFieldResponse alterField(AlterFieldRequest request) {
    throw ErrorCode.UNSUPPORTED.because("fields stay as they are");
  }

  @Override
  public synchronized AddFieldResponse addField(AddFieldRequest request) {
    change(
        request.getCollectionId(),
        meta -> {
          CollectionSchema schema = SchemaCodec.decode(meta.getSchema());
          return meta.setSchema(SchemaCodec.encode(added(schema, request)))
              .setDdlSequence(meta.getDdlSequence() + 1)
              .setUpdatedTimestamp(nextTimestamp++);
        });
    return AddFieldResponse.getDefaultInstance();
  }

  private static CollectionSchema added(CollectionSchema schema, AddFieldRequest request) {
    long id = schema.nextFieldId();
    if (!request.hasStruct()) {
      return schema.with(SchemaCodec.decode(request.getField()).withId(id));
    }
    StructField struct = SchemaCodec.decode(request.getStruct()).withId(id);
    CollectionSchema added = schema;
    for (var field : request.getStruct().getFieldsList()) {
      added = added.with(SchemaCodec.decode(field).withId(++id));
    }
    return added.with(struct);
  }

  @Override
  public AlterDatabaseResponse alterDatabase(AlterDatabaseRequest request) {
    throw ErrorCode.UNSUPPORTED.because("one database is enough");
  }

  @Override
  public synchronized CreateAliasResponse createAlias(CreateAliasRequest request) {
    change(find(request.getCollection()).getId(), meta -> meta.addAliases(request.getAlias()));
    return CreateAliasResponse.getDefaultInstance();
  }

  @Override
  public synchronized AlterAliasResponse alterAlias(AlterAliasRequest request) {
    if (!loseAlias(request.getAlias())) {
      throw ErrorCode.ALIAS_NOT_FOUND.with("alias", request.getAlias());
    }
    change(find(request.getCollection()).getId(), meta -> meta.addAliases(request.getAlias()));
    return AlterAliasResponse.getDefaultInstance();
  }

  @Override
  public synchronized DropAliasResponse dropAlias(DropAliasRequest request) {
    loseAlias(request.getAlias());
    return DropAliasResponse.getDefaultInstance();
  }

  /// Whether anybody had it.
  private boolean loseAlias(String alias) {
    Optional<CollectionMeta> holder =
        collections.values().stream()
            .filter(collection -> collection.getAliasesList().contains(alias))
            .findFirst();
    holder.ifPresent(collection -> loseAlias(collection, alias));
    return holder.isPresent();
  }

  private void loseAlias(CollectionMeta holder, String alias) {
    change(
        holder.getId(),
        meta -> {
          List<String> left = new ArrayList<>(meta.getAliasesList());
          left.remove(alias);
          return meta.clearAliases().addAllAliases(left).setDdlSequence(meta.getDdlSequence() + 1);
        });
  }

  @Override
  public synchronized CreatePartitionResponse createPartition(CreatePartitionRequest request) {
    requireUp();
    String collection = find(request.getCollectionId()).getSchema().getName();
    boolean there =
        find(collection).getPartitionsList().stream()
            .anyMatch(partition -> partition.getName().equals(request.getName()));
    if (!there) {
      addPartition(collection, request.getName());
    }
    return CreatePartitionResponse.getDefaultInstance();
  }

  @Override
  public synchronized DropPartitionResponse dropPartition(DropPartitionRequest request) {
    change(
        request.getCollectionId(),
        meta -> {
          List<PartitionMeta> left = new ArrayList<>(meta.getPartitionsList());
          left.removeIf(partition -> partition.getId() == request.getPartitionId());
          return meta.clearPartitions().addAllPartitions(left);
        });
    return DropPartitionResponse.getDefaultInstance();
  }

  @Override
  public synchronized AlterIndexResponse alterIndex(AlterIndexRequest request) {
    requireUp();
    indexes.replaceAll(
        index -> index.getId() == request.getIndexId() ? altered(index, request) : index);
    return AlterIndexResponse.getDefaultInstance();
  }

  private static IndexMeta altered(IndexMeta index, AlterIndexRequest request) {
    IndexMeta.Builder altered = index.toBuilder();
    request
        .getParamsMap()
        .forEach(
            (key, value) -> altered.addParams(IndexParam.newBuilder().setKey(key).setValue(value)));
    return altered.build();
  }
}
