package io.elanus.simulation;

import io.elanus.simulation.Operation.Outcome;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Whether the operations on one key could have happened one after the other, each at an instant between
/// its invocation and its end (the search of Wing and Gong, with the memory of Lowe). A write of unknown
/// outcome happens at some instant after its invocation, or never.
///
/// The state is the list of the key's rows by their tags: an insert adds one, an upsert replaces all, a
/// delete removes all, a read sees the newest. Names of collections are keys, too: who creates a name finds
/// nobody there, or is that one.
final class Linearizability {
  static final int MAX_OPERATIONS = 64;

  /// @param done which operations have happened, as bits
  private record Reached(long done, List<Long> rows) {}

  private final List<Operation> operations;
  private final Set<Reached> visited = new HashSet<>();
  private final long required;

  private Linearizability(List<Operation> operations) {
    this.operations = operations;
    long bits = 0;
    for (int i = 0; i < operations.size(); i++) {
      bits |= operations.get(i).outcome == Outcome.ACKED ? 1L << i : 0;
    }
    this.required = bits;
  }

  /// @param operations acknowledged ones, and writes of unknown outcome; at most [#MAX_OPERATIONS], by
  ///     their invocation
  static boolean holds(List<Operation> operations) {
    return new Linearizability(operations).search(0, List.of());
  }

  private boolean search(long done, List<Long> rows) {
    if ((done & required) == required) {
      return true;
    }
    if (!visited.add(new Reached(done, rows))) {
      return false;
    }
    long firstEnd = firstEnd(done);
    for (int i = 0; i < operations.size() && operations.get(i).invokedAt < firstEnd; i++) {
      Operation operation = operations.get(i);
      boolean open = (done >>> i & 1) == 0;
      if (open && isPossible(operation, rows) && search(done | 1L << i, after(operation, rows))) {
        return true;
      }
    }
    return false;
  }

  /// Whatever is invoked after it has to come after the operation that ends then.
  private long firstEnd(long done) {
    long first = Long.MAX_VALUE;
    for (int i = 0; i < operations.size(); i++) {
      if ((done >>> i & 1) == 0) {
        first = Math.min(first, operations.get(i).endedAt);
      }
    }
    return first;
  }

  private static boolean isPossible(Operation operation, List<Long> rows) {
    return switch (operation.kind) {
      case READ ->
          operation.found.isEmpty()
              ? rows.isEmpty()
              : !rows.isEmpty() && rows.getLast().equals(operation.found.get());
      case CREATE -> rows.isEmpty() || rows.getLast().equals(operation.tag());
      case OCCUPIED -> !rows.isEmpty();
      case INSERT, UPSERT, DELETE, OTHER -> true;
    };
  }

  private static List<Long> after(Operation operation, List<Long> rows) {
    return switch (operation.kind) {
      case UPSERT -> List.of(operation.tag());
      case DELETE -> List.of();
      // only the newest row is ever seen, and nothing removes a part of a key's rows
      case INSERT, CREATE -> List.of(operation.tag());
      case READ, OCCUPIED, OTHER -> rows;
    };
  }
}
