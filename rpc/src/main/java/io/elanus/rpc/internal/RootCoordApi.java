package io.elanus.rpc.internal;

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

/// The catalog, timestamps and ids, as rootcoord serves them. The caller cannot tell whether the role is in this process;
/// failures are `DbException`s either way. Each method is documented in `rootcoord.proto`.
public interface RootCoordApi {
  AllocateTimestampResponse allocateTimestamp(AllocateTimestampRequest request);

  AllocateIdsResponse allocateIds(AllocateIdsRequest request);

  CreateDatabaseResponse createDatabase(CreateDatabaseRequest request);

  DropDatabaseResponse dropDatabase(DropDatabaseRequest request);

  ListDatabasesResponse listDatabases(ListDatabasesRequest request);

  CreateCollectionResponse createCollection(CreateCollectionRequest request);

  DropCollectionResponse dropCollection(DropCollectionRequest request);

  DescribeCollectionResponse describeCollection(DescribeCollectionRequest request);

  ListCollectionsResponse listCollections(ListCollectionsRequest request);

  RenameCollectionResponse renameCollection(RenameCollectionRequest request);

  TruncateCollectionResponse truncateCollection(TruncateCollectionRequest request);

  AlterCollectionResponse alterCollection(AlterCollectionRequest request);

  AlterFieldResponse alterField(AlterFieldRequest request);

  AddFieldResponse addField(AddFieldRequest request);

  AlterDatabaseResponse alterDatabase(AlterDatabaseRequest request);

  CreateAliasResponse createAlias(CreateAliasRequest request);

  AlterAliasResponse alterAlias(AlterAliasRequest request);

  DropAliasResponse dropAlias(DropAliasRequest request);

  CreatePartitionResponse createPartition(CreatePartitionRequest request);

  DropPartitionResponse dropPartition(DropPartitionRequest request);

  CreateIndexResponse createIndex(CreateIndexRequest request);

  DropIndexResponse dropIndex(DropIndexRequest request);

  AlterIndexResponse alterIndex(AlterIndexRequest request);

  ListIndexesResponse listIndexes(ListIndexesRequest request);

  CreateMarkResponse createMark(CreateMarkRequest request);

  TouchMarkResponse touchMark(TouchMarkRequest request);

  BeginRestoreResponse beginRestore(BeginRestoreRequest request);

  FinishRestoreResponse finishRestore(FinishRestoreRequest request);

  AbortRestoreResponse abortRestore(AbortRestoreRequest request);

  ChangeSecurityResponse changeSecurity(ChangeSecurityRequest request);
}
