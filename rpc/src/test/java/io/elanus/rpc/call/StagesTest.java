package io.elanus.rpc.call;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.memory.HeapBudget;
import io.elanus.common.run.SystemRun;
import io.elanus.proto.milvus.BoolResponse;
import io.elanus.proto.milvus.CreateAliasRequest;
import io.elanus.proto.milvus.GetVersionRequest;
import io.elanus.proto.milvus.GetVersionResponse;
import io.elanus.proto.milvus.HasCollectionRequest;
import io.elanus.proto.milvus.InsertRequest;
import io.elanus.proto.milvus.MutationResult;
import io.elanus.proto.milvus.Status;
import io.elanus.rpc.call.PublicApi.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// The stages around a call, seen by a client.
class StagesTest {
  private static final int MIB = 1 << 20;

  private static final Map<String, String> ALICE =
      Map.of("authorization", base64("alice:secret:with:colons"));

  private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
  private final List<String> logged = Collections.synchronizedList(new ArrayList<>());

  /// Notes who asks for what.
  public final class Parts {
    public GetVersionResponse getVersion(GetVersionRequest request) {
      seen.add("version for " + RequestContext.current().user());
      return GetVersionResponse.getDefaultInstance();
    }

    public BoolResponse hasCollection(HasCollectionRequest request) {
      RequestContext context = RequestContext.current();
      seen.add(
          request.getCollectionName() + " in " + request.getDbName() + ", " + context.database());
      return BoolResponse.getDefaultInstance();
    }

    public Status createAlias(CreateAliasRequest request) {
      return Status.getDefaultInstance();
    }
  }

  @Test
  void the_database_is_the_requests_else_the_connections_else_default() {
    try (PublicServer server = new PublicServer(new Parts())) {
      hasCollection(server, "a", Map.of("dbname", "b"));
      hasCollection(server, "", Map.of("dbname", "b"));
      hasCollection(server, "", Map.of("dbname", ""));
      hasCollection(server, "", Map.of());
    }

    assertThat(seen)
        .containsExactly(
            "c in a, a", "c in b, b", "c in default, default", "c in default, default");
  }

  @Test
  void good_credentials_name_the_user() {
    try (PublicServer server = new PublicServer(secured(CallLimits.DEFAULT), new Parts())) {
      getVersion(server, Map.of("authorization", base64("alice:secret:with:colons")));
      getVersion(server, Map.of("authorization", base64("key-of-bob")));
    }

    assertThat(seen).containsExactly("version for alice", "version for bob");
  }

  @Test
  void bad_credentials_are_refused_by_grpc_with_the_texts_of_milvus() {
    try (PublicServer server = new PublicServer(secured(CallLimits.DEFAULT), new Parts())) {
      assertRefused(server, Map.of(), "UNAUTHENTICATED: missing authorization in header");
      assertRefused(
          server, Map.of("authorization", "%%%"), "UNAUTHENTICATED: invalid token format");
      assertRefused(
          server,
          Map.of("authorization", base64("alice:guess")),
          "UNAUTHENTICATED: auth check failure, please check username and password are correct");
      assertRefused(
          server,
          Map.of("authorization", base64("no-such-key")),
          "UNAUTHENTICATED: auth check failure, please check api key is correct");
    }

    assertThat(seen).isEmpty();
  }

  @Test
  void a_user_without_the_privilege_is_refused_by_grpc_with_the_text_of_milvus() {
    try (PublicServer server = new PublicServer(secured(CallLimits.DEFAULT), new Parts())) {
      Map<String, String> bob = Map.of("authorization", base64("key-of-bob"));
      CreateAliasRequest request = CreateAliasRequest.newBuilder().setDbName("library").build();

      assertThatThrownBy(() -> server.call(Status.class, "CreateAlias", request, bob))
          .hasMessage(
              "PERMISSION_DENIED: PrivilegeCreateAlias: "
                  + "permission deny to bob in the `library` database");
      server.call(
          Status.class,
          "CreateAlias",
          request,
          Map.of("authorization", base64("alice:secret:with:colons")));
    }
  }

