package io.elanus.common.meta;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.CommitOutcome;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Run;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One commit with its name, so that it can be sent again as the same one.
public record Commit(String requestId, List<Condition> conditions, List<Change> changes) {
  private static final Logger log = LoggerFactory.getLogger(Commit.class);
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(10), Duration.ofSeconds(1));

  public Commit {
    conditions = List.copyOf(conditions);
    changes = List.copyOf(changes);
  }

  /// Sends until the outcome is known, however long that takes.
  ///
  /// @return the revision of the commit; empty when a condition did not hold
  /// @throws DbException `OUTCOME_UNKNOWN` when the calling thread is canceled before it is known
  public OptionalLong settle(Run run, MetaStore store) {
    for (int failures = 1; ; failures++) {
      switch (store.commit(requestId, conditions, changes)) {
        case CommitOutcome.Committed committed -> {
          return OptionalLong.of(committed.revision());
        }
        case CommitOutcome.Conflict _ -> {
          return OptionalLong.empty();
        }
        case CommitOutcome.Unknown unknown -> pause(run, failures, unknown.cause());
      }
    }
  }

  private void pause(Run run, int failures, Throwable cause) {
    if (Integer.bitCount(failures) == 1) {
      log.warn("commit unknown request={} tries={}", requestId, failures, cause);
    }
    try {
      run.sleep(BACKOFF.pause(failures, run.random()));
    } catch (DbException e) {
      throw new DbException(ErrorCode.OUTCOME_UNKNOWN, "gave up on commit " + requestId, e);
    }
  }
}
