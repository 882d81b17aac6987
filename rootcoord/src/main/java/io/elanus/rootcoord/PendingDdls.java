package io.elanus.rootcoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.PendingDdl;
import io.elanus.common.model.PendingDdl.Effect;
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

/// Finishes changes that order against rows, in the background: appends the control record to the log of every
/// shard, then has the catalog note it. Tries until it is done, whoever asked may have gone meanwhile.
///
/// The commit that announces a record is in the bucket before the record is in a log: a catalog that is rebuilt
/// from there knows of every control record, and can bring it to the shards that lack it.
///
/// A record that was appended twice, by a retry or by a predecessor, is recognised by its DDL sequence.
final class PendingDdls implements AutoCloseable {
  /// Appends in flight; a log groups them.
  private static final int PARALLEL = 16;

  private static final Logger log = LoggerFactory.getLogger(PendingDdls.class);
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(5));

  /// Control records are numbered by their DDL sequence; their writer is the coordinator, always.
  private static final long WRITER = 0;

  private final Run run;
  private final Wal wal;
  private final LongSupplier timestamps;
  private final Runnable awaitExported;
  private final Consumer<Collection> finish;
  private final FanOut fanOut;
  private final Gate gate;
  private final Task task;

  // guarded by gate, oldest first
  private final Map<CollectionId, Collection> pending = new LinkedHashMap<>();
  private boolean closed;

  /// @param awaitExported returns when all that is committed is in the bucket
  /// @param finish commits that the control record is everywhere
  PendingDdls(
      Run run,
      Wal wal,
      LongSupplier timestamps,
      Runnable awaitExported,
      Consumer<Collection> finish) {
    this.run = run;
    this.wal = wal;
    this.timestamps = timestamps;
    this.awaitExported = awaitExported;
    this.finish = finish;
    this.fanOut = new FanOut(run).atMost(PARALLEL);
    this.gate = run.gate();
    this.task = run.fork("ddl", this::loop);
  }

  /// Of a collection that waits for its control record. Never blocks.
  void add(Collection collection) {
    gate.change(() -> pending.put(collection.id(), collection));
  }

  /// The collection is committed like this. Never blocks.
  void observe(Collection collection) {
    if (CatalogState.isUnfinished(collection)) {
      add(collection);
    } else {
      finished(collection.id());
    }
  }

  /// Nothing is left to do for the collection. Never blocks.
  void finished(CollectionId collection) {
    gate.change(() -> pending.remove(collection));
  }

  /// Returns when the change that `begun` waits for is finished.
  ///
  /// @throws DbException `TIMEOUT`; the change goes on
  void awaitFinished(Collection begun, Deadline deadline) {
    if (!gate.await(() -> closed || isFinished(begun), deadline)) {
      throw ErrorCode.TIMEOUT.because(
          "timeout changing collection %s, the change goes on", begun.name());
    }
    if (gate.read(() -> closed)) {
      throw ErrorCode.LEADERSHIP_LOST.because("leadership lost changing %s", begun.name());
    }
  }

  /// Under the gate.
  private boolean isFinished(Collection begun) {
    Collection now = pending.get(begun.id());
    return now == null || now.ddlSequence() > begun.ddlSequence();
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
          fanOut.all(batch, Deadline.NEVER, collection -> tryFinish(collection, tries));
      failures = finished.contains(false) ? tries : 0;
      pause(failures);
    }
  }

  /// One that fails does not keep the others.
  private boolean tryFinish(Collection collection, int tries) {
    try {
      finish(collection);
      return true;
    } catch (RuntimeException e) { // a defect too: it must not end the changes of others
      logFailure(collection, tries, e);
      return false;
    }
  }

  private void logFailure(Collection collection, int tries, RuntimeException error) {
    boolean lost = isLoss(error) || error.getCause() != null && isLoss(error.getCause());
    boolean ending = lost || gate.read(() -> closed);
    if (!ending && Integer.bitCount(tries) == 1) {
      log.warn("ddl failed collection={} tries={}", collection.id(), tries, error);
    }
  }

  private static boolean isLoss(Throwable error) {
    return error instanceof DbException e && e.code() == ErrorCode.LEADERSHIP_LOST;
  }

  private void finish(Collection collection) {
    awaitExported.run();
    for (int shard = 0; shard < collection.shardCount(); shard++) {
      LogRecord record = record(collection, header(collection, shard));
      wal.append(collection.shardLogs().get(shard), RecordCodec.encode(record));
    }
    finish.accept(collection);
    log.info(
        "collection changed collection={} name={} ddl={} {}",
        collection.id(),
        collection.name(),
        collection.ddlSequence(),
        collection.pending().<Object>map(PendingDdl::effect).orElse(collection.state()));
  }

  private static LogRecord record(Collection collection, RecordHeader header) {
    return switch (collection.state()) {
      case DROPPING -> new LogRecord.DropCollection(header);
      case ACTIVE, RESTORING ->
          switch (collection.pending().orElseThrow().effect()) {
            case Effect.Renamed _ -> new LogRecord.Rename(header);
            case Effect.Truncated _ -> new LogRecord.Truncate(header);
            case Effect.PartitionDropped(PartitionId partition) ->
                new LogRecord.DropPartition(header, partition);
            case Effect.FieldAdded added -> new LogRecord.AddField(header, added.fields());
            case Effect.Imported(List<Long> versions) ->
                new LogRecord.ImportCommit(header, versions.get(header.shard().index()));
          };
    };
  }

  private RecordHeader header(Collection collection, int shard) {
    return new RecordHeader(
        collection.shard(shard),
        WRITER,
        collection.ddlSequence(),
        0,
        timestamps.getAsLong(),
        collection.schema().version(),
        collection.ddlSequence());
  }

  private void pause(int failures) {
    if (failures > 0) {
      Deadline until = Deadline.after(run, BACKOFF.pause(failures, run.random()));
      gate.await(() -> closed, until);
    }
  }
}
