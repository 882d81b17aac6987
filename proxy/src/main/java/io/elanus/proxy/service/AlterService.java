package io.elanus.proxy.service;

import com.google.protobuf.InvalidProtocolBufferException;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.common.model.Field;
import io.elanus.proto.internal.AddFieldRequest;
import io.elanus.proto.milvus.AddCollectionFieldRequest;
import io.elanus.proto.milvus.AddCollectionStructFieldRequest;
import io.elanus.proto.milvus.AlterCollectionFieldRequest;
import io.elanus.proto.milvus.AlterCollectionRequest;
import io.elanus.proto.milvus.AlterCollectionSchemaRequest;
import io.elanus.proto.milvus.AlterCollectionSchemaResponse;
import io.elanus.proto.milvus.FieldSchema;
import io.elanus.proto.milvus.RenameCollectionRequest;
import io.elanus.proto.milvus.Status;
import io.elanus.proto.milvus.TruncateCollectionRequest;
import io.elanus.proto.milvus.TruncateCollectionResponse;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.Requests;
import io.elanus.proxy.catalog.CollectionCache;
import io.elanus.proxy.catalog.Loads;
import io.elanus.proxy.schema.AddedField;
import io.elanus.proxy.schema.FieldParams;
import io.elanus.proxy.schema.Names;
import io.elanus.proxy.schema.Properties;
import io.elanus.proxy.schema.SchemaCheck;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.status.StatusMapper;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Changes of collections that are there: their name, their rows as a whole, properties, fields.
public final class AlterService {
  private final Peers peers;
  private final CollectionCache collections;
  private final Loads loads;

  public AlterService(Peers peers, CollectionCache collections, Loads loads) {
    this.peers = peers;
    this.collections = collections;
    this.loads = loads;
  }

  public Status renameCollection(RenameCollectionRequest request) {
    Names.checkCollection(request.getOldName());
    Names.checkCollection(request.getNewName());
    String database = Requests.database(request.getDbName());
    peers
        .rootCoord()
        .renameCollection(
            io.elanus.proto.internal.RenameCollectionRequest.newBuilder()
                .setDatabase(database)
                .setName(request.getOldName())
                .setNewDatabase(
                    request.getNewDBName().isEmpty() ? database : request.getNewDBName())
                .setNewName(request.getNewName())
                .build());
    return StatusMapper.success();
  }

  /// Everything that was acknowledged before this call is gone; what is written meanwhile may be.
  public TruncateCollectionResponse truncateCollection(TruncateCollectionRequest request) {
    Collection collection = ask(request.getDbName(), request.getCollectionName());
    peers
        .rootCoord()
        .truncateCollection(
            io.elanus.proto.internal.TruncateCollectionRequest.newBuilder()
                .setCollectionId(collection.id().value())
                .build());
    collections.forget(collection.id());
    return TruncateCollectionResponse.newBuilder().setStatus(StatusMapper.success()).build();
  }

  public Status alterCollection(AlterCollectionRequest request) {
    List<String> removed = request.getDeleteKeysList();
    Map<String, String> properties = Properties.decode(request.getPropertiesList(), removed);
    if (properties.isEmpty() && removed.isEmpty()) {
      throw Invalid.parameter("no properties or delete keys provided");
    }
    Collection collection = ask(request.getDbName(), request.getCollectionName());
    check(collection, properties, removed);
    if (properties.containsKey(Properties.DYNAMIC_FIELD)) {
      alterDynamicField(collection, properties, removed);
      return StatusMapper.success();
    }
    peers
        .rootCoord()
        .alterCollection(
            io.elanus.proto.internal.AlterCollectionRequest.newBuilder()
                .setCollectionId(collection.id().value())
                .putAllProperties(properties)
                .addAllRemoved(removed)
                .build());
    collections.forget(collection.id());
    return StatusMapper.success();
  }

  /// No property: it says whether there is `$meta`.
  private void alterDynamicField(
      Collection collection, Map<String, String> properties, List<String> removed) {
    if (properties.size() + removed.size() > 1) {
      throw Invalid.parameter("cannot alter dynamic schema with other properties at the same time");
    }
    boolean enabled = Properties.isTrue(properties, Properties.DYNAMIC_FIELD);
    if (!enabled && collection.schema().dynamicEnabled()) {
      throw Invalid.parameter("dynamic schema cannot supported to be disabled");
    }
    if (enabled && !collection.schema().dynamicEnabled()) {
      addChecked(collection, SchemaCheck.dynamicField());
    }
  }

  private void check(Collection collection, Map<String, String> properties, List<String> removed) {
    if (removed.contains(Properties.DYNAMIC_FIELD)) {
      throw Invalid.parameter(
          "cannot delete key %s, dynamic field schema could support set to true/false",
          Properties.DYNAMIC_FIELD);
    }
    Properties.checkCollection(properties, collection.schema().partitionKey().isPresent());
    if (Properties.isTrue(properties, Properties.ALLOW_INSERT_AUTO_ID)
        && !collection.schema().primaryKey().autoId()) {
      throw Invalid.parameter(
          "the value for %s must be false when autoID is false", Properties.ALLOW_INSERT_AUTO_ID);
    }
    requireReleased(
        collection, properties.keySet(), "can not alter %s properties if collection loaded");
    requireReleased(collection, removed, "can not delete %s properties if collection loaded");
  }

