package io.elanus.querycoord.serving;

import io.elanus.common.model.CollectionId;
import io.elanus.common.model.ReplicaId;
import java.util.Comparator;

/// One replica of one collection.
public record ReplicaKey(CollectionId collection, ReplicaId id) implements Comparable<ReplicaKey> {
  private static final Comparator<ReplicaKey> ORDER =
      Comparator.comparing(ReplicaKey::collection).thenComparing(ReplicaKey::id);

  @Override
  public int compareTo(ReplicaKey other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return collection + "@" + id;
  }
}
