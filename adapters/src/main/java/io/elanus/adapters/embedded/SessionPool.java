package io.elanus.adapters.embedded;

import io.elanus.adapters.sql.MetaTables;
import io.elanus.adapters.sql.SqlSession;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaLimits;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Connections for reading, opened as they are needed. Each transaction sees one instant of the store.
final class SessionPool implements AutoCloseable {
  interface Opener {
    SqlSession open() throws SQLException;
  }

  interface Reading<T> {
    T read(MetaTables tables) throws SQLException;
  }

  /// A read takes microseconds; more would only wait for a core.
  private static final int MAX_SESSIONS = 4;

  private final Opener opener;
  private final Gate gate;

  // guarded by gate
  private final Deque<SqlSession> idle = new ArrayDeque<>();
  private int opened;
  private boolean closed;

  SessionPool(Run run, Opener opener) {
    this.gate = run.gate();
    this.opener = opener;
  }

  /// @throws DbException `STORAGE_IO_FAILED`
  <T> T read(Reading<T> reading) {
    try {
      SqlSession session = take();
      try {
        return session.inTransaction(() -> reading.read(new MetaTables(session)));
      } finally {
        gate.change(() -> idle.push(session));
      }
    } catch (SQLException e) {
      throw new DbException(
          ErrorCode.STORAGE_IO_FAILED, "read of the metastore failed: " + e.getMessage(), e);
    }
  }

  private SqlSession take() throws SQLException {
    while (true) {
      gate.await(() -> closed || !idle.isEmpty() || opened < MAX_SESSIONS, Deadline.NEVER);
      SqlSession free = gate.change(this::takeIdle);
      if (free != null) {
        return free;
      }
      if (gate.change(this::mayOpen)) {
        return open();
      }
    }
  }

  private @Nullable SqlSession takeIdle() {
    if (closed) {
      throw MetaLimits.closed();
    }
    return idle.poll();
  }

  private boolean mayOpen() {
    boolean may = !closed && opened < MAX_SESSIONS;
    opened += may ? 1 : 0;
    return may;
  }

  private SqlSession open() throws SQLException {
    try {
      return opener.open();
    } catch (SQLException | RuntimeException e) {
      gate.change(() -> opened--);
      throw e;
    }
  }

  /// Closes all connections once they are given back.
  @Override
  public void close() {
    gate.change(() -> closed = true);
    gate.await(() -> idle.size() == opened, Deadline.NEVER);
    idle.forEach(SessionPool::closeOne);
  }

  private static void closeOne(SqlSession session) {
    try {
      session.close();
    } catch (SQLException e) {
      throw new DbException(ErrorCode.STORAGE_IO_FAILED, "close of the metastore failed", e);
    }
  }
}
