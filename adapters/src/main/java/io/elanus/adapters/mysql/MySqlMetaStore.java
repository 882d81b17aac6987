package io.elanus.adapters.mysql;

import io.elanus.adapters.mysql.LeaseTable.Row;
import io.elanus.adapters.sql.MetaBatch;
import io.elanus.adapters.sql.MetaState;
import io.elanus.adapters.sql.MetaTables;
import io.elanus.adapters.sql.SessionPool;
import io.elanus.adapters.sql.SqlSession;
import io.elanus.adapters.sql.SqlWatch;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaLimits;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.run.Closer;
import io.elanus.common.run.Coalescer;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The metastore on a server that speaks MySQL's protocol; many processes share it.
///
/// - Commits of this process that wait share a transaction, each with a revision of its own. The
///   transaction locks the one row that has the revision, of all processes, until it is committed.
/// - Each read is one statement at the writer, which says in the same row whether it still is that.
/// - A failed transaction leaves `Unknown`; the same commit sent again finds its request id.
public final class MySqlMetaStore implements MetaStore {
  private static final Logger log = LoggerFactory.getLogger(MySqlMetaStore.class);

  private static final int READ_SESSIONS = 4;

  /// Commits of one transaction: while it lasts, other processes wait.
  private static final int BATCH = 100;

  /// What is done in one transaction with others.
  private sealed interface Work {
    record Commit(String requestId, List<Condition> conditions, List<Change> changes)
        implements Work {}

    record EndLease(long id) implements Work {}

    record EndDead(Row lease) implements Work {}
  }

  private interface Reading<T> {
    T read(SqlSession session) throws SQLException;
  }

  private final Run run;
  private final MySqlConfig config;
  private final SessionPool readers;
  private final SessionPool writer;
  private final Coalescer<Work, CommitOutcome> works;
  private final RevisionPoll poll;
  private final LeaseObserver observer;
  private final Closer closer = new Closer();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicLong forgotten = new AtomicLong();

  private MySqlMetaStore(Run run, MySqlConfig config, MySqlServer server) {
    this.run = run;
    this.config = config;
    Duration patience = config.timing().callTimeout();
    this.readers =
        closer.add(
            new SessionPool(
                run, new SessionPool.Limits(READ_SESSIONS, patience), server::openReader));
    this.writer =
        closer.add(new SessionPool(run, new SessionPool.Limits(1, patience), server::openWriter));
    this.works = Coalescer.each(run, "commit to the metastore", this::write);
    this.poll =
        closer.add(
            new RevisionPoll(
                run,
                config.timing().pollInterval(),
                () -> readers.use(session -> new MetaTables(session).revision())));
    this.observer = closer.add(new LeaseObserver(run, new Leases()));
  }

  /// Connects, makes the tables if that is allowed, and tests that everything the store needs is there.
  ///
  /// @throws DbException `STORAGE_IO_FAILED` when the server cannot be reached or takes no writes now;
  ///     `INVALID_PARAMETER` with a numbered list of what has to be mended
  public static MySqlMetaStore open(Run run, MySqlConfig config) {
    MySqlServer server = new MySqlServer(config);
    try (SqlSession session = server.openReader()) {
      new MySqlSelfTest(session, config).run();
    } catch (SQLException e) {
      throw new DbException(
          ErrorCode.STORAGE_IO_FAILED,
          "metastore %s cannot be opened: %s".formatted(config, e.getMessage()),
          e);
    }
    return new MySqlMetaStore(run, config, server);
  }

  @Override
  public Optional<MetaEntry> get(String key) {
    MetaLimits.checkKey(key);
    return read(session -> new MetaTables(session).get(key));
  }

  @Override
  public MetaRange range(String prefix) {
    MetaLimits.checkPrefix(prefix);
    MetaRange range = read(session -> new MetaTables(session).range(prefix));
    poll.hear(range.revision());
    return range;
  }

  private <T> T read(Reading<T> reading) {
    try {
      return readers.use(reading::read);
    } catch (SQLException e) {
      throw failed("read of the metastore failed", e);
    }
  }

  private static DbException failed(String what, SQLException cause) {
    return new DbException(
        ErrorCode.STORAGE_IO_FAILED, "%s: %s".formatted(what, cause.getMessage()), cause);
  }

  @Override
  public CommitOutcome commit(String requestId, List<Condition> conditions, List<Change> changes) {
    MetaLimits.checkCommit(requestId, conditions, changes);
    changes.forEach(this::requireOwnLease);
    return join(new Work.Commit(requestId, List.copyOf(conditions), List.copyOf(changes)));
  }

  private void requireOwnLease(Change change) {
    if (change instanceof Change.PutLeased put
        && !(put.lease() instanceof MySqlLease lease && lease.isOf(this))) {
      throw MetaLimits.foreignLease(put.key());
    }
  }

  private CommitOutcome join(Work work) {
    try {
      return works.join(work, Deadline.NEVER);
    } catch (DbException e) {
      return new CommitOutcome.Unknown(e);
    }
  }

