package io.elanus.common.manifest;

import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import java.util.List;

/// A change of a manifest by somebody who is not the shard's owner (an index builder, later a compactor or
/// an importer). The owner re-bases it on its newest manifest.
///
/// @param id drawn by the submitter; a repeated edit has its effect once
public record ManifestEdit(long id, ShardId shard, List<AddIndex> addIndexes) {
  public ManifestEdit {
    addIndexes = List.copyOf(addIndexes);
  }

  /// Requires that `segment` is still there.
  public record AddIndex(SegmentId segment, IndexEntry index) {}
}
