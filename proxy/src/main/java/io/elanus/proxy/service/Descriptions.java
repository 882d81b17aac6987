package io.elanus.proxy.service;

import io.elanus.common.model.Collection;
import io.elanus.proto.milvus.ConsistencyLevel;
import io.elanus.proto.milvus.DescribeCollectionResponse;
import io.elanus.proxy.Requests;
import io.elanus.rpc.codec.SchemaCodec;
import io.elanus.rpc.status.StatusMapper;

/// Collections as SDKs read them, with Milvus's words where the wire has them: a shard is a virtual
/// channel there, a log a physical one.
final class Descriptions {
  private Descriptions() {}

  /// @param asked the name it was asked for by: its own, or an alias
  static DescribeCollectionResponse of(Collection collection, String asked) {
    DescribeCollectionResponse.Builder response =
        DescribeCollectionResponse.newBuilder()
            .setStatus(StatusMapper.success())
            .setSchema(SchemaCodec.encodeDeclared(collection.schema()))
            .setCollectionID(collection.id().value())
            .setCollectionName(asked)
            .addAllAliases(collection.aliases())
            .setDbName(collection.databaseName())
            .setDbId(collection.database().value())
            .setShardsNum(collection.shardCount())
            .setNumPartitions(collection.partitions().size())
            .setConsistencyLevel(ConsistencyLevel.forNumber(collection.consistency().number()))
            .addAllProperties(SchemaCodec.encodePairs(collection.properties()))
            .setCreatedTimestamp(collection.createdTimestamp())
            .setCreatedUtcTimestamp(Requests.seconds(collection.createdTimestamp()))
            .setUpdateTimestamp(collection.updatedTimestamp())
            .setUpdateTimestampStr(Long.toUnsignedString(collection.updatedTimestamp()));
    for (int shard = 0; shard < collection.shardCount(); shard++) {
      response
          .addVirtualChannelNames(virtualChannel(collection, shard))
          .addPhysicalChannelNames(physicalChannel(collection, shard));
    }
    return response.build();
  }

  static String physicalChannel(Collection collection, int shard) {
    return "elanus-log-%s".formatted(collection.shardLogs().get(shard));
  }

  static String virtualChannel(Collection collection, int shard) {
    return "%s_%sv%d".formatted(physicalChannel(collection, shard), collection.id(), shard);
  }
}
