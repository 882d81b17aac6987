package io.elanus.model;

import com.google.protobuf.Message;
import io.elanus.proto.milvus.DeleteRequest;
import io.elanus.proto.milvus.InsertRequest;
import io.elanus.proto.milvus.MutationResult;
import io.elanus.proto.milvus.QueryRequest;
import io.elanus.proto.milvus.SearchRequest;
import io.elanus.proto.milvus.TruncateCollectionRequest;
import io.elanus.proto.milvus.TruncateCollectionResponse;
import io.elanus.proto.milvus.UpsertRequest;
import java.time.Duration;
import java.util.Optional;

/// A server with a bug, to prove that the model notices.
record Liar(Milvus honest, Lie lie) implements Milvus {
  enum Lie {
    FORGETS_DELETES,
    FORGETS_TRUNCATES,
    IGNORES_PARTITIONS,
    IGNORES_FILTERS_OF_SEARCHES,
    FORGETS_UNDECLARED_KEYS,
    TAKES_PARTIAL_UPSERTS_FOR_WHOLE,
    GIVES_STRUCTS_TO_OTHER_ROWS
  }

  @Override
  public <T extends Message> T call(String rpc, Message request, Class<T> response) {
    return swallowed(request)
        .<T>map(response::cast)
        .orElseGet(() -> honest.call(rpc, changed(request), response));
  }

  private Optional<Message> swallowed(Message request) {
    return switch (request) {
      case DeleteRequest _ when lie == Lie.FORGETS_DELETES ->
          Optional.of(MutationResult.getDefaultInstance());
      case TruncateCollectionRequest _ when lie == Lie.FORGETS_TRUNCATES ->
          Optional.of(TruncateCollectionResponse.getDefaultInstance());
      default -> Optional.empty();
    };
  }

  private Message changed(Message request) {
    return switch (request) {
      case QueryRequest query when lie == Lie.IGNORES_PARTITIONS ->
          query.toBuilder().clearPartitionNames().build();
      case SearchRequest search when lie == Lie.IGNORES_FILTERS_OF_SEARCHES ->
          search.toBuilder().clearDsl().build();
      case UpsertRequest upsert when lie == Lie.TAKES_PARTIAL_UPSERTS_FOR_WHOLE ->
          upsert.toBuilder().setPartialUpdate(false).build();
      case UpsertRequest upsert when lie == Lie.FORGETS_UNDECLARED_KEYS -> {
        UpsertRequest.Builder less = upsert.toBuilder().clearFieldsData();
        upsert.getFieldsDataList().stream()
            .filter(data -> !data.getIsDynamic())
            .forEach(less::addFieldsData);
        yield less.build();
      }
      case InsertRequest insert when lie == Lie.GIVES_STRUCTS_TO_OTHER_ROWS -> {
        InsertRequest.Builder mixed = insert.toBuilder().clearFieldsData();
        insert.getFieldsDataList().forEach(data -> mixed.addFieldsData(Structs.backwards(data)));
        yield mixed.build();
      }
      default -> request;
    };
  }

  @Override
  public void pause(Duration time) {
    honest.pause(time);
  }
}
