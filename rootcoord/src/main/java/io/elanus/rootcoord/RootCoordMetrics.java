package io.elanus.rootcoord;

import io.elanus.common.metrics.Readings;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToIntFunction;

/// How large the catalog is: of the leader, 0 on a standby.
public final class RootCoordMetrics {
  private RootCoordMetrics() {}

  public static void watch(RootCoordRole role, MeterRegistry meters) {
    new Readings<>(meters, role)
        .gauge("milvus_rootcoord_database_num", "Databases", r -> of(r, CatalogCounts::databases))
        .gauge(
            "milvus_rootcoord_collection_num",
            "Collections",
            r -> of(r, CatalogCounts::collections))
        .gauge(
            "milvus_rootcoord_partition_num", "Partitions", r -> of(r, CatalogCounts::partitions))
        .gauge(
            "elanus_rootcoord_shards", "Shards of collections", r -> of(r, CatalogCounts::shards))
        .gauge(
            "elanus_rootcoord_pins",
            "Marks that are kept readable, for iterators",
            r -> of(r, CatalogCounts::pins));
  }

  private static double of(RootCoordRole role, ToIntFunction<CatalogCounts> count) {
    return role.counts().map(counts -> (double) count.applyAsInt(counts)).orElse(0.0);
  }
}
