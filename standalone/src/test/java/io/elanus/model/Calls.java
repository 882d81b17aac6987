package io.elanus.model;

import static io.elanus.model.ModelField.pair;

import com.google.protobuf.ByteString;
import io.elanus.proto.milvus.AddCollectionFieldRequest;
import io.elanus.proto.milvus.AddCollectionStructFieldRequest;
import io.elanus.proto.milvus.CompactionState;
import io.elanus.proto.milvus.ConsistencyLevel;
import io.elanus.proto.milvus.CreateCollectionRequest;
import io.elanus.proto.milvus.CreateIndexRequest;
import io.elanus.proto.milvus.CreatePartitionRequest;
import io.elanus.proto.milvus.CreateSnapshotRequest;
import io.elanus.proto.milvus.DeleteRequest;
import io.elanus.proto.milvus.DropCollectionRequest;
import io.elanus.proto.milvus.DropPartitionRequest;
import io.elanus.proto.milvus.DropSnapshotRequest;
import io.elanus.proto.milvus.DslType;
import io.elanus.proto.milvus.FieldData;
import io.elanus.proto.milvus.FieldPartialUpdateOp;
import io.elanus.proto.milvus.FieldPartialUpdateOp.OpType;
import io.elanus.proto.milvus.FlushRequest;
import io.elanus.proto.milvus.FlushResponse;
import io.elanus.proto.milvus.GetCollectionStatisticsRequest;
import io.elanus.proto.milvus.GetCollectionStatisticsResponse;
import io.elanus.proto.milvus.GetCompactionStateRequest;
import io.elanus.proto.milvus.GetCompactionStateResponse;
import io.elanus.proto.milvus.GetFlushStateRequest;
import io.elanus.proto.milvus.GetFlushStateResponse;
import io.elanus.proto.milvus.GetLoadStateRequest;
import io.elanus.proto.milvus.GetLoadStateResponse;
import io.elanus.proto.milvus.GetRestoreSnapshotStateRequest;
import io.elanus.proto.milvus.GetRestoreSnapshotStateResponse;
import io.elanus.proto.milvus.InsertRequest;
import io.elanus.proto.milvus.LoadCollectionRequest;
import io.elanus.proto.milvus.LoadState;
import io.elanus.proto.milvus.ManualCompactionRequest;
import io.elanus.proto.milvus.ManualCompactionResponse;
import io.elanus.proto.milvus.MutationResult;
import io.elanus.proto.milvus.PlaceholderGroup;
import io.elanus.proto.milvus.PlaceholderType;
import io.elanus.proto.milvus.PlaceholderValue;
import io.elanus.proto.milvus.QueryRequest;
import io.elanus.proto.milvus.QueryResults;
import io.elanus.proto.milvus.ReleaseCollectionRequest;
import io.elanus.proto.milvus.RenameCollectionRequest;
import io.elanus.proto.milvus.RestoreSnapshotInfo;
import io.elanus.proto.milvus.RestoreSnapshotRequest;
import io.elanus.proto.milvus.RestoreSnapshotResponse;
import io.elanus.proto.milvus.RestoreSnapshotState;
import io.elanus.proto.milvus.SearchRequest;
import io.elanus.proto.milvus.SearchResultData;
import io.elanus.proto.milvus.SearchResults;
import io.elanus.proto.milvus.Status;
import io.elanus.proto.milvus.TruncateCollectionRequest;
import io.elanus.proto.milvus.TruncateCollectionResponse;
import io.elanus.proto.milvus.UpsertRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;

/// The requests a model makes, on one collection.
final class Calls {
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final int MAX_LOOKS = 600;

  private final Milvus milvus;
  private String name;

  Calls(Milvus milvus, String name) {
    this.milvus = milvus;
    this.name = name;
  }

  /// What a read sees at least.
  record Level(ConsistencyLevel level, long guarantee) {
    static final Level STRONG = new Level(ConsistencyLevel.Strong, 0);
  }

  /// @param limit with `offset`; empty for all rows
  record Reading(
      Optional<ModelFilter> filter,
      List<String> partitions,
      Level level,
      OptionalInt limit,
      int offset) {}

  void create(ModelSchema schema, int shards) {
    CreateCollectionRequest.Builder request =
        CreateCollectionRequest.newBuilder()
            .setCollectionName(name)
            .setSchema(schema.encoded(name))
            .setShardsNum(shards)
            .setConsistencyLevel(ConsistencyLevel.Strong);
    if (schema.isDivided()) {
      request.setNumPartitions(3);
    }
    milvus.call("CreateCollection", request.build(), Status.class);
  }

  void index(ModelField field, String vectorIndex) {
    Map<Kind, String> metrics = Map.of(Kind.BITS, "HAMMING", Kind.SPARSE, "IP", Kind.VECTOR, "L2");
    String type =
        switch (field.kind()) {
          case BITS -> "BIN_FLAT";
          case SPARSE -> "SPARSE_INVERTED_INDEX";
          default -> vectorIndex;
        };
    milvus.call(
        "CreateIndex",
        CreateIndexRequest.newBuilder()
            .setCollectionName(name)
            .setFieldName(field.name())
            .addExtraParams(pair("index_type", type))
            .addExtraParams(pair("metric_type", metrics.getOrDefault(field.kind(), "L2")))
            .build(),
        Status.class);
  }

