package io.elanus.proxy.schema;

import io.elanus.common.model.ConsistencyLevel;
import io.elanus.proto.milvus.CollectionSchema;
import io.elanus.proto.milvus.CreateCollectionRequest;
import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proxy.Invalid;
import io.elanus.rpc.codec.SchemaCodec;
import java.util.Map;

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

  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER`
  public static CollectionOptions of(CreateCollectionRequest request, CollectionSchema schema) {
    Map<String, String> properties = SchemaCodec.decodePairs(request.getPropertiesList());
    boolean hasKey = schema.getFieldsList().stream().anyMatch(FieldSchema::getIsPartitionKey);
    Properties.checkCollection(properties, hasKey);
    return new CollectionOptions(
        shardCount(request.getShardsNum()),
        partitionCount(hasKey, request.getNumPartitions()),
        ConsistencyLevel.ofNumber(request.getConsistencyLevelValue()),
        properties);
  }

  /// 0 means the default.
  private static int partitionCount(boolean hasKey, long asked) {
    if (!hasKey && asked > 0) {
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
    return hasKey && asked == 0 ? KEYED_PARTITIONS : (int) asked;
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
