package io.elanus.standalone.rebuild;

import io.elanus.common.manifest.Manifest;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import java.util.List;

/// What becomes of a shard.
sealed interface ShardFate {
  ShardId shard();

  /// A manifest and the log after its checkpoint.
  ///
  /// @param passedOver what is wrong with newer manifests
  record Recovered(ShardId shard, ObjectKey key, Manifest manifest, List<String> passedOver)
      implements ShardFate {
    public Recovered {
      passedOver = List.copyOf(passedOver);
    }
  }

  /// It never had a manifest: all of it is in the log.
  record InLog(ShardId shard) implements ShardFate {}

  /// No manifest that is whole reaches to where the log begins: rows are missing.
  record Lost(ShardId shard, List<String> reasons) implements ShardFate {
    public Lost {
      reasons = List.copyOf(reasons);
    }
  }
}