  /// Does all that waits, some in one transaction. What fails makes everything after it unknown, so
  /// that nobody waits for a server that does not answer more than once.
  private List<CommitOutcome> write(List<Work> works) {
    List<CommitOutcome> outcomes = new ArrayList<>();
    try {
      while (outcomes.size() < works.size()) {
        int end = Math.min(works.size(), outcomes.size() + BATCH);
        outcomes.addAll(writeTogether(works.subList(outcomes.size(), end)));
      }
    } catch (SQLException | DbException e) {
      CommitOutcome unknown = new CommitOutcome.Unknown(e);
      while (outcomes.size() < works.size()) {
        outcomes.add(unknown);
      }
    }
    return outcomes;
  }

  private List<CommitOutcome> writeTogether(List<Work> works) throws SQLException {
    List<CommitOutcome> outcomes = new ArrayList<>();
    MetaState committed =
        writer.use(session -> {
          outcomes.clear();
          return session.inTransaction(() -> apply(session, works, outcomes));
        });
    poll.hear(committed.revision());
    forget(committed.compacted());
    return outcomes;
  }

  private MetaState apply(SqlSession session, List<Work> works, List<CommitOutcome> outcomes)
      throws SQLException {
    LeaseTable leases = new LeaseTable(session);
    MetaBatch batch = new MetaBatch(session, lease -> findLease(leases, lease));
    for (Work work : works) {
      switch (work) {
        case Work.Commit(var requestId, var conditions, var changes) ->
            outcomes.add(batch.commit(requestId, conditions, changes));
        case Work.EndLease(long id) -> {
          endLease(batch, id, leases.remove(id));
          outcomes.add(new CommitOutcome.Committed(batch.revision()));
        }
        case Work.EndDead(Row lease) -> {
          endLease(batch, lease.id(), leases.remove(lease));
          outcomes.add(new CommitOutcome.Committed(batch.revision()));
        }
      }
    }
    return batch.finish();
  }

  private static Optional<Long> findLease(LeaseTable leases, Lease lease) throws SQLException {
    long id = ((MySqlLease) lease).id();
    return leases.isThere(id) ? Optional.of(id) : Optional.empty();
  }

  private static void endLease(MetaBatch batch, long id, boolean removed) throws SQLException {
    if (removed) {
      batch.removeLeased(id);
    }
  }

  /// Deletes history that watchers may not have any more. When this process dies meanwhile, the next
  /// to forget deletes the rest.
  private void forget(long compacted) {
    long before = forgotten.getAndAccumulate(compacted, Math::max);
    if (compacted > before) {
      run.fork("forget history", () -> deleteHistory(compacted));
    }
  }

  private void deleteHistory(long compacted) {
    try {
      boolean more = true;
      while (more) {
        more = readers.use(session -> new MetaTables(session).forget(compacted));
      }
    } catch (SQLException | DbException e) {
      log.warn("history not deleted up to revision={} error={}", compacted, e.getMessage());
    }
  }

  /// Takes history up to `upTo` away from watchers.
  void compact(long upTo) throws SQLException {
    writer.use(session -> session.inTransaction(() -> new MetaTables(session).compact(upTo)));
  }

  @Override
  public MetaWatch watch(String prefix, long after) {
    MetaLimits.checkPrefix(prefix);
    requireOpen();
    return new SqlWatch(new Changes(), prefix, after);
  }

  /// What watchers see of the store.
  private final class Changes implements SqlWatch.Source {
    @Override
    public boolean awaitChange(long seen, BooleanSupplier stop, Deadline deadline) {
      return poll.awaitChange(seen, stop, deadline);
    }

    @Override
    public MetaTables.Slice events(String prefix, long after) {
      requireOpen();
      MetaTables.Slice slice = read(session -> new MetaTables(session).events(prefix, after));
      poll.hear(slice.upTo());
      return slice;
    }

    @Override
    public void wake() {
      poll.wake();
    }
  }

  @Override
  public Lease lease(Duration ttl) {
    MetaLimits.checkTtl(ttl);
    long id = run.random().nextLong(1, Long.MAX_VALUE);
    read(session -> {
      new LeaseTable(session).add(id, ttl);
      return id;
    });
    observer.wake();
    return new MySqlLease(this, id, ttl);
  }

  boolean renew(long lease) {
    try {
      return readers.use(session -> new LeaseTable(session).renew(lease));
    } catch (SQLException e) {
      throw failed("a lease may not have been renewed", e);
    }
  }

  void end(long lease) {
    if (join(new Work.EndLease(lease)) instanceof CommitOutcome.Unknown unknown) {
      log.debug("lease ends in time lease={} error={}", lease, unknown.cause().getMessage());
    }
  }

  /// What the observer sees and does.
  private final class Leases implements LeaseObserver.Leases {
    /// On the writer's session, whose server would end it if it were idle.
    @Override
    public List<Row> all() throws SQLException {
      return writer.use(session -> session.inTransaction(() -> new LeaseTable(session).all()));
    }

    @Override
    public void end(Row dead) {
      join(new Work.EndDead(dead));
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      closer.close();
    }
  }

  private void requireOpen() {
    if (closed.get()) {
      throw MetaLimits.closed();
    }
  }

  @Override
  public String toString() {
    return config.toString();
  }
}
