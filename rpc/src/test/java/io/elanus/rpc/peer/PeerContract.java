package io.elanus.rpc.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.SystemRun;
import io.elanus.common.run.Task;
import io.elanus.proto.internal.AddIndexEdit;
import io.elanus.proto.internal.DataNodeGrpc;
import io.elanus.proto.internal.DataNodeStatusRequest;
import io.elanus.proto.internal.DataNodeStatusResponse;
import io.elanus.proto.internal.FenceShardRequest;
import io.elanus.proto.internal.FenceShardResponse;
import io.elanus.proto.internal.FlushLogRequest;
import io.elanus.proto.internal.FlushLogResponse;
import io.elanus.proto.internal.FlushShardsRequest;
import io.elanus.proto.internal.FlushShardsResponse;
import io.elanus.proto.internal.IndexNodeGrpc;
import io.elanus.proto.internal.IndexNodeStatusResponse;
import io.elanus.proto.internal.SubmitEditRequest;
import io.elanus.proto.internal.SubmitEditResponse;
import io.elanus.proto.internal.UnflushedRowsRequest;
import io.elanus.proto.internal.UnflushedRowsResponse;
import io.elanus.rpc.call.RequestContext;
import io.elanus.rpc.internal.DataNodeApi;
import io.elanus.rpc.internal.IndexNodeApi;
import io.grpc.ServerServiceDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a caller may rely on, wherever the other role is.
abstract class PeerContract {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  final SystemRun run = new SystemRun();
  private final Channels channels = new Channels(run, Optional.empty());
  private final Node node = new Node();

  /// A process that serves roles. Closing it cuts calls under way.
  interface Host extends AutoCloseable {
    String address();

    @Override
    void close();
  }

  abstract Host start(List<ServerServiceDefinition> services);

  /// Starts again where a host was that is closed by now.
  abstract Host restart(String address, List<ServerServiceDefinition> services);

  /// Does what the request says.
  final class Node implements DataNodeApi {
    final BlockingQueue<RequestContext> contexts = new LinkedBlockingQueue<>();
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch canceled = new CountDownLatch(1);

    @Override
    public UnflushedRowsResponse unflushedRows(UnflushedRowsRequest request) {
      contexts.add(RequestContext.current());
      return UnflushedRowsResponse.newBuilder().setRowCount(request.getCollectionId() + 1).build();
    }

    @Override
    public FlushLogResponse flushLog(FlushLogRequest request) {
      return FlushLogResponse.getDefaultInstance();
    }

    @Override
    public FenceShardResponse fenceShard(FenceShardRequest request) {
      return FenceShardResponse.getDefaultInstance();
    }

    @Override
    public DataNodeStatusResponse dataNodeStatus(DataNodeStatusRequest request) {
      return DataNodeStatusResponse.getDefaultInstance();
    }

    /// Fails with the code of the number asked for.
    @Override
    public SubmitEditResponse submitEdit(SubmitEditRequest request) {
      throw ErrorCode.ofNumber((int) request.getEditId())
          .map(code -> code.because("a text\nof two lines, 中文 too"))
          .orElseThrow(() -> new IllegalStateException("a secret of the server"));
    }

    /// Takes longer than anyone waits.
    @Override
    public FlushShardsResponse flushShards(FlushShardsRequest request) {
      entered.countDown();
      try {
        run.sleep(Duration.ofMinutes(1));
        return FlushShardsResponse.getDefaultInstance();
      } catch (DbException e) {
        canceled.countDown();
        throw e;
      }
    }
  }

  @AfterEach
  void close() {
    channels.close();
  }

  private Host startNode() {
    return start(List.of(bindNode()));
  }

  private ServerServiceDefinition bindNode() {
    return PeerServices.bind(run, DataNodeGrpc.getServiceDescriptor(), node);
  }

  private DataNodeApi client(Host host) {
    return client(host, TIMEOUT);
  }

  private DataNodeApi client(Host host, Duration timeout) {
    return new RpcClient(run, timeout)
        .of(DataNodeApi.class, DataNodeGrpc.getServiceDescriptor(), channels.to(host.address()));
  }

  private static long rows(DataNodeApi api, long collection) {
    UnflushedRowsRequest request =
        UnflushedRowsRequest.newBuilder().setCollectionId(collection).build();
    return api.unflushedRows(request).getRowCount();
  }

  private static DbException failure(Runnable call) {
    return find(call).orElseThrow(() -> new AssertionError("nothing was thrown"));
  }

  private static Optional<DbException> find(Runnable call) {
    try {
      call.run();
      return Optional.empty();
    } catch (DbException e) {
      return Optional.of(e);
    }
  }

  @Test
  void a_call_is_answered() {
    try (Host host = startNode()) {
      assertThat(rows(client(host), 41)).isEqualTo(42);
    }
  }

  @Test
  void many_calls_at_once_are_answered() {
    try (Host host = startNode()) {
      DataNodeApi api = client(host);
      List<Long> asked = LongStream.range(0, 500).boxed().toList();

      List<Long> answers =
          new FanOut(run).all(asked, Deadline.after(run, TIMEOUT), id -> rows(api, id) - 1);

      assertThat(answers).isEqualTo(asked);
    }
  }