  /// What decides how files are opened must not change while they are.
  private void requireReleased(
      Collection collection, java.util.Collection<String> keys, String reason) {
    for (String key : keys) {
      String what = key.equals(Properties.MMAP) ? "mmap" : "warmup";
      if ((key.equals(Properties.MMAP) || key.startsWith("warmup"))
          && loads.state(collection).getWanted()) {
        throw Invalid.of(
            ErrorCode.COLLECTION_LOADED, reason.formatted(what), "collection", collection.name());
      }
    }
  }

  public Status alterCollectionField(AlterCollectionFieldRequest request) {
    Collection collection = ask(request.getDbName(), request.getCollectionName());
    Map<String, String> params = FieldParams.decode(request.getPropertiesList());
    List<String> removed = FieldParams.rename(request.getDeleteKeysList());
    Field field = FieldParams.check(collection, request.getFieldName(), params);
    FieldParams.checkRemoved(request.getDeleteKeysList(), removed);
    Set<String> opening = Set.of(Properties.MMAP, "warmup");
    if (!Collections.disjoint(params.keySet(), opening)) {
      requireReleased(collection, "can not alter collection field properties if collection loaded");
    }
    if (!Collections.disjoint(removed, opening)) {
      requireReleased(collection, "can not drop collection field properties if collection loaded");
    }
    peers
        .rootCoord()
        .alterField(
            io.elanus.proto.internal.AlterFieldRequest.newBuilder()
                .setCollectionId(collection.id().value())
                .setField(field.name())
                .putAllParams(params)
                .addAllRemoved(removed)
                .build());
    collections.forget(collection.id());
    return StatusMapper.success();
  }

  private void requireReleased(Collection collection, String reason) {
    if (loads.state(collection).getWanted()) {
      throw Invalid.of(ErrorCode.COLLECTION_LOADED, reason, "collection", collection.name());
    }
  }

  public Status addCollectionField(AddCollectionFieldRequest request) {
    Collection collection = ask(request.getDbName(), request.getCollectionName());
    add(collection, field(request));
    return StatusMapper.success();
  }

  /// A struct with all its sub-fields, which rows there are lack.
  public Status addCollectionStructField(AddCollectionStructFieldRequest request) {
    Collection collection = ask(request.getDbName(), request.getCollectionName());
    peers
        .rootCoord()
        .addField(
            AddFieldRequest.newBuilder()
                .setCollectionId(collection.id().value())
                .setStruct(
                    AddedField.complete(
                        collection.name(),
                        collection.schema(),
                        request.getStructArrayFieldSchema()))
                .build());
    collections.forget(collection.id());
    return StatusMapper.success();
  }

  private static FieldSchema field(AddCollectionFieldRequest request) {
    try {
      return FieldSchema.parseFrom(request.getSchema());
    } catch (InvalidProtocolBufferException e) {
      throw new DbException(
          ErrorCode.INVALID_PARAMETER, "schema is not a serialized FieldSchema", e);
    }
  }

  /// What some SDKs send to add a field.
  public AlterCollectionSchemaResponse alterCollectionSchema(AlterCollectionSchemaRequest request) {
    Collection collection = ask(request.getDbName(), request.getCollectionName());
    var action = request.getAction();
    if (action.hasDropRequest()) {
      throw Invalid.notServed("dropping a field or a function");
    }
    var add = action.getAddRequest();
    if (add.getFuncSchemaCount() > 0) {
      throw Invalid.notServed("adding a function");
    }
    if (add.getFieldInfosCount() != 1) {
      throw Invalid.parameter("one field can be added at a time, got %d", add.getFieldInfosCount());
    }
    var info = add.getFieldInfos(0);
    if (!info.getIndexName().isEmpty() || info.getExtraParamsCount() > 0) {
      throw Invalid.notServed("adding a field together with its index");
    }
    add(collection, info.getFieldSchema());
    return AlterCollectionSchemaResponse.newBuilder()
        .setAlterStatus(StatusMapper.success())
        .build();
  }

  private void add(Collection collection, FieldSchema field) {
    addChecked(collection, AddedField.complete(collection.name(), collection.schema(), field));
  }

  private void addChecked(Collection collection, FieldSchema field) {
    peers
        .rootCoord()
        .addField(
            AddFieldRequest.newBuilder()
                .setCollectionId(collection.id().value())
                .setField(field)
                .build());
    collections.forget(collection.id());
  }

  private Collection ask(String database, String name) {
    return collections.ask(Requests.database(database), name).collection();
  }
}
