package io.elanus.common.record;

import io.elanus.common.model.ShardId;

/// What every record begins with; enough to pass over records of other shards without decoding them.
///
/// @param writer incarnation of the process that appended; with `sequence` it names the record's effect
/// @param sequence of that writer within the shard, from 1, dense
/// @param attempt 0 for the first append of this sequence, then 1, 2... for repeats after an unknown outcome
/// @param timestamp hybrid, from the oracle
/// @param schemaVersion the rows were checked against
/// @param ddlSequence of a control record within its collection; 0 for all others
public record RecordHeader(
    ShardId shard,
    long writer,
    long sequence,
    int attempt,
    long timestamp,
    int schemaVersion,
    long ddlSequence) {}
