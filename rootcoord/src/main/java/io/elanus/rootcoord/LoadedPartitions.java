package io.elanus.rootcoord;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.PartitionId;
import io.elanus.proto.internal.LoadMeta;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.LoadScopeCodec;
import java.util.List;
import java.util.Optional;

/// Whether a partition is loaded: querycoord says so in the metastore.
final class LoadedPartitions {
  private LoadedPartitions() {}

  /// The conditions under which it stays so.
  ///
  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` when the partition is loaded
  static List<Condition> requireUnloaded(
      MetaStore store, CollectionId collection, PartitionId partition) {
    String key = MetaKeys.load(collection);
    Optional<MetaEntry> load = store.get(key);
    if (load.filter(entry -> serves(entry, partition)).isPresent()) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "partition cannot be dropped, partition is loaded, please release it first");
    }
    return load.<List<Condition>>map(e -> List.of(new Condition.RevisionIs(key, e.revision())))
        .orElseGet(() -> List.of(new Condition.Absent(key)));
  }

  private static boolean serves(MetaEntry entry, PartitionId partition) {
    LoadMeta load = CatalogCodec.parse(entry, LoadMeta.parser());
    return LoadScopeCodec.decode(load.getScope()).serves(partition);
  }
}
