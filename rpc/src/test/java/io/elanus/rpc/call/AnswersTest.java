package io.elanus.rpc.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.memory.HeapBudget;
import io.elanus.common.run.SystemRun;
import io.elanus.proto.milvus.BoolResponse;
import io.elanus.proto.milvus.HasCollectionRequest;
import io.elanus.proto.milvus.MilvusServiceGrpc;
import io.elanus.proto.milvus.QueryRequest;
import io.elanus.proto.milvus.QueryResults;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Answers that their clients do not take: far more bytes than a connection has on its way.
class AnswersTest {
  private static final int MIB = 1 << 20;
  private static final SystemRun RUN = new SystemRun();
  private static final CallOptions ALL_OF_IT =
      CallOptions.DEFAULT.withMaxInboundMessageSize(20 * MIB);

  private final HeapBudget answers = new HeapBudget(RUN, "answers", 20 * MIB, MIB);

  /// Answers with twelve mebibytes, or with next to nothing.
  public final class Parts {
    public QueryResults query(QueryRequest request) {
      return QueryResults.newBuilder().setCollectionName("x".repeat(12 * MIB)).build();
    }

    public BoolResponse hasCollection(HasCollectionRequest request) {
      return BoolResponse.getDefaultInstance();
    }
  }

  private PublicServer server() {
    CallHeap heap = new CallHeap(new HeapBudget(RUN, "requests", 20 * MIB, MIB), answers);
    PublicApi api =
        new PublicApi(
            RUN,
            AccessLog.toLogger(),
            Optional.empty(),
            CallLimits.DEFAULT,
            heap,
            Duration.ofMinutes(1));
    return new PublicServer(api, new Parts());
  }

  /// Asks, and never reads.
  private static ClientCall<QueryRequest, QueryResults> askInVain(PublicServer server) {
    var call = server.channel().newCall(MilvusServiceGrpc.getQueryMethod(), ALL_OF_IT);
    call.start(new ClientCall.Listener<>() {}, new Metadata());
    call.sendMessage(QueryRequest.getDefaultInstance());
    call.halfClose();
    return call;
  }

  private void awaitAnswer() {
    while (answers.takenBytes() == 0) {
      Thread.onSpinWait();
    }
  }

  private static QueryResults query(PublicServer server, CallOptions options) {
    return server.call(
        QueryResults.class, "Query", QueryRequest.getDefaultInstance(), Map.of(), options);
  }

  @Test
  void oneThatIsNotTakenKeepsItsRoomUntilTheCallEnds() throws Exception {
    try (PublicServer server = server()) {
      var first = askInVain(server);
      awaitAnswer();
      CallOptions patient = ALL_OF_IT.withDeadlineAfter(30, TimeUnit.SECONDS);
      var second = CompletableFuture.supplyAsync(() -> query(server, patient));

      server.call(
          BoolResponse.class, "HasCollection", HasCollectionRequest.getDefaultInstance(), Map.of());
      assertThat(second).as("small ones pass").isNotDone();
      assertThat(answers.takenBytes()).isBetween(11L * MIB, 13L * MIB);

      first.cancel("enough", null);
      assertThat(second.get().getCollectionName()).hasSize(12 * MIB);
      assertThat(query(server, patient).getCollectionName()).hasSize(12 * MIB);
    }
    assertThat(answers.takenBytes()).isZero();
    assertThat(answers.refused()).isZero();
  }
}
