package io.elanus.datacoord;

/// How jobs and datanodes stand.
///
/// @param nodes datanodes that are registered
/// @param ownedLogs logs that are given to a datanode, dead or alive
/// @param jobs index builds
/// @param compactions jobs of datanodes
/// @param sweptObjects deleted since the leader was elected; `sweepFailures` shards that could not be swept
/// @param snapshots of all collections
/// @param restores jobs of datanodes, one per shard
public record DataCounts(
    int nodes,
    int ownedLogs,
    JobCounts jobs,
    JobCounts compactions,
    long sweptObjects,
    long sweepFailures,
    int snapshots,
    JobCounts restores) {}
