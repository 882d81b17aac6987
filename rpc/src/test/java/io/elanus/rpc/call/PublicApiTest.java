package io.elanus.rpc.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.SystemRun;
import io.elanus.proto.milvus.BoolResponse;
import io.elanus.proto.milvus.CreateAliasRequest;
import io.elanus.proto.milvus.DropAliasRequest;
import io.elanus.proto.milvus.GetVersionRequest;
import io.elanus.proto.milvus.GetVersionResponse;
import io.elanus.proto.milvus.HasCollectionRequest;
import io.elanus.proto.milvus.Status;
import io.elanus.rpc.binding.RpcMethod;
import io.elanus.rpc.status.StatusMapper;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PublicApiTest {
  private final SystemRun run = new SystemRun();
  private final BlockingQueue<RequestContext> contexts = new LinkedBlockingQueue<>();

  /// Serves a few RPCs, each in the way its name says.
  @SuppressWarnings("DoNotCallSuggester")
  public final class Parts {
    public GetVersionResponse getVersion(GetVersionRequest request) {
      contexts.add(RequestContext.current());
      return GetVersionResponse.newBuilder().setVersion(Thread.currentThread().toString()).build();
    }

    public Status createAlias(CreateAliasRequest request) {
      throw ErrorCode.COLLECTION_NOT_FOUND.with("collection", request.getCollectionName());
    }

    public Status dropAlias(DropAliasRequest request) {
      throw ErrorCode.NOT_AUTHENTICATED.because(
          "old password not correct for u: not authenticated");
    }

    public BoolResponse hasCollection(HasCollectionRequest request) {
      throw new IllegalStateException("a secret of the server");
    }
  }

  static List<RpcMethod> everyRpc() {
    return PublicServer.SERVICES.stream().flatMap(s -> RpcMethod.of(s).stream()).toList();
  }

  /// Of a call that gRPC calls OK.
  private static String answer(PublicServer server, RpcMethod method) {
    Iterator<Message> responses =
        ClientCalls.blockingServerStreamingCall(
            server.channel().newCall(method.wire(), CallOptions.DEFAULT), method.request());
    DbException error = StatusMapper.failureOf(responses.next()).orElseThrow();
    assertThat(responses.hasNext()).isFalse();
    return error.code() + ": " + error.text();
  }

  @Test
  void every_rpc_answers_although_nothing_is_implemented() {
    List<String> withoutStatus = new ArrayList<>();
    try (PublicServer server = new PublicServer()) {
      for (RpcMethod method : everyRpc()) {
        String text = "service unimplemented: %s is not served yet".formatted(method.name());
        if (StatusMapper.canCarry(method.response())) {
          assertThat(answer(server, method)).isEqualTo("UNIMPLEMENTED: " + text);
        } else {
          withoutStatus.add(method.name());
          assertThatThrownBy(() -> answer(server, method))
              .hasMessage("FAILED_PRECONDITION: " + text);
        }
      }
    }
    assertThat(everyRpc().size()).isEqualTo(140);
    assertThat(withoutStatus).containsExactly("GetReplicateInfo", "CreateReplicateStream", "Dummy");
  }

  @Test
  void what_a_method_throws_is_a_status_in_its_response() {
    try (PublicServer server = new PublicServer(new Parts())) {
      Status unknown = server.call(Status.class, "CreateAlias", createAlias("books"), Map.of());
      Status denied =
          server.call(Status.class, "DropAlias", DropAliasRequest.getDefaultInstance(), Map.of());

      assertThat(unknown.getCode()).isEqualTo(100);
      assertThat(unknown.getReason()).isEqualTo("collection not found[collection=books]");
      assertThat(denied.getCode()).isEqualTo(1400);
    }
  }

  @Test
  void an_unexpected_exception_tells_nothing_but_the_trace() {
    try (PublicServer server = new PublicServer(new Parts())) {
      BoolResponse response =
          server.call(
              BoolResponse.class,
              "HasCollection",
              HasCollectionRequest.getDefaultInstance(),
              Map.of("client-request-id", "r-1"));

      assertThat(response.getStatus().getCode()).isEqualTo(65535);
      assertThat(response.getStatus().getReason()).isEqualTo("unexpected error[trace=r-1]");
    }
  }

  @Test
  void a_method_runs_on_a_virtual_thread_within_the_context_of_its_call() throws Exception {
    try (PublicServer server = new PublicServer(new Parts())) {
      GetVersionResponse response =
          server.call(
              GetVersionResponse.class,
              "GetVersion",
              GetVersionRequest.getDefaultInstance(),
              Map.of("dbname", "library", "client-request-id", "r-2", "identifier", "4711"),
              CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS));

      assertThat(response.getVersion()).startsWith("VirtualThread");
      RequestContext context = contexts.take();
      assertThat(context.database()).isEqualTo("library");
      assertThat(context.traceId()).isEqualTo("r-2");
      assertThat(context.user()).isEqualTo("root");
      assertThat(context.connection()).isEqualTo(4711);
      assertThat(context.deadline().remaining(run))
          .isBetween(Duration.ofSeconds(10), Duration.ofSeconds(20));
    }
  }

  @Test
  void a_call_that_brings_nothing_gets_defaults() throws Exception {
    try (PublicServer server = new PublicServer(new Parts())) {
      getVersion(server, Map.of("identifier", "not a number"));

      RequestContext context = contexts.take();
      assertThat(context.database()).isEqualTo("default");
      assertThat(context.traceId()).matches("[0-9a-f]{16}");
      assertThat(context.connection()).isZero();
      assertThat(context.deadline().remaining(run))
          .isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
    }
  }

  @Test
  void a_w3c_trace_names_the_call() throws Exception {
    try (PublicServer server = new PublicServer(new Parts())) {
      String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
      getVersion(server, Map.of("traceparent", "00-" + trace + "-00f067aa0ba902b7-01"));

      assertThat(contexts.take().traceId()).isEqualTo(trace);
    }
  }

  private static void getVersion(PublicServer server, Map<String, String> headers) {
    server.call(
        GetVersionResponse.class, "GetVersion", GetVersionRequest.getDefaultInstance(), headers);
  }

  @Test
  void a_client_that_gives_up_interrupts_the_method() throws Exception {
    Sleeper sleeper = new Sleeper(new CountDownLatch(1), new CountDownLatch(1));
    try (PublicServer server = new PublicServer(sleeper);
        CancellableContext client = Context.current().withCancellation()) {
      Runnable refused =
          () ->
              assertThatThrownBy(() -> getVersion(server, Map.of()))
                  .isInstanceOf(StatusRuntimeException.class);
      Thread call = Thread.ofVirtual().start(client.wrap(refused));
      sleeper.asleep.await();

      client.cancel(null);

      call.join();
      sleeper.interrupted.await();
    }
  }

  /// @param asleep when the call has arrived
  /// @param interrupted when it was given up
  public record Sleeper(CountDownLatch asleep, CountDownLatch interrupted) {
    public GetVersionResponse getVersion(GetVersionRequest request) {
      asleep.countDown();
      try {
        new SystemRun().sleep(Duration.ofDays(1));
      } catch (DbException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.CANCELED);
        interrupted.countDown();
      }
      return GetVersionResponse.getDefaultInstance();
    }
  }

  private static CreateAliasRequest createAlias(String collection) {
    return CreateAliasRequest.newBuilder().setCollectionName(collection).build();
  }

  @ParameterizedTest
  @MethodSource("everyRpc")
  void every_privilege_names_fields_that_exist(RpcMethod method) {
    RequiredPrivilege.of(method.request())
        .ifPresent(required -> {
          assertThat(required.objectType()).isIn("Global", "Collection", "User", "Database");
          assertThat(required.privilege()).startsWith("Privilege");
        });
  }
}
