package io.elanus.common.manifest;

/// A file of logical deletes (key, version, upTo), valid for every segment of the shard.
public record DeleteFileEntry(FileRef file, int deleteCount, long minVersion, long maxVersion) {}
