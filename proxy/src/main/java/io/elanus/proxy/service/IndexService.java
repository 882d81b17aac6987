package io.elanus.proxy.service;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.IndexSpec;
import io.elanus.common.model.ResolvedIndex;
import io.elanus.proto.internal.IndexParam;
import io.elanus.proto.internal.IndexProgressRequest;
import io.elanus.proto.internal.IndexProgressResponse;
import io.elanus.proto.milvus.AlterIndexRequest;
import io.elanus.proto.milvus.CreateIndexRequest;
import io.elanus.proto.milvus.DescribeIndexRequest;
import io.elanus.proto.milvus.DescribeIndexResponse;
import io.elanus.proto.milvus.DropIndexRequest;
import io.elanus.proto.milvus.GetIndexBuildProgressRequest;
import io.elanus.proto.milvus.GetIndexBuildProgressResponse;
import io.elanus.proto.milvus.GetIndexStateRequest;
import io.elanus.proto.milvus.GetIndexStateResponse;
import io.elanus.proto.milvus.GetIndexStatisticsRequest;
import io.elanus.proto.milvus.GetIndexStatisticsResponse;
import io.elanus.proto.milvus.IndexDescription;
import io.elanus.proto.milvus.IndexState;
import io.elanus.proto.milvus.KeyValuePair;
import io.elanus.proto.milvus.Status;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.Requests;
import io.elanus.proxy.catalog.CollectionCache;
import io.elanus.proxy.catalog.CollectionView;
import io.elanus.proxy.catalog.IndexParams;
import io.elanus.proxy.catalog.Loads;
import io.elanus.proxy.schema.DynamicPath;
import io.elanus.proxy.schema.Names;
import io.elanus.proxy.schema.Properties;
import io.elanus.rpc.codec.SchemaCodec;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.status.StatusMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Indexes: defined here, built by others, described with how far that is.
public final class IndexService {
  private static final Logger log = LoggerFactory.getLogger(IndexService.class);

  /// Bytes of all parameters of one index together.
  static final int MAX_PARAM_BYTES = 100 * 1024;

  private final Peers peers;
  private final CollectionCache collections;
  private final Loads loads;

  public IndexService(Peers peers, CollectionCache collections, Loads loads) {
    this.peers = peers;
    this.collections = collections;
    this.loads = loads;
  }

  /// The same request again is success.
  public Status createIndex(CreateIndexRequest request) {
    CollectionView view = ask(request.getDbName(), request.getCollectionName());
    Field field = field(view, request.getFieldName());
    checkSize(request.getExtraParamsList());
    Map<String, String> given = given(request, field);
    Map<String, String> params = IndexParams.flatten(given);
    String name = name(request, field, params);
    params.forEach(Properties::check);
    Optional<ResolvedIndex> built = IndexSpec.check(field, params);
    Optional<Map<String, String>> automatic =
        built.filter(_ -> IndexSpec.isAuto(params)).map(b -> IndexSpec.automatic(b, params));
    log.info(
        "index asked for collection={} field={} type={} built={}",
        view.collection().id(),
        field.name(),
        params.getOrDefault(IndexSpec.INDEX_TYPE, IndexSpec.AUTO),
        built.map(ResolvedIndex::text).orElse("none"));
    if (params.getOrDefault(IndexSpec.INDEX_TYPE, "").startsWith("GPU_")) {
      log.info("there is no GPU: the index is built and searched on the processor");
    }
    peers
        .rootCoord()
        .createIndex(
            io.elanus.proto.internal.CreateIndexRequest.newBuilder()
                .setCollectionId(view.collection().id().value())
                .setFieldId(field.id())
                .setName(name)
                .addAllParams(encode(automatic.orElse(given)))
                .addAllFlatParams(encode(automatic.orElse(params)))
                .build());
    collections.forget(view.collection().id());
    return StatusMapper.success();
  }

  /// An index over JSON without a path is over all that its field, or key of the dynamic field, holds.
  private static Map<String, String> given(CreateIndexRequest request, Field field) {
    Map<String, String> given =
        new LinkedHashMap<>(SchemaCodec.decodePairs(request.getExtraParamsList()));
    if (field.type() == DataType.JSON
        && IndexParams.flatten(given).getOrDefault(IndexSpec.JSON_PATH, "").isEmpty()) {
      Names.checkLengthOfIndex(request.getFieldName());
      given.put(IndexSpec.JSON_PATH, request.getFieldName());
    }
    return given;
  }