  void load() {
    milvus.call(
        "LoadCollection",
        LoadCollectionRequest.newBuilder().setCollectionName(name).build(),
        Status.class);
    await("loaded", () -> loadState() == LoadState.LoadStateLoaded);
  }

  private LoadState loadState() {
    var request = GetLoadStateRequest.newBuilder().setCollectionName(name).build();
    return milvus.call("GetLoadState", request, GetLoadStateResponse.class).getState();
  }

  void release() {
    milvus.call(
        "ReleaseCollection",
        ReleaseCollectionRequest.newBuilder().setCollectionName(name).build(),
        Status.class);
  }

  void drop() {
    milvus.call(
        "DropCollection",
        DropCollectionRequest.newBuilder().setCollectionName(name).build(),
        Status.class);
  }

  void rename(String newName) {
    milvus.call(
        "RenameCollection",
        RenameCollectionRequest.newBuilder().setOldName(name).setNewName(newName).build(),
        Status.class);
    name = newName;
  }

  void truncate() {
    milvus.call(
        "TruncateCollection",
        TruncateCollectionRequest.newBuilder().setCollectionName(name).build(),
        TruncateCollectionResponse.class);
  }

  void createPartition(String partition) {
    milvus.call(
        "CreatePartition",
        CreatePartitionRequest.newBuilder()
            .setCollectionName(name)
            .setPartitionName(partition)
            .build(),
        Status.class);
  }

  void dropPartition(String partition) {
    milvus.call(
        "DropPartition",
        DropPartitionRequest.newBuilder()
            .setCollectionName(name)
            .setPartitionName(partition)
            .build(),
        Status.class);
  }

  void addField(ModelField field) {
    if (field.kind() == Kind.STRUCTS) {
      milvus.call(
          "AddCollectionStructField",
          AddCollectionStructFieldRequest.newBuilder()
              .setCollectionName(name)
              .setStructArrayFieldSchema(field.structSchema())
              .build(),
          Status.class);
      return;
    }
    milvus.call(
        "AddCollectionField",
        AddCollectionFieldRequest.newBuilder()
            .setCollectionName(name)
            .setSchema(field.schema().toByteString())
            .build(),
        Status.class);
  }

  MutationResult insert(String partition, List<FieldData> data, int rowCount) {
    return milvus.call(
        "Insert",
        InsertRequest.newBuilder()
            .setCollectionName(name)
            .setPartitionName(partition)
            .addAllFieldsData(data)
            .setNumRows(rowCount)
            .build(),
        MutationResult.class);
  }

  MutationResult upsert(String partition, List<FieldData> data, int rowCount) {
    return milvus.call("Upsert", upsertOf(partition, data, rowCount).build(), MutationResult.class);
  }

  /// @param ops by field; the others replace
  MutationResult upsertPartly(
      String partition, List<FieldData> data, int rowCount, Map<String, OpType> ops) {
    UpsertRequest.Builder request = upsertOf(partition, data, rowCount).setPartialUpdate(true);
    ops.forEach((field, op) ->
        request.addFieldOps(FieldPartialUpdateOp.newBuilder().setFieldName(field).setOp(op)));
    return milvus.call("Upsert", request.build(), MutationResult.class);
  }

  private UpsertRequest.Builder upsertOf(String partition, List<FieldData> data, int rowCount) {
    return UpsertRequest.newBuilder()
        .setCollectionName(name)
        .setPartitionName(partition)
        .addAllFieldsData(data)
        .setNumRows(rowCount);
  }

  MutationResult delete(String partition, ModelFilter filter) {
    return milvus.call(
        "Delete",
        DeleteRequest.newBuilder()
            .setCollectionName(name)
            .setPartitionName(partition)
            .setExpr(filter.text())
            .build(),
        MutationResult.class);
  }

  /// One sub-field of the structs of the rows.
  QueryResults queryPart(Reading reading, ModelField structs, ModelField part) {
    return query(reading, List.of("%s[%s]".formatted(structs.name(), part.name())));
  }

  /// All fields of the rows.
  QueryResults query(Reading reading) {
    return query(reading, List.of("*"));
  }

  long count(Reading reading) {
    FieldData count = query(reading, List.of("count(*)")).getFieldsData(0);
    return count.getScalars().getLongData().getData(0);
  }

  /// What statistics say.
  long rowCount() {
    GetCollectionStatisticsRequest request =
        GetCollectionStatisticsRequest.newBuilder().setCollectionName(name).build();
    return Long.parseLong(
        milvus
            .call("GetCollectionStatistics", request, GetCollectionStatisticsResponse.class)
            .getStats(0)
            .getValue());
  }

