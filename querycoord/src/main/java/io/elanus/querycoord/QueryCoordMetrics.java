package io.elanus.querycoord;

import io.elanus.common.metrics.Readings;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToIntFunction;

/// What is served and what is on the move: of the leader, 0 on a standby.
public final class QueryCoordMetrics {
  private QueryCoordMetrics() {}

  public static void watch(QueryCoordRole role, MeterRegistry meters) {
    new Readings<>(meters, role)
        .gauge(
            "milvus_querycoord_collection_num",
            "Collections that are loaded",
            r -> of(r, ServingCounts::collections))
        .gauge(
            "milvus_querycoord_querynode_num",
            "Query nodes that are registered",
            r -> of(r, ServingCounts::nodes))
        .gauge(
            "elanus_querycoord_replicas",
            "Replicas of loaded collections",
            r -> of(r, ServingCounts::replicas))
        .gauge(
            "elanus_querycoord_moving_segments",
            "Segments on their way to another node",
            r -> of(r, ServingCounts::segmentsMoving))
        .gauge(
            "elanus_querycoord_moving_leaders",
            "Shards on their way to another leader",
            r -> of(r, ServingCounts::leadersMoving))
        .gauge(
            "elanus_querycoord_leaderless_shards",
            "Shards of replicas that nobody alive leads",
            r -> of(r, ServingCounts::shardsWithoutLeader))
        .gauge(
            "elanus_querycoord_short_collections",
            "Collections something of which finds no room",
            r -> of(r, ServingCounts::collectionsShort));
  }

  private static double of(QueryCoordRole role, ToIntFunction<ServingCounts> count) {
    return role.counts().map(counts -> (double) count.applyAsInt(counts)).orElse(0.0);
  }
}
