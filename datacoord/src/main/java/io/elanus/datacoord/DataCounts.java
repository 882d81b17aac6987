package io.elanus.datacoord;

/// How jobs and datanodes stand.
///
/// @param nodes datanodes that are registered
/// @param ownedLogs logs that are given to a datanode, dead or alive
/// @param jobs index builds
public record DataCounts(int nodes, int ownedLogs, JobCounts jobs) {}
