package io.elanus.proxy.service;

import io.elanus.common.model.Collection;
import io.elanus.proto.milvus.CollectionSchema;
import io.elanus.proto.milvus.ConsistencyLevel;
import io.elanus.proto.milvus.DescribeCollectionResponse;
import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proto.milvus.ValueField;
import io.elanus.proxy.Requests;
import io.elanus.proxy.value.ZonedTimes;
import io.elanus.rpc.codec.SchemaCodec;
import io.elanus.rpc.status.StatusMapper;
import java.time.ZoneId;

/// Collections as SDKs read them, with Milvus's words where the wire has them: a shard is a virtual
/// channel there, a log a physical one.
final class Descriptions {
  private Descriptions() {}

  /// @param asked the name it was asked for by: its own, or an alias
  static DescribeCollectionResponse of(Collection collection, String asked) {
    DescribeCollectionResponse.Builder response =
        DescribeCollectionResponse.newBuilder()
            .setStatus(StatusMapper.success())
            .setSchema(schema(collection))
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

  /// Default values that are times are shown as texts.
  private static CollectionSchema schema(Collection collection) {
    CollectionSchema.Builder schema = SchemaCodec.encodeDeclared(collection.schema()).toBuilder();
    ZoneId zone = ZonedTimes.zone(collection.properties());
    for (FieldSchema.Builder field : schema.getFieldsBuilderList()) {
      if (field.getDefaultValue().hasTimestamptzData()) {
        long micros = field.getDefaultValue().getTimestamptzData();
        field.setDefaultValue(ValueField.newBuilder().setStringData(ZonedTimes.text(micros, zone)));
      }
    }
    return schema.build();
  }

  static String physicalChannel(Collection collection, int shard) {
    return "elanus-log-%s".formatted(collection.shardLogs().get(shard));
  }

  static String virtualChannel(Collection collection, int shard) {
    return "%s_%sv%d".formatted(physicalChannel(collection, shard), collection.id(), shard);
  }
}
