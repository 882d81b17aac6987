package io.elanus.standalone.rebuild;

import io.elanus.common.model.ShardId;
import java.util.List;

/// The manifests of one shard, newest first, down to the first that is whole. None: the shard never had one.
///
/// @param strangers keys where manifests lie that are no manifest's
record FoundShard(ShardId shard, List<FoundManifest> manifests, List<String> strangers) {
  FoundShard {
    manifests = List.copyOf(manifests);
    strangers = List.copyOf(strangers);
  }

  /// Of all owners that left a manifest; 0 when none did.
  long maxEpoch() {
    return manifests.stream().mapToLong(FoundManifest::epoch).max().orElse(0);
  }
}
