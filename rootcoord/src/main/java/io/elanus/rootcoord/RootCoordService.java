package io.elanus.rootcoord;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Election;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.ConsistencyLevel;
import io.elanus.common.model.Database;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.PartitionId;
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
import io.elanus.proto.internal.ListCollectionsRequest;
import io.elanus.proto.internal.ListCollectionsResponse;
import io.elanus.proto.internal.ListDatabasesRequest;
import io.elanus.proto.internal.ListDatabasesResponse;
import io.elanus.proto.internal.ListIndexesRequest;
import io.elanus.proto.internal.ListIndexesResponse;
import io.elanus.proto.internal.RenameCollectionRequest;
import io.elanus.proto.internal.RenameCollectionResponse;
import io.elanus.proto.internal.TouchMarkRequest;
import io.elanus.proto.internal.TouchMarkResponse;
import io.elanus.proto.internal.TruncateCollectionRequest;
import io.elanus.proto.internal.TruncateCollectionResponse;
import io.elanus.rootcoord.CatalogAnswer.CollectionIs;
import io.elanus.rootcoord.CatalogAnswer.DatabaseIs;
import io.elanus.rootcoord.CatalogAnswer.IndexIs;
import io.elanus.rootcoord.CatalogAnswer.PartitionIs;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.SchemaCodec;
import io.elanus.rpc.internal.RootCoordApi;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The edge of rootcoord: decode, ask the current term, encode.
final class RootCoordService implements RootCoordApi {
  private static final int MAX_TIMESTAMPS = 65_536;
  private static final int MAX_IDS = 1_048_576;

  private final Election<RootCoordTerm> election;

  RootCoordService(Election<RootCoordTerm> election) {
    this.election = election;
  }

  @Override
  public AllocateTimestampResponse allocateTimestamp(AllocateTimestampRequest request) {
    int count = requireCount(request.getCount(), MAX_TIMESTAMPS);
    RootCoordTerm term = election.term();
    long first = term.timestamps(count);
    return AllocateTimestampResponse.newBuilder()
        .setFirst(first)
        .setCount(count)
        .addAllCollectionVersions(term.versions(request.getCollectionIdsList()))
        .build();
  }

  @Override
  public AllocateIdsResponse allocateIds(AllocateIdsRequest request) {
    int count = requireCount(request.getCount(), MAX_IDS);
    long first = election.term().ids(count);
    return AllocateIdsResponse.newBuilder().setFirst(first).setCount(count).build();
  }

  @Override
  public CreateDatabaseResponse createDatabase(CreateDatabaseRequest request) {
    var answer =
        (DatabaseIs)
            election
                .term()
                .submitFresh(fresh ->
                    new CatalogCommand.CreateDatabase(
                        request.getName(), request.getPropertiesMap(), fresh));
    return CreateDatabaseResponse.newBuilder()
        .setDatabase(CatalogCodec.encode(answer.database()))
        .build();
  }

  @Override
  public DropDatabaseResponse dropDatabase(DropDatabaseRequest request) {
    election.term().submit(new CatalogCommand.DropDatabase(request.getName()));
    return DropDatabaseResponse.getDefaultInstance();
  }

  @Override
  public ListDatabasesResponse listDatabases(ListDatabasesRequest request) {
    List<Database> databases =
        election.term().answer(catalog -> List.copyOf(catalog.databases().values()));
    return ListDatabasesResponse.newBuilder()
        .addAllDatabases(databases.stream().map(CatalogCodec::encode).toList())
        .build();
  }

  @Override
  public CreateCollectionResponse createCollection(CreateCollectionRequest request) {
    int partitions =
        Math.clamp(request.getPartitionCount(), 1, CatalogCommand.MAX_KEYED_PARTITIONS);
    var answer =
        (CollectionIs)
            election
                .term()
                .submitFresh(
                    1 + partitions,
                    fresh ->
                        new CatalogCommand.CreateCollection(
                            database(request.getDatabase()),
                            SchemaCodec.decode(request.getSchema()),
                            request.getShardCount(),
                            request.getPartitionCount(),
                            ConsistencyLevel.ofNumber(request.getConsistencyLevel()),
                            request.getPropertiesMap(),
                            fresh));
    return CreateCollectionResponse.newBuilder()
        .setCollection(CatalogCodec.encode(answer.collection()))
        .build();
  }

  @Override
  public DropCollectionResponse dropCollection(DropCollectionRequest request) {
    election
        .term()
        .submit(
            new CatalogCommand.DropCollection(
                database(request.getDatabase()),
                request.getName(),
                request.getId() == 0
                    ? Optional.empty()
                    : Optional.of(new CollectionId(request.getId()))));
    return DropCollectionResponse.getDefaultInstance();
  }

