package io.elanus.adapters.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.elanus.adapters.CommitChains;
import io.elanus.adapters.CuttingProxy;
import io.elanus.adapters.sql.MetaBatch;
import io.elanus.adapters.sql.SqlSession;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.Change.Put;
import io.elanus.common.meta.MetaStore.Change.PutLeased;
import io.elanus.common.meta.MetaStore.CommitOutcome;
import io.elanus.common.meta.MetaStore.CommitOutcome.Committed;
import io.elanus.common.meta.MetaStore.CommitOutcome.Unknown;
import io.elanus.common.meta.MetaStore.Lease;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.MetaStore.MetaWatch;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.common.run.Task;
import io.elanus.common.run.Together;
import io.elanus.servers.MariaDbServer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a server, a connection or another client does to the store at the worst moment.
class MySqlFailureTest {
  private final Run run = new SystemRun();
  private final MariaDbServer server = MariaDb.shared();
  private final MySqlConfig config = MariaDb.config(server, MariaDb.newRoot());
  private final MySqlMetaStore store = MySqlMetaStore.open(run, config);

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void killsUnderConcurrentCommitsLoseAndDoubleNothing() {
    try (MetaStore other = MySqlMetaStore.open(run, config);
        CommitChains chains = CommitChains.start(run, List.of(store, other), 8)) {
      for (int i = 0; i < 3; i++) {
        chains.awaitMore(100);
        server.kill();
        server.restart();
      }
      chains.awaitMore(100);
      chains.stopAndCheck();
    }
  }

  @Test
  void aLostAnswerToACommitIsFoundByItsRequest() {
    try (CuttingProxy proxy = new CuttingProxy(server.port());
        MetaStore far = MySqlMetaStore.open(run, through(proxy));
        MetaWatch watch = store.watch("a", 0)) {
      List<Change> changes = List.of(new Put("a", utf8("1")));

      loseAnswersToCommits(proxy, 2);
      assertThat(far.commit("once", List.of(), changes)).isInstanceOf(Unknown.class);
      long revision = watch.poll(soon()).getFirst().revision();

      assertThat(far.commit("once", List.of(), changes)).isEqualTo(new Committed(revision));
      assertThat(store.range("").revision()).isEqualTo(revision);
    }
  }

  @Test
  void brokenConnectionsUnderConcurrentCommitsLoseAndDoubleNothing() {
    try (CuttingProxy proxy = new CuttingProxy(server.port());
        MetaStore far = MySqlMetaStore.open(run, through(proxy));
        CommitChains chains = CommitChains.start(run, List.of(far, store), 8)) {
      for (int i = 0; i < 20; i++) {
        chains.awaitMore(10);
        loseAnswersToCommits(proxy, i % 3);
        chains.awaitMore(10);
        proxy.cutAll();
      }
      chains.stopAndCheck();
    }
  }

  @Test
  void aSessionThatBrokeWhileIdleCostsNobodyAnError() {
    try (CuttingProxy proxy = new CuttingProxy(server.port());
        MetaStore far = MySqlMetaStore.open(run, through(proxy))) {
      for (int i = 0; i < 5; i++) {
        put(far, "a", "" + i);
        proxy.cutAll();
        assertThat(far.get("a").orElseThrow().value()).isEqualTo(utf8("" + i));
        proxy.cutAll();
      }
    }
  }

  @Test
  void aServerThatHangsIsGivenUpInTime() {
    try (CuttingProxy proxy = new CuttingProxy(server.port());
        MetaStore far = MySqlMetaStore.open(run, through(proxy))) {
      put(far, "a", "1");

      proxy.mute(true);
      assertThat(far.commit("r0", List.of(), List.of(new Put("a", utf8("2")))))
          .isInstanceOf(Unknown.class);
      assertFails(() -> far.get("a"));
      proxy.mute(false);
      proxy.cutAll();
      assertThat(far.commit("r0", List.of(), List.of(new Put("a", utf8("2")))))
          .isInstanceOf(Committed.class);
    }
  }

  @Test
  void aServerThatTakesNoWritesIsNotReadEither() {
    put(store, "a", "1");
    server.setReadOnly(true);
    try {
      assertThat(store.commit("r", List.of(), List.of(new Put("a", utf8("2")))))
          .isInstanceOf(Unknown.class);
      assertFailsToRead(store);
      assertFails(() -> store.lease(Duration.ofSeconds(10)));
      assertFails(() -> MySqlMetaStore.open(run, config).close());
    } finally {
      server.setReadOnly(false);
    }

    assertThat(store.commit("r", List.of(), List.of(new Put("a", utf8("2")))))
        .isInstanceOf(Committed.class);
    assertThat(store.get("a").orElseThrow().value()).isEqualTo(utf8("2"));
  }