  @Test
  void credentials_are_not_looked_at_when_authorization_is_off() {
    try (PublicServer server = new PublicServer(new Parts())) {
      getVersion(server, Map.of("authorization", base64("root:milvus")));
      getVersion(server, Map.of("authorization", "%%%"));
    }

    assertThat(seen).containsExactly("version for root", "version for root");
  }

  @Test
  void a_request_beyond_the_limit_is_refused() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    PublicApi tight = secured(new CallLimits(1), heap(100 * MIB));
    try (PublicServer server = new PublicServer(tight, new SlowInsert(entered, release))) {
      Thread first = Thread.ofVirtual().start(() -> insert(server, 10, ALICE));
      entered.await();

      MutationResult second = insert(server, 10, ALICE);
      release.countDown();
      first.join();
      MutationResult third = insert(server, 10, ALICE);

      assertThat(second.getStatus().getCode()).isEqualTo(4);
      assertThat(second.getStatus().getRetriable()).isTrue();
      assertThat(second.getStatus().getReason())
          .isEqualTo("too many concurrent requests, queue is full[calls=1][limit=1]");
      assertThat(third.getStatus().getCode()).isZero();
    }
  }

  /// Two of a mebibyte have no room beside each other; small ones pass.
  @Test
  void a_large_request_waits_until_there_is_heap_for_it() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    PublicApi tight = secured(CallLimits.DEFAULT, heap(8 * MIB));
    try (PublicServer server = new PublicServer(tight, new SlowInsert(entered, release))) {
      Thread first = Thread.ofVirtual().start(() -> insert(server, MIB, ALICE));
      entered.await();
      CompletableFuture<MutationResult> second =
          CompletableFuture.supplyAsync(() -> insert(server, MIB, ALICE));

      getVersion(server, ALICE);
      assertThat(second).isNotDone();
      release.countDown();
      first.join();
      assertThat(second.get().getStatus().getCode()).isZero();
    }
  }

  @Test
  void a_request_that_the_heap_can_never_hold_is_refused_unread() {
    PublicApi tight = secured(CallLimits.DEFAULT, heap(8 * MIB));
    try (PublicServer server = new PublicServer(tight, new Parts())) {
      MutationResult refused = insert(server, 2 * MIB, ALICE);

      assertThat(refused.getStatus().getCode()).isEqualTo(3);
      assertThat(refused.getStatus().getReason())
          .contains("Insert of %d bytes needs".formatted(2 * MIB + 5))
          .contains("requests have %d bytes together: ask for less at once".formatted(8 * MIB));
    }
  }

  @Test
  void bytes_that_are_no_request_are_refused() {
    try (PublicServer server = new PublicServer(secured(CallLimits.DEFAULT), new Parts())) {
      assertThatThrownBy(() -> server.callBytes("Insert", new byte[] {-1, -1, -1}, ALICE))
          .hasMessageContaining("Invalid protobuf byte sequence");
    }
  }

  public record SlowInsert(CountDownLatch entered, CountDownLatch release) {
    public MutationResult insert(InsertRequest request) throws InterruptedException {
      entered.countDown();
      release.await();
      return MutationResult.getDefaultInstance();
    }
  }

  private static MutationResult insert(
      PublicServer server, int bytes, Map<String, String> headers) {
    InsertRequest request = InsertRequest.newBuilder().setCollectionName("x".repeat(bytes)).build();
    return server.call(MutationResult.class, "Insert", request, headers);
  }

  @Test
  void the_access_log_hears_of_every_call_and_how_it_ended() {
    try (PublicServer server = new PublicServer(secured(CallLimits.DEFAULT), new Parts())) {
      Map<String, String> alice =
          Map.of("authorization", base64("alice:secret:with:colons"), "client-request-id", "r-1");
      hasCollection(server, "library", alice);
      server.call(
          Status.class,
          "DropAlias",
          io.elanus.proto.milvus.DropAliasRequest.getDefaultInstance(),
          alice);
      assertRefused(
          server,
          Map.of("authorization", base64("mallory:x"), "client-request-id", "r-2"),
          "UNAUTHENTICATED: auth check failure, please check username and password are correct");
    }

    assertThat(logged)
        .containsExactly(
            "HasCollection library alice r-1 0",
            "DropAlias default alice r-1 10",
            "GetVersion default mallory r-2 1400");
  }

  @Test
  void a_claimed_name_cannot_forge_a_line_of_the_log() {
    try (PublicServer server = new PublicServer(secured(CallLimits.DEFAULT), new Parts())) {
      Map<String, String> forger =
          Map.of(
              "authorization",
              base64("mallory\n2026 INFO \u001b[31mall is well" + "x".repeat(300) + ":x"),
              "client-request-id",
              "r-3");
      assertRefused(
          server,
          forger,
          "UNAUTHENTICATED: auth check failure, please check username and password are correct");
    }

    assertThat(logged.getFirst())
        .startsWith("GetVersion default mallory?2026 INFO ?[31mall is wellx")
        .hasSizeLessThan(260)
        .doesNotContain("\n");
  }

  @Test
  void the_access_log_hears_of_a_call_before_it_is_served() {
    AccessLog log =
        new AccessLog() {
          @Override
          public void began() {
            logged.add("began");
          }

          @Override
          public void ended(Entry entry) {
            logged.add("ended");
          }
        };
    PublicApi api = PublicApi.open(new SystemRun()).with(AccessLog.all(List.of(log, log)));

    try (PublicServer server = new PublicServer(api, new Parts())) {
      hasCollection(server, "library", Map.of());
    }

    assertThat(logged).containsExactly("began", "began", "ended", "ended");
  }

  /// Alice may do everything, bob nothing that needs a privilege.
  private PublicApi secured(CallLimits limits) {
    return secured(limits, heap(100 * MIB));
  }

  private static CallHeap heap(long requestBytes) {
    return new CallHeap(
        new HeapBudget(new SystemRun(), "requests", requestBytes, 64 << 10),
        new HeapBudget(new SystemRun(), "answers", MIB, 64 << 10));
  }

  private PublicApi secured(CallLimits limits, CallHeap heap) {
    Authenticator people =
        shown ->
            switch (shown) {
              case Credentials.Password(String user, String password) ->
                  user.equals("alice") && password.equals("secret:with:colons")
                      ? Optional.of("alice")
                      : Optional.empty();
              case Credentials.ApiKey(String key) ->
                  key.equals("key-of-bob") ? Optional.of("bob") : Optional.empty();
            };
    Authorizer rights = (call, required) -> call.context().user().equals("alice");
    AccessLog log =
        e ->
            logged.add(
                "%s %s %s %s %d"
                    .formatted(e.method(), e.database(), e.user(), e.traceId(), e.code()));
    return new PublicApi(
        new SystemRun(),
        log,
        Optional.of(new Security(people, rights)),
        limits,
        heap,
        Duration.ofMinutes(1));
  }

  private static void hasCollection(
      PublicServer server, String database, Map<String, String> headers) {
    HasCollectionRequest request =
        HasCollectionRequest.newBuilder().setDbName(database).setCollectionName("c").build();
    server.call(BoolResponse.class, "HasCollection", request, headers);
  }

  private static void getVersion(PublicServer server, Map<String, String> headers) {
    server.call(
        GetVersionResponse.class, "GetVersion", GetVersionRequest.getDefaultInstance(), headers);
  }

  private static void assertRefused(
      PublicServer server, Map<String, String> headers, String message) {
    assertThatThrownBy(() -> getVersion(server, headers)).hasMessage(message);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
