package io.elanus.common.manifest;

/// Where a shard met a Mark: the shard as of `mark` is the shard at `version`.
///
/// @param mark a timestamp of rootcoord, the same in all shards of the collection
/// @param version the effective version of the last record before the Mark that had effect
public record MarkPoint(long mark, long version) {}
