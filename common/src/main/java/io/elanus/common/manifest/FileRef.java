package io.elanus.common.manifest;

import io.elanus.common.object.ObjectKey;

/// An object with what proves it whole.
///
/// @param crc32c of all its bytes
public record FileRef(ObjectKey key, long sizeBytes, int crc32c) {}