  @Test
  void theOrderOfRevisionsIsTheOrderOfCommits() throws SQLException {
    try (SqlSession slow = new MySqlServer(config).openWriter();
        MetaWatch watch = store.watch("", 0)) {
      MetaBatch first = new MetaBatch(slow, _ -> Optional.empty());
      first.commit("slow", List.of(), List.of(new Put("slow", utf8("1"))));
      first.finish();
      Task overtaking = run.fork("overtaking", () -> put(store, "quick", "1"));
      run.sleep(Duration.ofMillis(300));
      assertThat(overtaking.isDone()).isFalse();
      assertThat(watch.poll(Deadline.after(run, Duration.ofMillis(200)))).isEmpty();

      slow.inTransaction(() -> true);

      Together.finish(run, overtaking);
      assertThat(take(watch, 2)).extracting(MetaEvent::key).containsExactly("slow", "quick");
    }
  }

  @Test
  void aClientThatStandsStillWithTheLockIsThrownOut() throws SQLException {
    try (SqlSession still = new MySqlServer(config).openWriter()) {
      MetaBatch held = new MetaBatch(still, _ -> Optional.empty());
      held.commit("still", List.of(), List.of(new Put("still", utf8("1"))));

      put(store, "a", "1");

      assertThat(store.get("still")).isEmpty();
      assertThatThrownBy(() -> still.inTransaction(held::finish)).isInstanceOf(SQLException.class);
      assertThat(store.get("still")).isEmpty();
    }
  }

  @Test
  void noRevisionIsGivenTwiceWhenTheServerStartsAnew() {
    long before = put(store, "a", "1");
    try (MetaWatch watch = store.watch("a", before)) {
      server.kill();
      run.sleep(Duration.ofSeconds(1)); // a run of the server is known by the second it began in
      server.restart();
      assertThat(store.get("a").orElseThrow().revision()).isEqualTo(before);

      long after = put(store, "a", "2");

      assertThat(after).isGreaterThan(before + 1_000_000);
      assertFails(() -> watch.poll(soon()));
      assertThat(put(store, "a", "3")).isEqualTo(after + 1);
    }
  }

  @Test
  void leasesLiveOnWhenTheServerStoodStill() {
    Lease lease = store.lease(Duration.ofSeconds(1));
    assertThat(store.commit("l", List.of(), List.of(new PutLeased("n/1", utf8("1"), lease))))
        .isInstanceOf(Committed.class);
    try (MetaWatch watch = store.watch("n/", store.range("n/").revision())) {
      server.pause(true);
      run.sleep(Duration.ofSeconds(2));
      server.pause(false);

      for (int i = 0; i < 6; i++) {
        assertThat(lease.renew()).isTrue();
        assertThat(watch.poll(Deadline.after(run, Duration.ofMillis(200)))).isEmpty();
      }
    }
  }

  @Test
  void historyThatWasTakenAwayIsDeleted() throws SQLException {
    for (int i = 0; i < 20; i++) {
      put(store, "a", "" + i);
    }
    long newest = store.range("").revision();
    store.compact(newest - 5);

    put(store, "a", "last");

    Deadline deadline = soon();
    while (eventCount() > 6) {
      deadline.check(run, "the deletion of history");
      run.sleep(Duration.ofMillis(20));
    }
    try (MetaWatch watch = store.watch("a", newest - 5)) {
      assertThat(take(watch, 6)).hasSize(6);
    }
  }

  private long eventCount() throws SQLException {
    try (SqlSession session = new MySqlServer(config).openReader()) {
      return session.query("SELECT COUNT(*) FROM meta_event", row -> row.getLong(1)).getFirst();
    }
  }

  /// Of transactions that noted a request id.
  private static void loseAnswersToCommits(CuttingProxy proxy, int times) {
    proxy.loseAnswers("_request ", "\u0003commit", times);
  }

  private MySqlConfig through(CuttingProxy proxy) {
    return new MySqlConfig(
        new MySqlConfig.Server("127.0.0.1", proxy.port(), MariaDb.DATABASE),
        config.credentials(),
        config.tls(),
        config.rootPath(),
        true,
        new MySqlConfig.Timing(Duration.ofSeconds(2), Duration.ofMillis(50)));
  }

  private long put(MetaStore way, String key, String value) {
    String request = "%016x".formatted(run.random().nextLong());
    CommitOutcome outcome = way.commit(request, List.of(), List.of(new Put(key, utf8(value))));
    for (int i = 0; outcome instanceof Unknown && i < 10; i++) {
      outcome = way.commit(request, List.of(), List.of(new Put(key, utf8(value))));
    }
    assertThat(outcome).isInstanceOf(Committed.class);
    return ((Committed) outcome).revision();
  }

  private List<MetaEvent> take(MetaWatch watch, int count) {
    List<MetaEvent> events = new ArrayList<>();
    while (events.size() < count) {
      List<MetaEvent> polled = watch.poll(soon());
      assertThat(polled).isNotEmpty();
      events.addAll(polled);
    }
    return events;
  }

  private static void assertFailsToRead(MetaStore way) {
    assertFails(() -> way.get("a"));
    assertFails(() -> way.range(""));
  }

  private static void assertFails(ThrowingCallable action) {
    DbException error = catchThrowableOfType(DbException.class, action);
    assertThat(error).isNotNull();
    assertThat(error.code()).isEqualTo(ErrorCode.STORAGE_IO_FAILED);
  }

  private Deadline soon() {
    return Deadline.after(run, Duration.ofSeconds(30));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
