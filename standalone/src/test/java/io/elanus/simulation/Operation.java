package io.elanus.simulation;

import java.util.List;
import java.util.Optional;

/// One operation of a client, from its invocation to its end. Instants are numbers of events, so that no two
/// are equal.
final class Operation {
  enum Kind {
    INSERT,
    UPSERT,
    DELETE,
    READ,
    /// Of a name that nobody holds.
    CREATE,
    /// Somebody holds the name.
    OCCUPIED,
    /// Of several keys, or by a condition: followed in the log, not per key.
    OTHER
  }

  enum Outcome {
    RUNNING,
    ACKED,
    FAILED,
    UNKNOWN
  }

  final int client;
  final Kind kind;
  final long key;
  final List<Long> tags;
  final long invokedAt;
  long endedAt = Long.MAX_VALUE;
  Outcome outcome = Outcome.RUNNING;

  /// What a read of one key found: the tag of its newest row.
  Optional<Long> found = Optional.empty();

  /// Why it was not acknowledged.
  String error = "";

  Operation(int client, Kind kind, long key, List<Long> tags, long invokedAt) {
    this.client = client;
    this.kind = kind;
    this.key = key;
    this.tags = tags;
    this.invokedAt = invokedAt;
  }

  long tag() {
    return tags.getFirst();
  }

  @Override
  public String toString() {
    String what = kind == Kind.READ ? "-> " + found.map(String::valueOf).orElse("none") : "" + tags;
    String end = outcome == Outcome.ACKED ? "" + endedAt : outcome.toString();
    return "[%d..%s] client %d %s %d %s".formatted(invokedAt, end, client, kind, key, what);
  }
}
