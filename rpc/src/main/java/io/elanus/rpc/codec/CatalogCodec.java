package io.elanus.rpc.codec;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.ConsistencyLevel;
import io.elanus.common.model.Database;
import io.elanus.common.model.DatabaseId;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.Partition;
import io.elanus.common.model.PartitionId;
import io.elanus.common.wal.LogId;
import io.elanus.proto.internal.CollectionMeta;
import io.elanus.proto.internal.DatabaseMeta;
import io.elanus.proto.internal.IndexMeta;
import io.elanus.proto.internal.IndexParam;
import io.elanus.proto.internal.PartitionMeta;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Databases, collections and indexes, as the metastore keeps them and as roles tell each other.
public final class CatalogCodec {
  private CatalogCodec() {}

  public static DatabaseMeta encode(Database database) {
    return DatabaseMeta.newBuilder()
        .setId(database.id().value())
        .setName(database.name())
        .putAllProperties(database.properties())
        .setCreatedTimestamp(database.createdTimestamp())
        .build();
  }

  public static Database decode(DatabaseMeta meta) {
    return new Database(
        new DatabaseId(meta.getId()),
        meta.getName(),
        meta.getPropertiesMap(),
        meta.getCreatedTimestamp());
  }

  public static CollectionMeta encode(Collection collection) {
    CollectionMeta.Builder meta =
        CollectionMeta.newBuilder()
            .setId(collection.id().value())
            .setDatabaseId(collection.database().value())
            .setDatabaseName(collection.databaseName())
            .setSchema(SchemaCodec.encode(collection.schema()))
            .setSchemaVersion(collection.schema().version())
            .addAllShardLogs(collection.shardLogs().stream().map(LogId::value).toList())
            .addAllPartitions(collection.partitions().stream().map(CatalogCodec::encode).toList())
            .setConsistencyLevel(collection.consistency().number())
            .putAllProperties(collection.properties())
            .setVersion(collection.version())
            .setDdlSequence(collection.ddlSequence())
            .setCreatedTimestamp(collection.createdTimestamp())
            .setUpdatedTimestamp(collection.updatedTimestamp())
            .setState(encode(collection.state()))
            .addAllAliases(collection.aliases());
    collection.pending().map(PendingDdlCodec::encode).ifPresent(meta::setPending);
    return meta.build();
  }

  public static Collection decode(CollectionMeta meta) {
    return new Collection(
        new CollectionId(meta.getId()),
        new DatabaseId(meta.getDatabaseId()),
        meta.getDatabaseName(),
        SchemaCodec.decode(meta.getSchema()),
        meta.getShardLogsList().stream().map(LogId::new).toList(),
        meta.getPartitionsList().stream().map(CatalogCodec::decode).toList(),
        ConsistencyLevel.ofNumber(meta.getConsistencyLevel()),
        meta.getPropertiesMap(),
        meta.getVersion(),
        meta.getDdlSequence(),
        meta.getCreatedTimestamp(),
        meta.getUpdatedTimestamp(),
        decode(meta.getState()),
        meta.getAliasesList(),
        meta.hasPending()
            ? Optional.of(PendingDdlCodec.decode(meta.getPending()))
            : Optional.empty());
  }

  public static IndexMeta encode(IndexDefinition index) {
    return IndexMeta.newBuilder()
        .setId(index.id().value())
        .setCollectionId(index.collection().value())
        .setFieldId(index.fieldId())
        .setName(index.name())
        .addAllParams(encodeParams(index.params()))
        .addAllFlatParams(encodeParams(index.flatParams()))
        .setCreatedTimestamp(index.createdTimestamp())
        .build();
  }

  public static IndexDefinition decode(IndexMeta meta) {
    return new IndexDefinition(
        new IndexId(meta.getId()),
        new CollectionId(meta.getCollectionId()),
        meta.getFieldId(),
        meta.getName(),
        decodeParams(meta.getParamsList()),
        decodeParams(meta.getFlatParamsList()),
        meta.getCreatedTimestamp());
  }

  /// In the order of `params`.
  public static List<IndexParam> encodeParams(Map<String, String> params) {
    return params.entrySet().stream()
        .map(e -> IndexParam.newBuilder().setKey(e.getKey()).setValue(e.getValue()).build())
        .toList();
  }

  /// In the order of `params`; of a key that comes twice, the last value counts.
  public static Map<String, String> decodeParams(List<IndexParam> params) {
    Map<String, String> map = new LinkedHashMap<>();
    params.forEach(param -> map.put(param.getKey(), param.getValue()));
    return map;
  }

  public static Database database(MetaEntry entry) {
    return decode(parse(entry, DatabaseMeta.parser()));
  }

  public static Collection collection(MetaEntry entry) {
    return decode(parse(entry, CollectionMeta.parser()));
  }

  public static IndexDefinition index(MetaEntry entry) {
    return decode(parse(entry, IndexMeta.parser()));
  }

  /// The message an entry of the metastore holds.
  ///
  /// @throws DbException `CORRUPT`
  public static <M extends Message> M parse(MetaEntry entry, Parser<M> parser) {
    try {
      return parser.parseFrom(entry.value());
    } catch (InvalidProtocolBufferException e) {
      throw new DbException(ErrorCode.CORRUPT, "cannot read metastore entry " + entry.key(), e);
    }
  }

  public static PartitionMeta encode(Partition partition) {
    return PartitionMeta.newBuilder()
        .setId(partition.id().value())
        .setName(partition.name())
        .setCreatedTimestamp(partition.createdTimestamp())
        .build();
  }

  private static Partition decode(PartitionMeta meta) {
    return new Partition(new PartitionId(meta.getId()), meta.getName(), meta.getCreatedTimestamp());
  }

  private static io.elanus.proto.internal.CollectionState encode(CollectionState state) {
    return switch (state) {
      case ACTIVE -> io.elanus.proto.internal.CollectionState.ACTIVE;
      case RESTORING -> io.elanus.proto.internal.CollectionState.RESTORING;
      case DROPPING -> io.elanus.proto.internal.CollectionState.DROPPING;
    };
  }

  private static CollectionState decode(io.elanus.proto.internal.CollectionState state) {
    return switch (state) {
      case ACTIVE -> CollectionState.ACTIVE;
      case RESTORING -> CollectionState.RESTORING;
      case DROPPING -> CollectionState.DROPPING;
      case UNRECOGNIZED ->
          throw new DbException(ErrorCode.CORRUPT, "a collection is in a state of a newer version");
    };
  }
}
