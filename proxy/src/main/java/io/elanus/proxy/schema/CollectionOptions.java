package io.elanus.proxy.schema;

import io.elanus.common.model.ConsistencyLevel;
import io.elanus.proto.milvus.CollectionSchema;
import io.elanus.proto.milvus.CreateCollectionRequest;
import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.value.ZonedTimes;
import io.elanus.rpc.codec.SchemaCodec;
import java.util.Map;
import java.util.Set;

/// What a collection is made with besides its schema.
///
/// @param shardCount 1 to [#MAX_SHARDS]
/// @param partitionCount 1 to [#MAX_PARTITIONS] with a partition key, else 0
public record CollectionOptions(
    int shardCount,
    int partitionCount,
    ConsistencyLevel consistency,
    Map<String, String> properties) {
  public static final int MAX_SHARDS = 16;
  public static final int MAX_PARTITIONS = 1024;
  public static final int KEYED_PARTITIONS = 16;

  /// Searches of one partition key see its rows only. Ours do in any case: the filter says so.
  private static final String ISOLATION = "partitionkey.isolation";

  /// Properties that would change what a collection does; one that is not served must not be taken silently.
  private static final Set<String> NOT_SERVED =
      Set.of(
          "collection.ttl.seconds",
          "ttl_field",
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
  public static CollectionOptions of(CreateCollectionRequest request, CollectionSchema schema) {
    Map<String, String> properties = SchemaCodec.decodePairs(request.getPropertiesList());
    properties.keySet().stream()
        .filter(NOT_SERVED::contains)
        .findFirst()
        .ifPresent(key -> {
          throw Invalid.notServed("collection property " + key);
        });
    ZonedTimes.zone(properties);
    boolean keyed = schema.getFieldsList().stream().anyMatch(FieldSchema::getIsPartitionKey);
    if (!keyed && Boolean.parseBoolean(properties.getOrDefault(ISOLATION, "false"))) {
      throw Invalid.parameter(
          "partition key isolation mode is enabled but current Collection doesn't support"
              + " partition key");
    }
    return new CollectionOptions(
        shardCount(request.getShardsNum()),
        partitionCount(keyed, request.getNumPartitions()),
        ConsistencyLevel.ofNumber(request.getConsistencyLevelValue()),
        properties);
  }

  /// 0 means the default.
  private static int partitionCount(boolean keyed, long asked) {
    if (!keyed && asked > 0) {
      throw Invalid.parameter(
          "num_partitions should only be specified with partition key field enabled");
    }
    if (asked > MAX_PARTITIONS) {
      throw Invalid.parameter(
          "partition number (%d) exceeds max configuration (%d)", asked, MAX_PARTITIONS);
    }
    if (asked < 0) {
      throw Invalid.parameter(
          "the specified partitions should be greater than 0 if partition key is used");
    }
    return keyed && asked == 0 ? KEYED_PARTITIONS : (int) asked;
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