  private QueryResults query(Reading reading, List<String> output) {
    QueryRequest.Builder request =
        QueryRequest.newBuilder()
            .setCollectionName(name)
            .addAllPartitionNames(reading.partitions)
            .addAllOutputFields(output)
            .setConsistencyLevel(reading.level.level)
            .setGuaranteeTimestamp(reading.level.guarantee);
    reading.filter.ifPresent(filter -> request.setExpr(filter.text()));
    if (reading.limit.isPresent()) {
      request
          .addQueryParams(pair("limit", "" + reading.limit.getAsInt()))
          .addQueryParams(pair("offset", "" + reading.offset));
    }
    return milvus.call("Query", request.build(), QueryResults.class);
  }

  /// By L2 over [ModelSchema#VECTOR]; keys and scores.
  SearchResultData search(Reading reading, List<Float> query) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * query.size()).order(ByteOrder.LITTLE_ENDIAN);
    query.forEach(bytes::putFloat);
    PlaceholderGroup group =
        PlaceholderGroup.newBuilder()
            .addPlaceholders(
                PlaceholderValue.newBuilder()
                    .setTag("$0")
                    .setType(PlaceholderType.FloatVector)
                    .addValues(ByteString.copyFrom(bytes.flip())))
            .build();
    SearchRequest.Builder request =
        SearchRequest.newBuilder()
            .setCollectionName(name)
            .addAllPartitionNames(reading.partitions)
            .setPlaceholderGroup(group.toByteString())
            .setDslType(DslType.BoolExprV1)
            .setNq(1)
            .setConsistencyLevel(reading.level.level)
            .setGuaranteeTimestamp(reading.level.guarantee)
            .addSearchParams(pair("anns_field", ModelSchema.VECTOR))
            .addSearchParams(pair("topk", "" + reading.limit.orElseThrow()))
            .addSearchParams(pair("offset", "" + reading.offset))
            .addSearchParams(pair("metric_type", "L2"))
            .addSearchParams(pair("params", "{}"));
    reading.filter.ifPresent(filter -> request.setDsl(filter.text()));
    return milvus.call("Search", request.build(), SearchResults.class).getResults();
  }

  void flush() {
    FlushResponse flushed =
        milvus.call(
            "Flush",
            FlushRequest.newBuilder().addCollectionNames(name).build(),
            FlushResponse.class);
    GetFlushStateRequest state =
        GetFlushStateRequest.newBuilder()
            .setCollectionName(name)
            .addAllSegmentIDs(
                Optional.ofNullable(flushed.getCollSegIDsMap().get(name))
                    .map(ids -> ids.getDataList())
                    .orElse(List.of()))
            .setFlushTs(flushed.getCollFlushTsOrDefault(name, 0))
            .build();
    await(
        "flushed",
        () -> milvus.call("GetFlushState", state, GetFlushStateResponse.class).getFlushed());
  }

  void compact() {
    long id =
        milvus
            .call(
                "ManualCompaction",
                ManualCompactionRequest.newBuilder().setCollectionName(name).build(),
                ManualCompactionResponse.class)
            .getCompactionID();
    GetCompactionStateRequest state =
        GetCompactionStateRequest.newBuilder().setCompactionID(id).build();
    await(
        "compacted",
        () ->
            milvus.call("GetCompactionState", state, GetCompactionStateResponse.class).getState()
                == CompactionState.Completed);
  }

  void createSnapshot(String snapshot) {
    milvus.call(
        "CreateSnapshot",
        CreateSnapshotRequest.newBuilder().setCollectionName(name).setName(snapshot).build(),
        Status.class);
  }

  void dropSnapshot(String snapshot) {
    milvus.call(
        "DropSnapshot",
        DropSnapshotRequest.newBuilder().setCollectionName(name).setName(snapshot).build(),
        Status.class);
  }

  /// Makes a collection `target` of the snapshot.
  Calls restore(String snapshot, String target) {
    long job =
        milvus
            .call(
                "RestoreSnapshot",
                RestoreSnapshotRequest.newBuilder()
                    .setCollectionName(name)
                    .setName(snapshot)
                    .setTargetCollectionName(target)
                    .build(),
                RestoreSnapshotResponse.class)
            .getJobId();
    GetRestoreSnapshotStateRequest state =
        GetRestoreSnapshotStateRequest.newBuilder().setJobId(job).build();
    await("restored", () -> isRestored(state));
    return new Calls(milvus, target);
  }

  private boolean isRestored(GetRestoreSnapshotStateRequest request) {
    RestoreSnapshotInfo info =
        milvus
            .call("GetRestoreSnapshotState", request, GetRestoreSnapshotStateResponse.class)
            .getInfo();
    if (info.getState() == RestoreSnapshotState.RestoreSnapshotFailed) {
      throw new Difference("not restored: " + info.getReason());
    }
    return info.getState() == RestoreSnapshotState.RestoreSnapshotCompleted;
  }

  void pause(Duration time) {
    milvus.pause(time);
  }

  private void await(String what, BooleanSupplier condition) {
    for (int i = 0; i < MAX_LOOKS; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      milvus.pause(LOOK);
    }
    throw new Difference("not %s within %s".formatted(what, LOOK.multipliedBy(MAX_LOOKS)));
  }
}