  @Override
  public DescribeCollectionResponse describeCollection(DescribeCollectionRequest request) {
    RootCoordTerm term = election.term();
    Collection collection =
        request.getName().isEmpty()
            ? term.answer(catalog -> catalog.requireCollection(new CollectionId(request.getId())))
            : term.require(database(request.getDatabase()), request.getName());
    return DescribeCollectionResponse.newBuilder()
        .setCollection(CatalogCodec.encode(collection))
        .build();
  }

  @Override
  public ListCollectionsResponse listCollections(ListCollectionsRequest request) {
    List<Collection> collections =
        election
            .term()
            .answer(catalog ->
                catalog.collectionsOf(catalog.requireDatabase(database(request.getDatabase()))));
    return ListCollectionsResponse.newBuilder()
        .addAllCollections(collections.stream().map(CatalogCodec::encode).toList())
        .build();
  }

  @Override
  public RenameCollectionResponse renameCollection(RenameCollectionRequest request) {
    election
        .term()
        .submit(
            new CatalogCommand.RenameCollection(
                database(request.getDatabase()),
                request.getName(),
                database(request.getNewDatabase()),
                request.getNewName()));
    return RenameCollectionResponse.getDefaultInstance();
  }

  @Override
  public TruncateCollectionResponse truncateCollection(TruncateCollectionRequest request) {
    CollectionId id = new CollectionId(request.getCollectionId());
    election.term().submit(new CatalogCommand.TruncateCollection(id));
    return TruncateCollectionResponse.getDefaultInstance();
  }

  @Override
  public AlterCollectionResponse alterCollection(AlterCollectionRequest request) {
    election
        .term()
        .submitFresh(fresh ->
            new CatalogCommand.AlterCollection(
                new CollectionId(request.getCollectionId()),
                request.getPropertiesMap(),
                request.getRemovedList(),
                fresh.timestamp()));
    return AlterCollectionResponse.getDefaultInstance();
  }

  @Override
  public AlterFieldResponse alterField(AlterFieldRequest request) {
    election
        .term()
        .submitFresh(fresh ->
            new CatalogCommand.AlterField(
                new CollectionId(request.getCollectionId()),
                request.getField(),
                request.getParamsMap(),
                request.getRemovedList(),
                fresh.timestamp()));
    return AlterFieldResponse.getDefaultInstance();
  }

  @Override
  public AddFieldResponse addField(AddFieldRequest request) {
    election.term().submitFresh(fresh -> added(request, fresh.timestamp()));
    return AddFieldResponse.getDefaultInstance();
  }

  private static CatalogCommand added(AddFieldRequest request, long timestamp) {
    CollectionId collection = new CollectionId(request.getCollectionId());
    return request.hasStruct()
        ? new CatalogCommand.AddStruct(
            collection,
            SchemaCodec.decode(request.getStruct()),
            request.getStruct().getFieldsList().stream().map(SchemaCodec::decode).toList(),
            timestamp)
        : new CatalogCommand.AddField(
            collection, SchemaCodec.decode(request.getField()), timestamp);
  }

  @Override
  public AlterDatabaseResponse alterDatabase(AlterDatabaseRequest request) {
    election
        .term()
        .submit(
            new CatalogCommand.AlterDatabase(
                request.getName(), request.getPropertiesMap(), request.getRemovedList()));
    return AlterDatabaseResponse.getDefaultInstance();
  }

  @Override
  public CreateAliasResponse createAlias(CreateAliasRequest request) {
    election
        .term()
        .submit(
            new CatalogCommand.CreateAlias(
                database(request.getDatabase()), request.getAlias(), request.getCollection()));
    return CreateAliasResponse.getDefaultInstance();
  }

  @Override
  public AlterAliasResponse alterAlias(AlterAliasRequest request) {
    election
        .term()
        .submit(
            new CatalogCommand.AlterAlias(
                database(request.getDatabase()), request.getAlias(), request.getCollection()));
    return AlterAliasResponse.getDefaultInstance();
  }

  @Override
  public DropAliasResponse dropAlias(DropAliasRequest request) {
    election
        .term()
        .submit(new CatalogCommand.DropAlias(database(request.getDatabase()), request.getAlias()));
    return DropAliasResponse.getDefaultInstance();
  }

  @Override
  public CreatePartitionResponse createPartition(CreatePartitionRequest request) {
    var answer =
        (PartitionIs)
            election
                .term()
                .submitFresh(fresh ->
                    new CatalogCommand.CreatePartition(
                        new CollectionId(request.getCollectionId()), request.getName(), fresh));
    return CreatePartitionResponse.newBuilder()
        .setPartition(CatalogCodec.encode(answer.partition()))
        .build();
  }

