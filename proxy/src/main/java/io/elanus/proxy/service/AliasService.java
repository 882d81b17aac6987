package io.elanus.proxy.service;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.proto.milvus.AlterAliasRequest;
import io.elanus.proto.milvus.CreateAliasRequest;
import io.elanus.proto.milvus.DescribeAliasRequest;
import io.elanus.proto.milvus.DescribeAliasResponse;
import io.elanus.proto.milvus.DropAliasRequest;
import io.elanus.proto.milvus.ListAliasesRequest;
import io.elanus.proto.milvus.ListAliasesResponse;
import io.elanus.proto.milvus.Status;
import io.elanus.proxy.Requests;
import io.elanus.proxy.catalog.CollectionCache;
import io.elanus.proxy.schema.Names;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.status.StatusMapper;
import java.util.List;

/// Aliases: made, moved from one collection to another, dropped, listed.
public final class AliasService {
  private final Peers peers;
  private final CollectionCache collections;

  public AliasService(Peers peers, CollectionCache collections) {
    this.peers = peers;
    this.collections = collections;
  }

  /// The same alias of the same collection again is success.
  public Status createAlias(CreateAliasRequest request) {
    Names.checkAlias(request.getAlias());
    Names.checkCollection(request.getCollectionName());
    peers
        .rootCoord()
        .createAlias(
            io.elanus.proto.internal.CreateAliasRequest.newBuilder()
                .setDatabase(Requests.database(request.getDbName()))
                .setAlias(request.getAlias())
                .setCollection(request.getCollectionName())
                .build());
    return StatusMapper.success();
  }

  public Status alterAlias(AlterAliasRequest request) {
    Names.checkAlias(request.getAlias());
    Names.checkCollection(request.getCollectionName());
    peers
        .rootCoord()
        .alterAlias(
            io.elanus.proto.internal.AlterAliasRequest.newBuilder()
                .setDatabase(Requests.database(request.getDbName()))
                .setAlias(request.getAlias())
                .setCollection(request.getCollectionName())
                .build());
    return StatusMapper.success();
  }

  public Status dropAlias(DropAliasRequest request) {
    Names.checkAlias(request.getAlias());
    peers
        .rootCoord()
        .dropAlias(
            io.elanus.proto.internal.DropAliasRequest.newBuilder()
                .setDatabase(Requests.database(request.getDbName()))
                .setAlias(request.getAlias())
                .build());
    return StatusMapper.success();
  }

  public DescribeAliasResponse describeAlias(DescribeAliasRequest request) {
    Names.checkAlias(request.getAlias());
    String database = Requests.database(request.getDbName());
    return DescribeAliasResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setDbName(database)
        .setAlias(request.getAlias())
        .setCollection(aliased(database, request.getAlias()).name())
        .build();
  }

  /// @throws DbException `ALIAS_NOT_FOUND`, also for a collection's own name
  private Collection aliased(String database, String alias) {
    DbException missing = ErrorCode.ALIAS_NOT_FOUND.with("database", database, "alias", alias);
    try {
      Collection collection = collections.ask(database, alias).collection();
      if (collection.aliases().contains(alias)) {
        return collection;
      }
      throw missing;
    } catch (DbException e) {
      throw e.code() == ErrorCode.COLLECTION_NOT_FOUND ? missing : e;
    }
  }

  /// Of one collection, by its name; or all there are in the database.
  public ListAliasesResponse listAliases(ListAliasesRequest request) {
    String database = Requests.database(request.getDbName());
    String name = request.getCollectionName();
    List<Collection> all = collections.list(database);
    List<Collection> wanted =
        name.isEmpty() ? all : all.stream().filter(c -> c.name().equals(name)).toList();
    if (wanted.isEmpty() && !name.isEmpty()) {
      throw ErrorCode.COLLECTION_NOT_FOUND.with("collection", name);
    }
    return ListAliasesResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setDbName(database)
        .setCollectionName(name)
        .addAllAliases(wanted.stream().flatMap(c -> c.aliases().stream()).sorted().toList())
        .build();
  }
}
