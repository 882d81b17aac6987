package io.elanus.datacoord;

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
import io.elanus.rpc.internal.RootCoordApi;

/// Gives out ids and timestamps, and knows nothing else.
final class CountingRootCoord implements RootCoordApi {
  private long next = 1_000;

  @Override
  public AllocateTimestampResponse allocateTimestamp(AllocateTimestampRequest request) {
    return AllocateTimestampResponse.newBuilder().setFirst(take(request.getCount())).build();
  }

  @Override
  public AllocateIdsResponse allocateIds(AllocateIdsRequest request) {
    return AllocateIdsResponse.newBuilder().setFirst(take(request.getCount())).build();
  }

  private long take(int count) {
    long first = next;
    next += count;
    return first;
  }

  @Override
  public CreateDatabaseResponse createDatabase(CreateDatabaseRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public DropDatabaseResponse dropDatabase(DropDatabaseRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ListDatabasesResponse listDatabases(ListDatabasesRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CreateCollectionResponse createCollection(CreateCollectionRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public DropCollectionResponse dropCollection(DropCollectionRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public DescribeCollectionResponse describeCollection(DescribeCollectionRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ListCollectionsResponse listCollections(ListCollectionsRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CreateIndexResponse createIndex(CreateIndexRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public DropIndexResponse dropIndex(DropIndexRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ListIndexesResponse listIndexes(ListIndexesRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CreateMarkResponse createMark(CreateMarkRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public TouchMarkResponse touchMark(TouchMarkRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ChangeSecurityResponse changeSecurity(ChangeSecurityRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public RenameCollectionResponse renameCollection(RenameCollectionRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public TruncateCollectionResponse truncateCollection(TruncateCollectionRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public AlterCollectionResponse alterCollection(AlterCollectionRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public AlterFieldResponse alterField(AlterFieldRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public AlterDatabaseResponse alterDatabase(AlterDatabaseRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CreateAliasResponse createAlias(CreateAliasRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public AlterAliasResponse alterAlias(AlterAliasRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public DropAliasResponse dropAlias(DropAliasRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CreatePartitionResponse createPartition(CreatePartitionRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public DropPartitionResponse dropPartition(DropPartitionRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public AlterIndexResponse alterIndex(AlterIndexRequest request) {
    throw new UnsupportedOperationException();
  }
}
