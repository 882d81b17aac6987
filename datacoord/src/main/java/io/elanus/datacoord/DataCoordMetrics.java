package io.elanus.datacoord;

import io.elanus.common.metrics.Readings;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/// What index nodes have to do, and who owns logs: of the leader, 0 on a standby.
public final class DataCoordMetrics {
  private DataCoordMetrics() {}

  public static void watch(DataCoordRole role, MeterRegistry meters) {
    Readings<DataCoordRole> readings = new Readings<>(meters, role);
    readings
        .gauge(
            "elanus_datacoord_waiting_jobs",
            "Index builds that wait for an index node",
            jobs(JobCounts::waiting))
        .gauge(
            "elanus_datacoord_running_jobs",
            "Index builds that an index node works on",
            jobs(JobCounts::running))
        .gauge(
            "elanus_datacoord_owned_logs",
            "Logs that are given to a datanode",
            of(DataCounts::ownedLogs))
        .gauge(
            "milvus_datacoord_datanode_num",
            "Datanodes that are registered",
            of(DataCounts::nodes));
    ended(readings, "done", JobCounts::done);
    ended(readings, "failed", JobCounts::failed);
    ended(readings, "given_back", JobCounts::givenBack);
    ended(readings, "expired", JobCounts::expired);
  }

  private static void ended(
      Readings<DataCoordRole> readings, String outcome, ToLongFunction<JobCounts> count) {
    readings
        .with("outcome", outcome)
        .count(
            "elanus_datacoord_ended_jobs_total",
            "Index builds that an index node worked on, by how that ended",
            jobs(count));
  }

  private static ToDoubleFunction<DataCoordRole> jobs(ToLongFunction<JobCounts> count) {
    return of(counts -> count.applyAsLong(counts.jobs()));
  }

  private static ToDoubleFunction<DataCoordRole> of(ToLongFunction<DataCounts> count) {
    return role -> role.counts().map(counts -> (double) count.applyAsLong(counts)).orElse(0.0);
  }
}
