package io.elanus.querycoord.serving;

import io.elanus.common.model.CollectionId;
import io.elanus.common.model.ReplicaId;
import io.elanus.common.model.ShardId;
import java.util.Comparator;

/// One shard in one replica. Ordered so that the routes of a replica are neighbours.
public record RouteKey(ShardId shard, ReplicaId replica) implements Comparable<RouteKey> {
  private static final Comparator<RouteKey> ORDER =
      Comparator.comparing(RouteKey::collection)
          .thenComparing(RouteKey::replica)
          .thenComparingInt(key -> key.shard().index());

  public CollectionId collection() {
    return shard.collection();
  }

  public ReplicaKey replicaKey() {
    return new ReplicaKey(shard.collection(), replica);
  }

  @Override
  public int compareTo(RouteKey other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return shard + "@" + replica;
  }
}
