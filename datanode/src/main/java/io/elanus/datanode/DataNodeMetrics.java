package io.elanus.datanode;

import io.elanus.common.metrics.Readings;
import io.micrometer.core.instrument.MeterRegistry;

/// How far a datanode is behind, and what it has not brought to the bucket.
public final class DataNodeMetrics {
  private static final double MILLIS = 1e-3;

  private DataNodeMetrics() {}

  public static void watch(DataNodeRole role, MeterRegistry meters) {
    new Readings<>(meters, role)
        .gauge("elanus_datanode_owned_logs", "Logs that this node owns", r -> r.counts().logs())
        .gauge(
            "elanus_datanode_lag_seconds",
            "Age of the oldest record of an owned log that is not applied; 0 when all are",
            r -> MILLIS * r.counts().lag().toMillis())
        .gauge(
            "elanus_datanode_unflushed_bytes",
            "Records of owned logs that are in no manifest yet",
            r -> r.counts().unflushedBytes())
        .gauge(
            "elanus_datanode_halted_shards",
            "Shards with a record that this version cannot apply",
            r -> r.counts().haltedShards())
        .gauge(
            "elanus_datanode_set_aside_shards",
            "Shards whose manifest or files are damaged",
            r -> r.counts().setAsideShards())
        .gauge(
            "elanus_datanode_failing_logs",
            "Owned logs that cannot be read, or whose last flush failed",
            r -> r.counts().failingLogs())
        .count(
            "elanus_datanode_flushes_total",
            "Manifests committed by flushes",
            r -> r.counts().flushes())
        .count(
            "elanus_datanode_flushed_rows_total",
            "Rows written into segments",
            r -> r.counts().flushedRows())
        .gauge(
            "elanus_datanode_running_compactions",
            "Compactions at work",
            r -> r.counts().compactions().running())
        .count(
            "elanus_datanode_compaction_seconds_total",
            "Time that compactions took, downloads and uploads included",
            r -> r.counts().compactions().nanos() / 1e9)
        .count(
            "elanus_datanode_compacted_rows_total",
            "Rows of segments that compactions read",
            r -> r.counts().compactedRows())
        .count(
            "elanus_datanode_compacted_bytes_total",
            "Bytes of segment files that compactions read",
            r -> r.counts().compactedBytes())
        .count(
            "elanus_datanode_removed_rows_total",
            "Deleted and expired rows that compactions left out",
            r -> r.counts().removedRows());
  }
}
