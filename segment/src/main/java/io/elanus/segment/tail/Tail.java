package io.elanus.segment.tail;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.Expiry;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Field;
import io.elanus.common.model.Key;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.RowBatch;
import io.elanus.common.record.LogRecord;
import io.elanus.common.wal.Position;
import io.elanus.segment.delete.Deletes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The rows and deletes of one shard after its checkpoint, in memory.
///
/// One thread changes it, in the order of the log; every change makes a new [TailView], which any
/// thread may read for as long as it likes. A row is visible at s iff its version is at most s and
/// no delete of its key removed it at or below s; deletes are also kept as they came, for the
/// segments before the checkpoint.
public final class Tail {
  private CollectionSchema schema;
  private final List<TailChunk> chunks = new ArrayList<>();
  private final DeleteLog deletes = new DeleteLog();
  private final TailKeys keys = new TailKeys();
  private long rowsTaken;
  private boolean dropped;
  private Expiry expiry;
  private volatile TailView view;

  /// Nothing yet, after `checkpoint`.
  public Tail(CollectionSchema schema, Checkpoint checkpoint) {
    this.schema = schema;
    this.dropped = checkpoint.dropped();
    this.expiry = checkpoint.expiry();
    this.view = TailView.empty(schema, checkpoint);
  }

  /// The tail now. Any thread.
  public TailView view() {
    return view;
  }

  /// Takes a record that has effect.
  ///
  /// @param next the position after it
  /// @param version its effective version, above all before
  public TailView apply(Position next, LogRecord record, long version) {
    if (version <= view.version()) {
      throw new IllegalArgumentException("version %d after %d".formatted(version, view.version()));
    }
    switch (record) {
      case LogRecord.Insert insert ->
          add(source(insert.partition(), insert.rows(), record, version));
      case LogRecord.Upsert upsert -> {
        delete(new Deletes(version, version - 1, Optional.empty(), upsert.replaced()));
        add(source(upsert.partition(), upsert.rows(), record, version));
      }
      case LogRecord.Delete delete ->
          delete(
              new Deletes(
                  version,
                  Math.min(version - 1, delete.upTo().orElse(version - 1)),
                  delete.partition(),
                  delete.keys()));
      case LogRecord.Truncate _ -> delete(Deletes.everything(version, Optional.empty()));
      case LogRecord.DropPartition drop ->
          delete(Deletes.everything(version, Optional.of(drop.partition())));
      case LogRecord.DropCollection _ -> dropAll();
      case LogRecord.Expire expire -> expiry = expiry.with(ShardSequencer.step(expire, version));
      case LogRecord.AddField add -> extend(schema.with(add.fields()));
      case LogRecord.Rename _, LogRecord.ImportCommit _, LogRecord.Mark _, LogRecord.Barrier _ -> {}
    }
    return publish(next, version, view.coveredFrom());
  }

  /// Passes a record that has no effect on this shard.
  ///
  /// @param next the position after it
  public TailView pass(Position next) {
    view = view.at(next);
    return view;
  }

  /// Knows the fields of `newer`, too: the rows there are have their default values, or none.
  TailView adopt(CollectionSchema newer) {
    extend(newer);
    return publish(view.position(), view.version(), view.coveredFrom());
  }

  /// Forgets what a manifest with this checkpoint covers. When the checkpoint lies beyond this
  /// tail, the tail goes on from there.
  public TailView dropBefore(Checkpoint checkpoint) {
    long version = checkpoint.version();
    int whole = 0;
    while (whole < chunks.size() && chunks.get(whole).lastVersion() <= version) {
      whole++;
    }
    dropChunks(whole);
    deletes.dropThrough(version);
    expiry = checkpoint.expiry().followedBy(expiry, checkpoint.version());
    if (checkpoint.dropped()) {
      dropAll();
    }
    Position position = view.position();
    boolean beyond =
        position.incarnation() != checkpoint.position().incarnation()
            || position.isBefore(checkpoint.position());
    return publish(
        beyond ? checkpoint.position() : position,
        Math.max(version, view.version()),
        Math.max(version, view.coveredFrom()));
  }