  /// A path in a JSON field makes a name that nobody could have given.
  private static String name(CreateIndexRequest request, Field field, Map<String, String> params) {
    if (request.getIndexName().isEmpty()) {
      String name = defaultName(request.getFieldName(), field, params);
      Names.checkLengthOfIndex(name);
      return name;
    }
    Names.checkIndex(request.getIndexName());
    return request.getIndexName();
  }

  /// @param asked the field's name, or a key of the dynamic field
  private static String defaultName(String asked, Field field, Map<String, String> params) {
    return asked.equals(field.name())
        ? IndexSpec.defaultName(field, params)
        : asked + DynamicPath.below(IndexSpec.path(field, params));
  }

  /// A name that no field has is a key of the dynamic field, if there is that.
  private static Field field(CollectionView view, String name) {
    return view.schema()
        .field(name)
        .or(() -> view.schema().dynamicField())
        .orElseThrow(() ->
            Invalid.of(
                ErrorCode.FIELD_NOT_FOUND,
                "cannot create index on non-exist field: " + name,
                "field",
                name));
  }

  private static void checkSize(List<KeyValuePair> params) {
    int bytes = params.stream().mapToInt(KeyValuePair::getSerializedSize).sum();
    if (bytes > MAX_PARAM_BYTES) {
      throw Invalid.parameter(
          "index params have %d bytes, at most %d are allowed", bytes, MAX_PARAM_BYTES);
    }
  }

  private static List<IndexParam> encode(Map<String, String> params) {
    return params.entrySet().stream()
        .map(param ->
            IndexParam.newBuilder().setKey(param.getKey()).setValue(param.getValue()).build())
        .toList();
  }

  public DescribeIndexResponse describeIndex(DescribeIndexRequest request) {
    CollectionView view = ask(request.getDbName(), request.getCollectionName());
    List<IndexDefinition> indexes = require(view, request.getFieldName(), request.getIndexName());
    return DescribeIndexResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .addAllIndexDescriptions(indexes.stream().map(index -> describe(view, index)).toList())
        .build();
  }

  public GetIndexStatisticsResponse getIndexStatistics(GetIndexStatisticsRequest request) {
    CollectionView view = ask(request.getDbName(), request.getCollectionName());
    List<IndexDefinition> indexes = require(view, "", request.getIndexName());
    return GetIndexStatisticsResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .addAllIndexDescriptions(indexes.stream().map(index -> describe(view, index)).toList())
        .build();
  }

  private IndexDescription describe(CollectionView view, IndexDefinition index) {
    IndexProgressResponse progress = progress(view.collection(), index);
    return IndexDescription.newBuilder()
        .setIndexName(index.name())
        .setIndexID(index.id().value())
        .setFieldName(fieldName(view, index))
        .addAllParams(SchemaCodec.encodePairs(index.params()))
        .setIndexedRows(progress.getIndexedRows())
        .setTotalRows(progress.getTotalRows())
        .setPendingIndexRows(progress.getPendingRows())
        .setState(state(progress))
        .setIndexStateFailReason(progress.getFailure())
        .build();
  }

  private IndexProgressResponse progress(Collection collection, IndexDefinition index) {
    return peers
        .dataCoord()
        .indexProgress(
            IndexProgressRequest.newBuilder()
                .setCollectionId(collection.id().value())
                .setIndexId(index.id().value())
                .build());
  }

  private static IndexState state(IndexProgressResponse progress) {
    if (!progress.getFailure().isEmpty()) {
      return IndexState.Failed;
    }
    return progress.getFinished() ? IndexState.Finished : IndexState.InProgress;
  }

  public GetIndexStateResponse getIndexState(GetIndexStateRequest request) {
    CollectionView view = ask(request.getDbName(), request.getCollectionName());
    List<IndexDefinition> indexes = require(view, request.getFieldName(), request.getIndexName());
    IndexProgressResponse progress = progress(view.collection(), indexes.getFirst());
    return GetIndexStateResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setState(state(progress))
        .setFailReason(progress.getFailure())
        .build();
  }

  public GetIndexBuildProgressResponse getIndexBuildProgress(GetIndexBuildProgressRequest request) {
    CollectionView view = ask(request.getDbName(), request.getCollectionName());
    List<IndexDefinition> indexes = require(view, request.getFieldName(), request.getIndexName());
    IndexProgressResponse progress = progress(view.collection(), indexes.getFirst());
    return GetIndexBuildProgressResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setIndexedRows(progress.getIndexedRows())
        .setTotalRows(progress.getTotalRows())
        .build();
  }

