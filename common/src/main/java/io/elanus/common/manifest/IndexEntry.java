package io.elanus.common.manifest;

import io.elanus.common.model.IndexId;

/// An index file over one field of one segment.
public record IndexEntry(IndexId index, long fieldId, FileRef file) {}
