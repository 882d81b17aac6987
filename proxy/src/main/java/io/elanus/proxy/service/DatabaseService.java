package io.elanus.proxy.service;

import io.elanus.common.error.ErrorCode;
import io.elanus.proto.internal.DatabaseMeta;
import io.elanus.proto.milvus.AlterDatabaseRequest;
import io.elanus.proto.milvus.CreateDatabaseRequest;
import io.elanus.proto.milvus.DescribeDatabaseRequest;
import io.elanus.proto.milvus.DescribeDatabaseResponse;
import io.elanus.proto.milvus.DropDatabaseRequest;
import io.elanus.proto.milvus.ListDatabasesRequest;
import io.elanus.proto.milvus.ListDatabasesResponse;
import io.elanus.proto.milvus.Status;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.Requests;
import io.elanus.proxy.schema.Names;
import io.elanus.proxy.schema.Properties;
import io.elanus.proxy.security.Visibility;
import io.elanus.rpc.codec.SchemaCodec;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.status.StatusMapper;
import java.util.List;
import java.util.Map;

/// Databases.
public final class DatabaseService {
  private final Peers peers;
  private final Visibility.Source visibility;

  public DatabaseService(Peers peers, Visibility.Source visibility) {
    this.peers = peers;
    this.visibility = visibility;
  }

  public Status createDatabase(CreateDatabaseRequest request) {
    Names.checkDatabase(request.getDbName());
    peers
        .rootCoord()
        .createDatabase(
            io.elanus.proto.internal.CreateDatabaseRequest.newBuilder()
                .setName(request.getDbName())
                .putAllProperties(SchemaCodec.decodePairs(request.getPropertiesList()))
                .build());
    return StatusMapper.success();
  }

  public Status dropDatabase(DropDatabaseRequest request) {
    peers
        .rootCoord()
        .dropDatabase(
            io.elanus.proto.internal.DropDatabaseRequest.newBuilder()
                .setName(request.getDbName())
                .build());
    return StatusMapper.success();
  }

  /// Those the caller has something to do with.
  public ListDatabasesResponse listDatabases(ListDatabasesRequest request) {
    Visibility visible = visibility.now();
    ListDatabasesResponse.Builder response =
        ListDatabasesResponse.newBuilder().setStatus(StatusMapper.success());
    for (DatabaseMeta database : databases()) {
      if (!visible.shows(database.getName())) {
        continue;
      }
      response
          .addDbNames(database.getName())
          .addCreatedTimestamp(database.getCreatedTimestamp())
          .addDbIds(database.getId());
    }
    return response.build();
  }

  public DescribeDatabaseResponse describeDatabase(DescribeDatabaseRequest request) {
    String name = Requests.database(request.getDbName());
    DatabaseMeta database =
        databases().stream()
            .filter(one -> one.getName().equals(name))
            .findFirst()
            .orElseThrow(() -> ErrorCode.DATABASE_NOT_FOUND.with("database", name));
    return DescribeDatabaseResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setDbName(name)
        .setDbID(database.getId())
        .setCreatedTimestamp(database.getCreatedTimestamp())
        .addAllProperties(SchemaCodec.encodePairs(database.getPropertiesMap()))
        .build();
  }

  public Status alterDatabase(AlterDatabaseRequest request) {
    if (request.getPropertiesCount() == 0 && request.getDeleteKeysCount() == 0) {
      throw Invalid.parameter(
          "alter database with empty properties and delete keys, expected to set either properties"
              + " or delete keys");
    }
    if (request.getPropertiesCount() > 0 && request.getDeleteKeysCount() > 0) {
      throw Invalid.parameter(
          "alter database cannot modify properties and delete keys at the same time");
    }
    Map<String, String> properties = SchemaCodec.decodePairs(request.getPropertiesList());
    properties.forEach(Properties::check);
    peers
        .rootCoord()
        .alterDatabase(
            io.elanus.proto.internal.AlterDatabaseRequest.newBuilder()
                .setName(Requests.database(request.getDbName()))
                .putAllProperties(properties)
                .addAllRemoved(request.getDeleteKeysList())
                .build());
    return StatusMapper.success();
  }

  private List<DatabaseMeta> databases() {
    return peers
        .rootCoord()
        .listDatabases(io.elanus.proto.internal.ListDatabasesRequest.getDefaultInstance())
        .getDatabasesList();
  }
}
