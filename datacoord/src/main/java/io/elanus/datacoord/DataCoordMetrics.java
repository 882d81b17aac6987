package io.elanus.datacoord;

import io.elanus.common.metrics.Readings;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/// What index nodes and datanodes have to do, what was swept, and who owns logs: of the leader, 0 on a standby.
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
    readings
        .gauge(
            "elanus_datacoord_waiting_compactions",
            "Compactions that wait for a datanode",
            of(counts -> counts.compactions().waiting()))
        .gauge("elanus_datacoord_snapshots", "Snapshots that are kept", of(DataCounts::snapshots))
        .gauge(
            "elanus_datacoord_waiting_restores",
            "Shards that wait for a datanode to restore them",
            of(counts -> counts.restores().waiting()))
        .gauge(
            "elanus_datacoord_running_restores",
            "Shards that a datanode restores from a snapshot",
            of(counts -> counts.restores().running()))
        .gauge(
            "elanus_datacoord_running_compactions",
            "Compactions that a datanode works on",
            of(counts -> counts.compactions().running()))
        .count(
            "elanus_datacoord_swept_objects_total",
            "Objects that nothing named any more, deleted",
            of(DataCounts::sweptObjects))
        .count(
            "elanus_datacoord_sweep_failures_total",
            "Shards that could not be swept, once for each time",
            of(DataCounts::sweepFailures));
    Ended builds =
        new Ended(
            readings,
            "elanus_datacoord_ended_jobs_total",
            "Index builds that an index node worked on, by how that ended",
            DataCounts::jobs);
    Ended compactions =
        new Ended(
            readings,
            "elanus_datacoord_ended_compactions_total",
            "Compactions that a datanode worked on, by how that ended",
            DataCounts::compactions);
    Ended restores =
        new Ended(
            readings,
            "elanus_datacoord_ended_restores_total",
            "Shards that a datanode restored from a snapshot, by how that ended",
            DataCounts::restores);
    restores.show();
    builds.show();
    compactions.show();
  }

  /// What became of jobs of one kind.
  private record Ended(
      Readings<DataCoordRole> readings,
      String name,
      String help,
      Function<DataCounts, JobCounts> jobs) {
    void show() {
      count("done", JobCounts::done);
      count("failed", JobCounts::failed);
      count("given_back", JobCounts::givenBack);
      count("expired", JobCounts::expired);
    }

    private void count(String outcome, ToLongFunction<JobCounts> count) {
      readings
          .with("outcome", outcome)
          .count(name, help, of(counts -> count.applyAsLong(jobs.apply(counts))));
    }
  }

  private static ToDoubleFunction<DataCoordRole> jobs(ToLongFunction<JobCounts> count) {
    return of(counts -> count.applyAsLong(counts.jobs()));
  }

  private static ToDoubleFunction<DataCoordRole> of(ToLongFunction<DataCounts> count) {
    return role -> role.counts().map(counts -> (double) count.applyAsLong(counts)).orElse(0.0);
  }
}
