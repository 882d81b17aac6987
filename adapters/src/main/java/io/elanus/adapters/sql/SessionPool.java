package io.elanus.adapters.sql;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaLimits;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sessions of one kind, opened as they are needed. A session that failed is closed, and so is one
/// that nobody used for a while: what lies between it and the server may have forgotten it.
///
/// Work may be done twice: when a session that has lain idle proves to be broken, a new one repeats
/// it. All work on the metastore bears that, because commits are known by their request ids.
public final class SessionPool implements AutoCloseable {
  public interface Opener {
    SqlSession open() throws SQLException;
  }

  public interface Work<T> {
    T run(SqlSession session) throws SQLException;
  }

  /// @param sessions at most
  /// @param patience for a session of another caller
  public record Limits(int sessions, Duration patience) {}

  private record Idle(SqlSession session, Deadline end) {}

  private static final Logger log = LoggerFactory.getLogger(SessionPool.class);

  /// Shorter than what firewalls and address translation remember an idle connection for.
  private static final Duration MAX_IDLE = Duration.ofSeconds(60);

  private final Run run;
  private final Limits limits;
  private final Opener opener;
  private final Gate gate;

  // guarded by gate
  private final Deque<Idle> idle = new ArrayDeque<>();
  private int taken;
  private boolean closed;

  public SessionPool(Run run, Limits limits, Opener opener) {
    this.run = run;
    this.limits = limits;
    this.opener = opener;
    this.gate = run.gate();
  }

  /// Does `work`, once or twice.
  ///
  /// @throws DbException `STORAGE_IO_FAILED` when the pool is closed, or no session came free in time
  public <T> T use(Work<T> work) throws SQLException {
    take();
    try {
      return useTaken(work);
    } finally {
      gate.change(() -> taken--);
    }
  }

  private void take() {
    Deadline patience = Deadline.after(run, limits.patience);
    while (!gate.change(this::tryTake)) {
      if (!gate.await(() -> closed || taken < limits.sessions, patience)) {
        throw ErrorCode.STORAGE_IO_FAILED.because(
            "all %d sessions of the metastore are busy for %s", limits.sessions, limits.patience);
      }
    }
  }

  private boolean tryTake() {
    if (closed) {
      throw MetaLimits.closed();
    }
    boolean free = taken < limits.sessions;
    taken += free ? 1 : 0;
    return free;
  }

  private <T> T useTaken(Work<T> work) throws SQLException {
    Idle rested = takeIdle();
    if (rested != null) {
      try {
        return useAndKeep(rested.session, work);
      } catch (SQLException e) {
        if (!isBroken(e)) {
          throw e;
        }
        log.debug("session broken while idle: {}", e.getMessage());
      }
    }
    return useAndKeep(opener.open(), work);
  }

  /// The one that was used last.
  private @Nullable Idle takeIdle() {
    Idle last = gate.change(idle::poll);
    while (last != null && last.end.hasPassed(run)) {
      close(last.session);
      last = gate.change(idle::poll);
    }
    return last;
  }

  private <T> T useAndKeep(SqlSession session, Work<T> work) throws SQLException {
    boolean sound = false;
    try {
      T result = work.run(session);
      sound = true;
      return result;
    } finally {
      if (!sound || !keep(session)) {
        close(session);
      }
    }
  }

  private boolean keep(SqlSession session) {
    return gate.change(() -> {
      if (!closed) {
        idle.push(new Idle(session, Deadline.after(run, MAX_IDLE)));
      }
      return !closed;
    });
  }

  /// Whether the connection, not the work, is to blame: class 08 of the SQL standard.
  private static boolean isBroken(SQLException error) {
    String state = error.getSQLState();
    return state != null && state.startsWith("08");
  }

  /// Waits for work that is being done, then closes all sessions. Also when the calling thread is
  /// canceled.
  @Override
  public void close() {
    gate.change(() -> closed = true);
    run.fork("close sessions", this::closeIdle).awaitEnd();
  }

  private void closeIdle() {
    gate.await(() -> taken == 0, Deadline.NEVER);
    for (Idle last = gate.change(idle::poll); last != null; last = gate.change(idle::poll)) {
      close(last.session);
    }
  }

  private static void close(SqlSession session) {
    try {
      session.close();
    } catch (SQLException e) {
      log.debug("session did not close in good order: {}", e.getMessage());
    }
  }
}