  @Override
  public DropPartitionResponse dropPartition(DropPartitionRequest request) {
    election
        .term()
        .dropPartition(
            new CollectionId(request.getCollectionId()),
            request.getName(),
            new PartitionId(request.getPartitionId()));
    return DropPartitionResponse.getDefaultInstance();
  }

  @Override
  public CreateIndexResponse createIndex(CreateIndexRequest request) {
    var answer =
        (IndexIs)
            election
                .term()
                .submitFresh(fresh ->
                    new CatalogCommand.CreateIndex(
                        new CollectionId(request.getCollectionId()),
                        request.getFieldId(),
                        request.getName(),
                        CatalogCodec.decodeParams(request.getParamsList()),
                        flatParams(request),
                        fresh));
    return CreateIndexResponse.newBuilder().setIndex(CatalogCodec.encode(answer.index())).build();
  }

  private static Map<String, String> flatParams(CreateIndexRequest request) {
    return CatalogCodec.decodeParams(
        request.getFlatParamsCount() > 0 ? request.getFlatParamsList() : request.getParamsList());
  }

  @Override
  public DropIndexResponse dropIndex(DropIndexRequest request) {
    election
        .term()
        .submit(
            new CatalogCommand.DropIndex(
                new CollectionId(request.getCollectionId()), new IndexId(request.getIndexId())));
    return DropIndexResponse.getDefaultInstance();
  }

  @Override
  public AlterIndexResponse alterIndex(AlterIndexRequest request) {
    election
        .term()
        .submit(
            new CatalogCommand.AlterIndex(
                new CollectionId(request.getCollectionId()),
                new IndexId(request.getIndexId()),
                request.getParamsMap(),
                request.getRemovedList()));
    return AlterIndexResponse.getDefaultInstance();
  }

  @Override
  public ListIndexesResponse listIndexes(ListIndexesRequest request) {
    CollectionId id = new CollectionId(request.getCollectionId());
    List<IndexDefinition> indexes =
        election.term().answer(catalog -> catalog.indexesOf(catalog.requireCollection(id).id()));
    return ListIndexesResponse.newBuilder()
        .addAllIndexes(indexes.stream().map(CatalogCodec::encode).toList())
        .build();
  }

  @Override
  public CreateMarkResponse createMark(CreateMarkRequest request) {
    long mark = election.term().mark(new CollectionId(request.getCollectionId()));
    return CreateMarkResponse.newBuilder().setMark(mark).build();
  }

  @Override
  public TouchMarkResponse touchMark(TouchMarkRequest request) {
    CollectionId collection = new CollectionId(request.getCollectionId());
    boolean pinned = election.term().touch(collection, request.getMark(), request.getLast());
    return TouchMarkResponse.newBuilder().setPinned(pinned).build();
  }

  @Override
  public BeginRestoreResponse beginRestore(BeginRestoreRequest request) {
    Collection source = CatalogCodec.decode(request.getSource());
    List<IndexDefinition> indexes =
        request.getIndexesList().stream().map(CatalogCodec::decode).toList();
    Condition wanted =
        new Condition.RevisionIs(
            MetaKeys.restore(request.getRestoreId()), request.getRestoreRevision());
    var answer =
        (CollectionIs)
            election
                .term()
                .submitFresh(
                    source.partitions().size() + indexes.size(),
                    fresh ->
                        new CatalogCommand.BeginRestore(
                            new CollectionId(request.getCollectionId()),
                            database(request.getDatabase()),
                            request.getName(),
                            source,
                            indexes,
                            fresh,
                            wanted));
    return BeginRestoreResponse.newBuilder()
        .setCollection(CatalogCodec.encode(answer.collection()))
        .build();
  }

  @Override
  public FinishRestoreResponse finishRestore(FinishRestoreRequest request) {
    CollectionId id = new CollectionId(request.getCollectionId());
    election.term().submit(new CatalogCommand.FinishRestore(id, request.getVersionsList()));
    return FinishRestoreResponse.getDefaultInstance();
  }

  @Override
  public AbortRestoreResponse abortRestore(AbortRestoreRequest request) {
    CollectionId id = new CollectionId(request.getCollectionId());
    election.term().submit(new CatalogCommand.AbortRestore(id));
    return AbortRestoreResponse.getDefaultInstance();
  }

  @Override
  public ChangeSecurityResponse changeSecurity(ChangeSecurityRequest request) {
    election.term().changeSecurity(request);
    return ChangeSecurityResponse.getDefaultInstance();
  }

  private static String database(String name) {
    return name.isEmpty() ? Database.DEFAULT_NAME : name;
  }

  private static int requireCount(int count, int max) {
    if (count < 1 || count > max) {
      throw ErrorCode.INVALID_PARAMETER.because("count %d is not in [1, %d]", count, max);
    }
    return count;
  }
}
