package io.elanus.proxy.write;

/// What a delete did.
///
/// @param count of the keys named, or of the rows that matched
/// @param timestamp of its records
public record Deletion(long count, long timestamp) {}