  /// What is known stays, if `newer` should be older.
  private void extend(CollectionSchema newer) {
    for (Field field : newer.fields()) {
      schema = schema.with(field);
    }
    for (TailChunk chunk : chunks) {
      chunk.extend(schema);
    }
  }

  private static TailChunk.Source source(
      PartitionId partition, RowBatch rows, LogRecord record, long version) {
    return new TailChunk.Source(partition, rows, version, record.header().timestamp());
  }

  private void add(TailChunk.Source source) {
    RowBatch rows = source.rows();
    int added = 0;
    while (added < rows.rowCount()) {
      int taken = chunks.isEmpty() ? 0 : chunks.getLast().append(source, added);
      if (taken == 0) {
        beginChunk();
      }
      added += taken;
      rowsTaken += taken;
    }
    KeyColumn addedKeys = rows.keys(schema);
    for (int row = 0; row < rows.rowCount(); row++) {
      keys.add(addedKeys.key(row).hashCode());
    }
  }

  private void beginChunk() {
    if (!chunks.isEmpty()) {
      chunks.getLast().complete();
    }
    chunks.add(new TailChunk(schema, rowsTaken));
  }

  private void delete(Deletes deleted) {
    deletes.add(deleted);
    deleted.keys().ifPresentOrElse(named -> markRows(deleted, named), () -> markRows(deleted));
  }

  /// Rows of every key.
  private void markRows(Deletes deleted) {
    for (TailChunk chunk : chunks) {
      for (int row = 0; row < chunk.block().rowCount(); row++) {
        mark(deleted, chunk, row);
      }
    }
  }

  private void markRows(Deletes deleted, KeyColumn named) {
    for (int i = 0; i < named.rowCount(); i++) {
      markRows(deleted, named.key(i));
    }
  }

  private void markRows(Deletes deleted, Key key) {
    for (int row = keys.first(key.hashCode()); row != TailKeys.NONE; row = keys.after(row)) {
      TailChunk chunk = chunkOf(row + chunks.getFirst().firstRow());
      int rowInChunk = (int) (row + chunks.getFirst().firstRow() - chunk.firstRow());
      if (chunk.block().keys().key(rowInChunk).equals(key)) {
        mark(deleted, chunk, rowInChunk);
      }
    }
  }

  private static void mark(Deletes deleted, TailChunk chunk, int row) {
    TailBlock block = chunk.block();
    if (block.deletedAt(row) == DeletionMarks.NEVER
        && deleted.removes(block.versions().get(row))
        && deleted.touches(block.partition(row))) {
      chunk.markDeleted(row, deleted.version());
    }
  }

  private TailChunk chunkOf(long row) {
    int low = 0;
    int high = chunks.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (chunks.get(middle).firstRow() <= row) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return chunks.get(low);
  }

  private void dropAll() {
    dropped = true;
    dropChunks(chunks.size());
    deletes.dropThrough(Long.MAX_VALUE);
  }

  private void dropChunks(int count) {
    if (count > 0) {
      long rows = chunks.get(count - 1).endRow() - chunks.getFirst().firstRow();
      keys.dropFirst((int) rows);
      chunks.subList(0, count).clear();
    }
  }

  private TailView publish(Position next, long version, long coveredFrom) {
    List<TailBlock> blocks = chunks.stream().map(TailChunk::block).toList();
    long sizeBytes = deletes.sizeBytes() + keys.sizeBytes();
    for (TailChunk chunk : chunks) {
      sizeBytes += chunk.sizeBytes();
    }
    view =
        new TailView(
            schema, next, version, coveredFrom, dropped, blocks, deletes.view(), expiry, sizeBytes);
    return view;
  }
}
