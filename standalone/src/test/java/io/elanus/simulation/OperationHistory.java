package io.elanus.simulation;

import io.elanus.common.error.DbException;
import io.elanus.simulation.Operation.Kind;
import io.elanus.simulation.Operation.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Every operation of every client, and what must hold of them as a whole (12).
final class OperationHistory {
  private final List<Operation> operations = new ArrayList<>();
  private long lastEvent;
  private long lastTag;

  OperationHistory() {
    this(0);
  }

  /// @param tagsAfter where another history's tags end
  OperationHistory(long tagsAfter) {
    lastTag = tagsAfter;
  }

  Operation invoke(int client, Kind kind, long key, List<Long> tags) {
    Operation operation = new Operation(client, kind, key, tags, ++lastEvent);
    operations.add(operation);
    return operation;
  }

  /// What `operation`, which was acknowledged or refused, says of a key besides.
  void observed(Operation operation, Kind kind, long key, Optional<Long> found) {
    Operation seen = new Operation(operation.client, kind, key, List.of(), operation.invokedAt);
    seen.endedAt = operation.endedAt;
    seen.outcome = Outcome.ACKED;
    seen.found = found;
    operations.add(seen);
  }

  long freshTag() {
    return ++lastTag;
  }

  void acked(Operation operation) {
    operation.endedAt = ++lastEvent;
    operation.outcome = Outcome.ACKED;
  }

  /// A write that was cut short, or says itself that it does not know, may have happened, and may still.
  void failed(Operation operation, DbException error) {
    operation.error = error.code() + ": " + error.text();
    operation.outcome =
        switch (error.code()) {
          case OUTCOME_UNKNOWN, TIMEOUT, CANCELED, UNEXPECTED -> Outcome.UNKNOWN;
          default -> Outcome.FAILED;
        };
    operation.endedAt = operation.outcome == Outcome.FAILED ? ++lastEvent : Long.MAX_VALUE;
  }

  long count(Outcome outcome) {
    return operations.stream().filter(o -> o.outcome == outcome).count();
  }

  long reads(Outcome outcome) {
    return operations.stream().filter(o -> o.kind == Kind.READ && o.outcome == outcome).count();
  }

  List<Operation> all() {
    return operations;
  }

  /// An acknowledged write took effect, a failed one did not; which rows took effect is what the logs say.
  void checkEffects(LogHistory logs, Verdicts verdicts) {
    var inLog =
        logs.models().values().stream()
            .flatMap(model -> model.tags().stream())
            .collect(Collectors.toSet());
    for (Operation operation : operations) {
      for (long tag : operation.tags) {
        boolean there = inLog.contains(tag);
        verdicts.require(
            there || operation.outcome != Outcome.ACKED,
            "12: acknowledged and lost: %s",
            operation);
        verdicts.require(
            !there || operation.outcome != Outcome.FAILED,
            "12: failed (%s) and took effect: %s",
            operation.error,
            operation);
      }
    }
  }

  /// Each key by itself is a list of rows in the order of their writes.
  void checkLinearizable(Verdicts verdicts) {
    TreeMap<Long, List<Operation>> byKey = new TreeMap<>();
    for (Operation operation : operations) {
      boolean counts =
          operation.outcome == Outcome.ACKED
              || (isWrite(operation.kind) && operation.outcome == Outcome.UNKNOWN);
      if (operation.kind != Kind.OTHER && counts) {
        byKey.computeIfAbsent(operation.key, _ -> new ArrayList<>()).add(operation);
      }
    }
    byKey.forEach((key, ofKey) -> {
      ofKey.sort(Comparator.comparingLong(o -> o.invokedAt));
      List<Operation> checked = prefix(ofKey);
      verdicts.require(
          Linearizability.holds(checked),
          "12: key %d is not linearizable:\n  %s%s",
          key,
          checked.stream().map(Operation::toString).collect(Collectors.joining("\n  ")),
          failedWrites(key));
    });
  }

  /// What should have had no effect.
  private String failedWrites(long key) {
    return operations.stream()
        .filter(o -> o.key == key && isWrite(o.kind) && o.outcome == Outcome.FAILED)
        .map(o -> "\n  refused: %s %s".formatted(o, o.error))
        .collect(Collectors.joining());
  }

  /// As many as the search can take: the first ones, without reads that may have seen a later one.
  private static List<Operation> prefix(List<Operation> operations) {
    if (operations.size() <= Linearizability.MAX_OPERATIONS) {
      return operations;
    }
    long end = operations.get(Linearizability.MAX_OPERATIONS).invokedAt;
    return operations.stream()
        .filter(o -> o.invokedAt < end && (isWrite(o.kind) || o.endedAt < end))
        .toList();
  }

  private static boolean isWrite(Kind kind) {
    return switch (kind) {
      case INSERT, UPSERT, DELETE, CREATE -> true;
      case READ, OCCUPIED, OTHER -> false;
    };
  }
}
