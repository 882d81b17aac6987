package io.elanus.proxy.schema;

import io.elanus.common.model.ConsistencyLevel;
import io.elanus.proto.milvus.CreateCollectionRequest;
import io.elanus.proxy.Invalid;
import io.elanus.rpc.codec.SchemaCodec;
import java.util.Map;
import java.util.Set;

/// What a collection is made with besides its schema.
///
/// @param shardCount 1 to [#MAX_SHARDS]
public record CollectionOptions(
    int shardCount, ConsistencyLevel consistency, Map<String, String> properties) {
  public static final int MAX_SHARDS = 16;

  /// Properties that would change what a collection does; one that is not served must not be taken silently.
  private static final Set<String> NOT_SERVED =
      Set.of(
          "ttl_field",
          "partitionkey.isolation",
          "query_mode",
          "replicate.id",
          "collection.insertRate.max.mb",
          "collection.insertRate.min.mb",
          "collection.upsertRate.max.mb",
          "collection.upsertRate.min.mb",
          "collection.deleteRate.max.mb",
          "collection.deleteRate.min.mb",
          "collection.queryRate.max.qps",
          "collection.queryRate.min.qps",
          "collection.searchRate.max.vps",
          "collection.searchRate.min.vps",
          "collection.diskProtection.diskQuota.mb");

  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  public static CollectionOptions of(CreateCollectionRequest request) {
    Map<String, String> properties = SchemaCodec.decodePairs(request.getPropertiesList());
    properties.keySet().stream()
        .filter(NOT_SERVED::contains)
        .findFirst()
        .ifPresent(key -> {
          throw Invalid.notServed("collection property " + key);
        });
    if (request.getNumPartitions() > 0) {
      throw Invalid.parameter(
          "num_partitions should only be specified with partition key field enabled");
    }
    return new CollectionOptions(
        shardCount(request.getShardsNum()),
        ConsistencyLevel.ofNumber(request.getConsistencyLevelValue()),
        properties);
  }

  /// 0 means the default, 1.
  private static int shardCount(int asked) {
    if (asked > MAX_SHARDS) {
      throw Invalid.parameter("maximum shards's number should be limited to %d", MAX_SHARDS);
    }
    if (asked < 0) {
      throw Invalid.parameter("shards's number should be at least 1, but got %d", asked);
    }
    return Math.max(asked, 1);
  }
}