  @ParameterizedTest
  @EnumSource(value = ErrorCode.class, mode = EnumSource.Mode.EXCLUDE, names = "CANCELED")
  void an_error_arrives_as_it_was_thrown(ErrorCode code) {
    try (Host host = startNode()) {
      SubmitEditRequest request = SubmitEditRequest.newBuilder().setEditId(code.number()).build();

      DbException error = failure(() -> client(host).submitEdit(request));

      assertThat(error.code()).isEqualTo(code);
      assertThat(error.text()).isEqualTo("a text\nof two lines, 中文 too");
    }
  }

  @Test
  void what_was_canceled_over_there_may_have_happened() {
    try (Host host = startNode()) {
      SubmitEditRequest request =
          SubmitEditRequest.newBuilder().setEditId(ErrorCode.CANCELED.number()).build();

      DbException error = failure(() -> client(host).submitEdit(request));

      assertThat(error.code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
      assertThat(error.text())
          .startsWith("rpc SubmitEdit to " + host.address() + " was canceled there: a text");
    }
  }

  @Test
  void an_unexpected_exception_arrives_as_its_trace_alone() {
    try (Host host = startNode()) {
      SubmitEditRequest request = SubmitEditRequest.newBuilder().setEditId(-1).build();

      DbException error =
          failure(() -> context(TIMEOUT).call(() -> client(host).submitEdit(request)));

      assertThat(error.code()).isEqualTo(ErrorCode.UNEXPECTED);
      assertThat(error.text()).isEqualTo("unexpected error[trace=r-1]");
    }
  }

  @Test
  void trace_and_deadline_go_along() throws Exception {
    try (Host host = startNode()) {
      context(Duration.ofSeconds(5)).call(() -> rows(client(host), 1));

      RequestContext there = node.contexts.take();
      assertThat(there.traceId()).isEqualTo("r-1");
      assertThat(there.deadline().remaining(run))
          .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(5));
    }
  }

  private RequestContext context(Duration timeLeft) {
    return new RequestContext("library", "alice", "r-1", Deadline.after(run, timeLeft), 7);
  }

  @Test
  void a_deadline_that_passes_ends_the_call_on_both_sides() throws Exception {
    try (Host host = startNode()) {
      DataNodeApi api = client(host, Duration.ofMillis(200));

      DbException error = failure(() -> api.flushShards(FlushShardsRequest.getDefaultInstance()));

      assertThat(error.code()).isEqualTo(ErrorCode.TIMEOUT);
      assertThat(error.text()).isEqualTo("timeout waiting for rpc FlushShards");
      assertThat(node.canceled.await(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void a_canceled_caller_ends_the_call_on_both_sides() throws Exception {
    try (Host host = startNode()) {
      BlockingQueue<DbException> errors = new LinkedBlockingQueue<>();
      DataNodeApi api = client(host);
      Task caller =
          run.fork(
              "caller",
              () ->
                  errors.add(
                      failure(() -> api.flushShards(FlushShardsRequest.getDefaultInstance()))));
      node.entered.await();

      caller.cancel();

      assertThat(errors.take().code()).isEqualTo(ErrorCode.CANCELED);
      assertThat(node.canceled.await(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void a_call_whose_server_dies_may_have_happened() throws Exception {
    Host host = startNode();
    BlockingQueue<DbException> errors = new LinkedBlockingQueue<>();
    DataNodeApi api = client(host);
    run.fork(
        "caller",
        () -> errors.add(failure(() -> api.flushShards(FlushShardsRequest.getDefaultInstance()))));
    node.entered.await();

    host.close();

    assertThat(errors.take().code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
  }

  @Test
  void a_call_to_nobody_has_not_happened_and_the_way_opens_when_somebody_is_back() {
    Host first = startNode();
    DataNodeApi api = client(first);
    rows(api, 1);
    first.close();
    Deadline patience = Deadline.after(run, TIMEOUT);
    while (failure(() -> rows(api, 1)).code() != ErrorCode.SERVICE_UNAVAILABLE) {
      patience.check(run, "the loss to be noticed");
    }

    try (Host second = restart(first.address(), List.of(bindNode()))) {
      assertThat(second.address()).isEqualTo(first.address());
      while (find(() -> rows(api, 1)).isPresent()) {
        patience.check(run, "the way to open");
        run.sleep(Duration.ofMillis(50));
      }
    }
  }

  @Test
  void a_role_that_is_not_there_says_so() {
    IndexNodeApi other = request -> IndexNodeStatusResponse.getDefaultInstance();
    try (Host host =
        start(List.of(PeerServices.bind(run, IndexNodeGrpc.getServiceDescriptor(), other)))) {
      DbException error = failure(() -> rows(client(host), 1));

      assertThat(error.code()).isEqualTo(ErrorCode.NODE_NOT_MATCH);
      assertThat(error.text()).contains("UnflushedRows").endsWith("is not served there");
    }
  }

  @Test
  void a_large_message_passes() {
    try (Host host = startNode()) {
      SubmitEditRequest large =
          SubmitEditRequest.newBuilder()
              .setEditId(100)
              .addAddIndexes(AddIndexEdit.newBuilder().setObjectKey("x".repeat(32 << 20)))
              .build();

      assertThat(failure(() -> client(host).submitEdit(large)).code())
          .isEqualTo(ErrorCode.COLLECTION_NOT_FOUND);
    }
  }

  @Test
  void an_implementation_that_lacks_a_method_stops_the_start() {
    assertThatThrownBy(
            () -> PeerServices.bind(run, DataNodeGrpc.getServiceDescriptor(), new Object()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("nothing serves elanus.internal.DataNode/");
  }
}
