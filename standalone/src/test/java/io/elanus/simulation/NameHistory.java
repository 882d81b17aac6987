package io.elanus.simulation;

import io.elanus.common.error.DbException;
import io.elanus.common.model.Collection;
import io.elanus.common.model.ShardId;
import io.elanus.simulation.Operation.Kind;
import io.elanus.simulation.Operation.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What users did to names and to what they name. A name is a register that holds the tag of a collection,
/// or nothing; it has to be linearizable (16).
///
/// A row that was acknowledged says who held the name at some instant of the write: the collection in whose
/// log it is. So does a row that a read found.
///
/// ```
///  create ham #1 ──────┤  drop ham ──┤  create ham #2 ──┤
///                  insert ham ───────────┤ acknowledged, and in the log of #1: before the drop, or in vain
/// ```
final class NameHistory {
  /// No row of another history has such a tag.
  private static final long FIRST_TAG = 1L << 32;

  private record Read(Operation operation, List<Long> rows) {}

  private final OperationHistory operations = new OperationHistory(FIRST_TAG);
  private final List<Operation> writes = new ArrayList<>();
  private final List<Read> reads = new ArrayList<>();

  long freshTag() {
    return operations.freshTag();
  }

  Operation invoke(int client, Kind kind, String name, List<Long> tags) {
    return operations.invoke(client, kind, CatalogClient.NAMES.indexOf(name), tags);
  }

  void acked(Operation operation) {
    operations.acked(operation);
  }

  void failed(Operation operation, DbException error) {
    operations.failed(operation, error);
  }

  /// It has met somebody under the name.
  void occupied(Operation operation) {
    operations.observed(operation, Kind.OCCUPIED, operation.key, Optional.empty());
  }

  /// It has met the collection of `tag` under the name.
  void held(Operation operation, long tag) {
    operations.observed(operation, Kind.READ, operation.key, Optional.of(tag));
  }

  /// It has met nobody under the name.
  void free(Operation operation) {
    operations.observed(operation, Kind.READ, operation.key, Optional.empty());
  }

  void wrote(Operation write) {
    writes.add(write);
  }

  void readRows(Operation read, List<Long> rows) {
    reads.add(new Read(read, rows));
  }

  long count(Outcome outcome) {
    return operations.count(outcome);
  }

  /// At the end, when all logs are read.
  void check(LogHistory logs, CatalogChecks catalog, Verdicts verdicts) {
    writes.forEach(write -> verdicts.check(() -> checkWrite(write, logs, catalog)));
    reads.forEach(read -> verdicts.check(() -> checkRead(read, logs, catalog)));
    operations.checkLinearizable(verdicts);
  }

  private void checkWrite(Operation write, LogHistory logs, CatalogChecks catalog) {
    Optional<ShardId> shard = shardOf(write.tag(), logs);
    switch (write.outcome) {
      case ACKED -> {
        ShardId found =
            shard.orElseThrow(() -> new Violation("12: acknowledged and lost: " + write));
        operations.observed(write, Kind.READ, write.key, Optional.of(tagOf(found, catalog)));
      }
      case FAILED ->
          Violation.unless(
              shard.filter(id -> logs.model(id).tookEffect(write.tag())).isEmpty(),
              "12: failed (%s) and took effect: %s",
              write.error,
              write);
      case RUNNING, UNKNOWN -> {}
    }
  }

  private void checkRead(Read read, LogHistory logs, CatalogChecks catalog) {
    List<Long> holders =
        read.rows.stream()
            .map(row ->
                shardOf(row, logs)
                    .orElseThrow(() -> new Violation("11: row %d is in no log".formatted(row))))
            .map(shard -> tagOf(shard, catalog))
            .distinct()
            .toList();
    Violation.unless(
        holders.size() <= 1,
        "16: one read answers from collections %s: %s",
        holders,
        read.operation);
    holders.forEach(tag ->
        operations.observed(read.operation, Kind.READ, read.operation.key, Optional.of(tag)));
  }

  private static Optional<ShardId> shardOf(long row, LogHistory logs) {
    return logs.models().entrySet().stream()
        .filter(e -> e.getValue().tookEffect(row) || e.getValue().cameAfterDrop(row))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static long tagOf(ShardId shard, CatalogChecks catalog) {
    Collection collection = catalog.find(shard.collection());
    return Long.parseLong(collection.schema().description());
  }
}
