package io.elanus.adapters.embedded;

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
import io.elanus.common.run.Coalescer;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Turn;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The metastore in a SQLite file. Commits that wait while one is being synced share the next sync,
/// each with a revision of its own. Watchers and leases live in this process: nothing is polled.
///
/// The gate guards what watchers and leases see. The writing session belongs to whoever has the
/// turn.
public final class EmbeddedMetaStore implements MetaStore {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedMetaStore.class);

  /// A read takes microseconds; more sessions would only wait for a core.
  private static final SessionPool.Limits READERS =
      new SessionPool.Limits(4, Duration.ofSeconds(30));

  /// While entries of an ended lease cannot be removed, it is tried again so often.
  private static final Duration RETRY = Duration.ofSeconds(1);

  /// What is done in one transaction with others.
  private sealed interface Work {
    record Commit(String requestId, List<Condition> conditions, List<Change> changes)
        implements Work {}

    record EndLease(long id) implements Work {}
  }

  private interface Reading<T> {
    T read(MetaTables tables) throws SQLException;
  }

  private sealed interface Status {
    record Open() implements Status {}

    /// What is on the disk is not known.
    record Failed(SQLException why) implements Status {}

    record Closed() implements Status {}
  }

  private final Run run;
  private final SqliteFile file;
  private final SessionPool readers;
  private final Coalescer<Work, CommitOutcome> works;
  private final Turn turn;
  private final Gate gate;

  // owned by whoever has the turn
  private Optional<SqlSession> writer;
  private long forgotten;

  // guarded by gate
  private Status status = new Status.Open();
  private long revision;
  private long newestLease;

  private EmbeddedMetaStore(Run run, SqliteFile file, SqlSession writer, long revision) {
    this.run = run;
    this.file = file;
    this.writer = Optional.of(writer);
    this.readers = new SessionPool(run, READERS, file::openReader);
    this.turn = new Turn(run, "metastore");
    this.gate = run.gate();
    this.forgotten = revision;
    this.revision = revision;
    this.works =
        Coalescer.each(
            run, "commit to the metastore", batch -> turn.take(Deadline.NEVER, () -> write(batch)));
  }

  /// Opens the store in `file`, which is made when it is missing. Leases of a former process end
  /// here, and its history is forgotten.
  ///
  /// @throws DbException `STORAGE_IO_FAILED`; `CORRUPT` when a newer version wrote the file
  public static EmbeddedMetaStore open(Run run, Path file) {
    SqliteFile sqlite = new SqliteFile(file);
    try {
      SqlSession writer = sqlite.openWriter();
      long revision = writer.inTransaction(() -> prepare(writer));
      Folders.sync(Folders.parent(file));
      return new EmbeddedMetaStore(run, sqlite, writer, revision);
    } catch (SQLException | IOException e) {
      throw new DbException(
          ErrorCode.STORAGE_IO_FAILED,
          "metastore %s cannot be opened: %s".formatted(file, e.getMessage()),
          e);
    }
  }

  /// @return the revision of the store
  private static long prepare(SqlSession session) throws SQLException {
    MetaTables tables = new MetaTables(session);
    tables.create();
    tables.migrate();
    MetaBatch batch = new MetaBatch(session, _ -> Optional.empty());
    batch.removeAllLeased();
    batch.finish();
    tables.compact(batch.revision());
    while (tables.forget(batch.revision())) {
      log.debug("forgetting history up to revision={}", batch.revision());
    }
    return batch.revision();
  }

  @Override
  public Optional<MetaEntry> get(String key) {
    MetaLimits.checkKey(key);
    return read(tables -> tables.get(key));
  }

  @Override
  public MetaRange range(String prefix) {
    MetaLimits.checkPrefix(prefix);
    return read(tables -> tables.range(prefix));
  }

  private <T> T read(Reading<T> reading) {
    gate.read(this::requireOpen);
    try {
      return readers.use(session -> reading.read(new MetaTables(session)));
    } catch (SQLException e) {
      throw new DbException(
          ErrorCode.STORAGE_IO_FAILED, "read of the metastore failed: " + e.getMessage(), e);
    }
  }

  @Override
  public CommitOutcome commit(String requestId, List<Condition> conditions, List<Change> changes) {
    MetaLimits.checkCommit(requestId, conditions, changes);
    changes.forEach(this::requireOwnLease);
    return join(new Work.Commit(requestId, List.copyOf(conditions), List.copyOf(changes)));
  }

  private void requireOwnLease(Change change) {
    if (change instanceof Change.PutLeased put
        && !(put.lease() instanceof EmbeddedLease lease && lease.isOf(this))) {
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

  /// Does a batch in one transaction. @return an outcome for each
  private List<CommitOutcome> write(List<Work> batch) {
    gate.read(this::requireOpen);
    List<CommitOutcome> outcomes = new ArrayList<>();
    try {
      SqlSession session = writer();
      show(session.inTransaction(() -> apply(session, batch, outcomes)));
      return outcomes;
    } catch (SQLException e) {
      failUnlessIntact(e);
      throw new DbException(
          ErrorCode.STORAGE_IO_FAILED, "commit to the metastore failed: " + e.getMessage(), e);
    }
  }

  private MetaState apply(SqlSession session, List<Work> batch, List<CommitOutcome> outcomes)
      throws SQLException {
    MetaBatch done = new MetaBatch(session, this::findLease);
    for (Work work : batch) {
      switch (work) {
        case Work.Commit(var requestId, var conditions, var changes) ->
            outcomes.add(done.commit(requestId, conditions, changes));
        case Work.EndLease(long id) -> {
          done.removeLeased(id);
          outcomes.add(new CommitOutcome.Committed(done.revision()));
        }
      }
    }
    return done.finish();
  }

  private Optional<Long> findLease(Lease lease) {
    EmbeddedLease mine = (EmbeddedLease) lease;
    return gate.read(mine::hasEnded) ? Optional.empty() : Optional.of(mine.id());
  }

  private void show(MetaState committed) {
    hear(committed.revision());
    if (committed.compacted() > forgotten) {
      forget(committed.compacted());
    }
  }

  private SqlSession writer() throws SQLException {
    if (writer.isEmpty()) {
      writer = Optional.of(file.openWriter());
    }
    return writer.get();
  }

  private void failUnlessIntact(SQLException error) {
    if (SqliteFile.leavesStoreIntact(error)) {
      log.warn("metastore commit failed error={}", error.getMessage());
      closeWriter(); // its transaction may be over, which the next one in it would not know
    } else {
      log.error("metastore refuses everything until it is opened anew", error);
      gate.change(() -> status = new Status.Failed(error));
    }
  }

  /// Takes history up to `upTo` away from watchers.
  void compact(long upTo) {
    turn.take(() -> inTransaction(tables -> tables.compact(upTo)));
  }

  /// Deletes it; watchers may not have it any more.
  private void forget(long compacted) {
    forgotten = compacted;
    boolean more = true;
    while (more) {
      more = inTransaction(tables -> tables.forget(compacted)).orElse(false);
    }
  }

  private <T> Optional<T> inTransaction(Reading<T> work) {
    try {
      SqlSession session = writer();
      return Optional.of(session.inTransaction(() -> work.read(new MetaTables(session))));
    } catch (SQLException e) {
      failUnlessIntact(e);
      return Optional.empty();
    }
  }

  @Override
  public MetaWatch watch(String prefix, long after) {
    MetaLimits.checkPrefix(prefix);
    gate.read(this::requireOpen);
    return new SqlWatch(new Changes(), prefix, after);
  }

  /// What watchers see of the store.
  private final class Changes implements SqlWatch.Source {
    @Override
    public boolean awaitChange(long seen, BooleanSupplier stop, Deadline deadline) {
      return gate.await(
          () -> stop.getAsBoolean() || !(status instanceof Status.Open) || revision != seen,
          deadline);
    }

    @Override
    public MetaTables.Slice events(String prefix, long after) {
      MetaTables.Slice slice = read(tables -> tables.events(prefix, after));
      hear(slice.upTo());
      return slice;
    }

    @Override
    public void wake() {
      gate.change(() -> {});
    }
  }

  /// A revision may be read before its writer says that it is committed.
  private void hear(long newer) {
    gate.change(() -> revision = Math.max(revision, newer));
  }

  @Override
  public Lease lease(Duration ttl) {
    MetaLimits.checkTtl(ttl);
    EmbeddedLease lease =
        gate.change(() -> {
          requireOpen();
          return new EmbeddedLease(this, ++newestLease, ttl, Deadline.after(run, ttl));
        });
    run.fork("lease " + lease.id(), () -> expire(lease));
    return lease;
  }

  boolean renew(EmbeddedLease lease) {
    return gate.change(() -> {
      requireOpen();
      return lease.extend(Deadline.after(run, lease.ttl()));
    });
  }

  /// Sleeps until the lease has not been renewed in time, then removes its entries.
  private void expire(EmbeddedLease lease) {
    while (!gate.change(() -> finishIfDue(lease))) {
      run.sleep(gate.read(lease::end).remaining(run));
    }
    while (gate.read(() -> status instanceof Status.Open) && !removeEntries(lease)) {
      run.sleep(RETRY);
    }
  }

  private boolean finishIfDue(EmbeddedLease lease) {
    if (lease.end().hasPassed(run)) {
      lease.finish();
    }
    return lease.hasEnded();
  }

  void end(EmbeddedLease lease) {
    gate.change(lease::finish);
    removeEntries(lease);
  }

  private boolean removeEntries(EmbeddedLease lease) {
    return join(new Work.EndLease(lease.id())) instanceof CommitOutcome.Committed;
  }

  /// Waits for the commit that is being written, also when the calling thread is cancelled.
  @Override
  public void close() {
    Status before =
        gate.change(() -> {
          Status last = status;
          status = new Status.Closed();
          return last;
        });
    if (!(before instanceof Status.Closed)) {
      run.fork("close metastore", () -> turn.take(this::closeSessions)).awaitEnd();
    }
  }

  private void closeSessions() {
    readers.close();
    closeWriter();
  }

  private void closeWriter() {
    try {
      if (writer.isPresent()) {
        writer.get().close();
      }
    } catch (SQLException e) {
      log.warn("a session of the metastore is not closed in good order", e);
    }
    writer = Optional.empty();
  }

  private boolean requireOpen() {
    return switch (status) {
      case Status.Open _ -> true;
      case Status.Failed(SQLException why) ->
          throw new DbException(
              ErrorCode.STORAGE_IO_FAILED,
              "the metastore refuses everything until it is opened anew: " + why.getMessage(),
              why);
      case Status.Closed _ -> throw MetaLimits.closed();
    };
  }
}
