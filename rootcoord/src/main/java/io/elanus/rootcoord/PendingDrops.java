package io.elanus.rootcoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Task;
import io.elanus.common.wal.Wal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finishes drops in the background: appends the control record to the log of every shard, then has the
/// catalog forget the collection. Tries until it is done, whoever asked may have gone meanwhile.
///
/// A record that was appended twice, by a retry or by a predecessor, is recognised by its DDL sequence.
final class PendingDrops implements AutoCloseable {
  /// Appends in flight; a log groups them.
  private static final int PARALLEL = 16;

  private static final Logger log = LoggerFactory.getLogger(PendingDrops.class);
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(5));

  /// Control records are numbered by their DDL sequence; their writer is the coordinator, always.
  private static final long WRITER = 0;

  private final Run run;
  private final Wal wal;
  private final LongSupplier timestamps;
  private final Consumer<Collection> forget;
  private final FanOut fanOut;
  private final Gate gate;
  private final Task task;

  // guarded by gate, oldest first
  private final Map<CollectionId, Collection> pending = new LinkedHashMap<>();
  private boolean closed;

  /// @param forget commits that the drop is finished
  PendingDrops(Run run, Wal wal, LongSupplier timestamps, Consumer<Collection> forget) {
    this.run = run;
    this.wal = wal;
    this.timestamps = timestamps;
    this.forget = forget;
    this.fanOut = new FanOut(run).atMost(PARALLEL);
    this.gate = run.gate();
    this.task = run.fork("drops", this::loop);
  }

  /// Never blocks.
  void add(Collection dropping) {
    gate.change(() -> pending.put(dropping.id(), dropping));
  }

  /// The collection is forgotten.
  void finished(CollectionId collection) {
    gate.change(() -> pending.remove(collection));
  }

  /// @throws DbException `TIMEOUT`; the drop goes on
  void awaitFinished(Collection dropping, Deadline deadline) {
    if (!gate.await(() -> closed || !pending.containsKey(dropping.id()), deadline)) {
      throw ErrorCode.TIMEOUT.because("timeout dropping collection %s", dropping.name());
    }
    if (gate.read(() -> closed)) {
      throw ErrorCode.LEADERSHIP_LOST.because("leadership lost dropping %s", dropping.name());
    }
  }

  @Override
  public void close() {
    gate.change(() -> closed = true);
    task.cancel();
    task.awaitEnd();
  }

  private void loop() {
    int failures = 0;
    while (!gate.read(() -> closed)) {
      gate.await(() -> closed || !pending.isEmpty(), Deadline.NEVER);
      List<Collection> batch = gate.read(() -> new ArrayList<>(pending.values()));
      int tries = failures + 1;
      List<Boolean> finished =
          fanOut.all(batch, Deadline.NEVER, dropping -> tryFinish(dropping, tries));
      failures = finished.contains(false) ? tries : 0;
      pause(failures);
    }
  }

  /// One drop that fails does not keep the others.
  private boolean tryFinish(Collection dropping, int tries) {
    try {
      finish(dropping);
      return true;
    } catch (RuntimeException e) { // a defect too: it must not end the drops of others
      logFailure(dropping, tries, e);
      return false;
    }
  }

  private void logFailure(Collection dropping, int tries, RuntimeException error) {
    boolean lost = error instanceof DbException e && e.code() == ErrorCode.LEADERSHIP_LOST;
    boolean ending = lost || gate.read(() -> closed);
    if (!ending && Integer.bitCount(tries) == 1) {
      log.warn("drop failed collection={} tries={}", dropping.id(), tries, error);
    }
  }

  private void finish(Collection dropping) {
    for (int shard = 0; shard < dropping.shardCount(); shard++) {
      LogRecord record = new LogRecord.DropCollection(header(dropping, shard));
      wal.append(dropping.shardLogs().get(shard), RecordCodec.encode(record));
    }
    forget.accept(dropping);
    log.info("collection dropped collection={} name={}", dropping.id(), dropping.name());
  }

  private RecordHeader header(Collection dropping, int shard) {
    return new RecordHeader(
        dropping.shard(shard),
        WRITER,
        dropping.ddlSequence(),
        0,
        timestamps.getAsLong(),
        dropping.schema().version(),
        dropping.ddlSequence());
  }

  private void pause(int failures) {
    if (failures > 0) {
      Deadline until = Deadline.after(run, BACKOFF.pause(failures, run.random()));
      gate.await(() -> closed, until);
    }
  }
}
