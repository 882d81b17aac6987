package io.elanus.segment.tail;

import io.elanus.common.wal.Position;

/// Where a shard stands still: the record there cannot be applied by this software.
///
/// @param reason what is wrong with the record
public record Halt(Position at, String reason) {}
