package io.elanus.common.manifest;

/// A file of records that could not be applied yet ([SpillFile]).
///
/// @param firstOffset of its first record
/// @param endOffset after its last record
public record SpillEntry(FileRef file, int recordCount, long firstOffset, long endOffset) {}
