package io.elanus.common.meta;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.Change.Put;
import io.elanus.common.meta.MetaStore.CommitOutcome;
import io.elanus.common.meta.MetaStore.CommitOutcome.Committed;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// What a contract suite of [MetaStore] needs. The promises are in [MetaCommitContract],
/// [MetaWatchContract] and [MetaLeaseContract]; an adapter has a test of each.
public abstract class MetaStoreContract {
  protected final Run run = new SystemRun();
  protected MetaStore store;
  private final AtomicLong requests = new AtomicLong();

  /// A new, empty store.
  protected abstract MetaStore open();

  @BeforeEach
  void openStore() {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  /// A commit that must succeed. @return its revision
  protected final long commit(List<Condition> conditions, Change... changes) {
    return committed(send(conditions, changes));
  }

  protected final long commit(Change... changes) {
    return commit(List.of(), changes);
  }

  protected final long put(String key, String value) {
    return commit(new Put(key, utf8(value)));
  }

  protected final CommitOutcome send(List<Condition> conditions, Change... changes) {
    return store.commit(newRequest(), conditions, List.of(changes));
  }

  protected final String newRequest() {
    return "request-" + requests.incrementAndGet();
  }

  protected static long committed(CommitOutcome outcome) {
    assertThat(outcome).isInstanceOf(Committed.class);
    return ((Committed) outcome).revision();
  }

  protected final Optional<String> value(String key) {
    return store.get(key).map(MetaEntry::value).map(MetaStoreContract::text);
  }

  protected final List<String> keys(String prefix) {
    return store.range(prefix).entries().stream().map(MetaEntry::key).toList();
  }

  protected final long revision() {
    return store.range("").revision();
  }

  protected final Deadline soon() {
    return Deadline.after(run, Duration.ofSeconds(30));
  }

  protected static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  protected static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  protected static void assertFails(ErrorCode code, ThrowingCallable action) {
    assertThat(Assertions.catchThrowableOfType(DbException.class, action))
        .as("expected %s", code)
        .isNotNull()
        .extracting(DbException::code)
        .isEqualTo(code);
  }
}