  /// Parameters for which nothing has to be built anew.
  public Status alterIndex(AlterIndexRequest request) {
    if (request.getExtraParamsCount() > 0 && request.getDeleteKeysCount() > 0) {
      throw Invalid.parameter("cannot provide both DeleteKeys and ExtraParams");
    }
    if (request.getExtraParamsCount() == 0 && request.getDeleteKeysCount() == 0) {
      throw Invalid.parameter("no properties or delete keys provided");
    }
    Map<String, String> params = SchemaCodec.decodePairs(request.getExtraParamsList());
    requireAlterable(params.keySet());
    requireAlterable(request.getDeleteKeysList());
    params.forEach(Properties::check);
    if (request.getIndexName().isEmpty()) {
      throw Invalid.parameter("index name is empty");
    }
    CollectionView view = ask(request.getDbName(), request.getCollectionName());
    requireReleased(view.collection());
    IndexDefinition index = require(view, "", request.getIndexName()).getFirst();
    peers
        .rootCoord()
        .alterIndex(
            io.elanus.proto.internal.AlterIndexRequest.newBuilder()
                .setCollectionId(view.collection().id().value())
                .setIndexId(index.id().value())
                .putAllParams(params)
                .addAllRemoved(request.getDeleteKeysList())
                .build());
    collections.forget(view.collection().id());
    return StatusMapper.success();
  }

  private static void requireAlterable(java.util.Collection<String> keys) {
    keys.stream()
        .filter(key -> !IndexSpec.ALTERABLE.contains(key))
        .findFirst()
        .ifPresent(key -> {
          throw Invalid.parameter("%s is not a configable index property", key);
        });
  }

  private void requireReleased(Collection collection) {
    if (loads.state(collection).getWanted()) {
      throw Invalid.of(
          ErrorCode.COLLECTION_LOADED,
          "can't alter index on loaded collection, please release the collection first",
          "collection",
          collection.name());
    }
  }

  /// An index that is not there is success.
  public Status dropIndex(DropIndexRequest request) {
    CollectionView view = ask(request.getDbName(), request.getCollectionName());
    List<IndexDefinition> indexes = matching(view, request.getFieldName(), request.getIndexName());
    if (indexes.size() > 1) {
      throw ErrorCode.INDEX_DUPLICATE.with("indexName", request.getIndexName());
    }
    for (IndexDefinition index : indexes) {
      requireNotInUse(view, index);
      peers
          .rootCoord()
          .dropIndex(
              io.elanus.proto.internal.DropIndexRequest.newBuilder()
                  .setCollectionId(view.collection().id().value())
                  .setIndexId(index.id().value())
                  .build());
    }
    collections.forget(view.collection().id());
    return StatusMapper.success();
  }

  private void requireNotInUse(CollectionView view, IndexDefinition index) {
    boolean vector = view.schema().requireField(index.fieldId()).type().isVector();
    if (vector && loads.state(view.collection()).getWanted()) {
      throw Invalid.parameter(
          "vector index cannot be dropped on loaded collection: %s", view.collection().id());
    }
  }

  private static List<IndexDefinition> require(
      CollectionView view, String fieldName, String indexName) {
    List<IndexDefinition> indexes = matching(view, fieldName, indexName);
    if (indexes.isEmpty()) {
      throw notFound(view, fieldName, indexName);
    }
    return indexes;
  }

  private static DbException notFound(CollectionView view, String fieldName, String indexName) {
    if (!indexName.isEmpty()) {
      return ErrorCode.INDEX_NOT_FOUND.with("indexName", indexName);
    }
    return fieldName.isEmpty()
        ? ErrorCode.INDEX_NOT_FOUND.with("collection", view.collection().name())
        : ErrorCode.INDEX_NOT_FOUND.with("fieldName", fieldName);
  }

  /// An empty name matches every index.
  private static List<IndexDefinition> matching(
      CollectionView view, String fieldName, String indexName) {
    return view.indexes().stream()
        .filter(index -> indexName.isEmpty() || index.name().equals(indexName))
        .filter(index -> fieldName.isEmpty() || fieldName(view, index).equals(fieldName))
        .toList();
  }

  /// Of an index over the dynamic field its key: what the index was asked for by.
  private static String fieldName(CollectionView view, IndexDefinition index) {
    Field field = view.schema().requireField(index.fieldId());
    String path = IndexSpec.path(field, index.flatParams());
    return field.dynamic() && !path.isEmpty() ? DynamicPath.key(path) : field.name();
  }

  private CollectionView ask(String database, String name) {
    return collections.ask(Requests.database(database), name);
  }
}
