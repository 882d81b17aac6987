package io.elanus.datacoord;

import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.NodeId;
import io.elanus.common.wal.LogId;
import io.elanus.proto.internal.OwnerMeta;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.SnapshotCodec;
import java.util.ArrayList;
import java.util.List;

/// Reads owners, flushes, compactions and snapshots back from the store.
final class DataLoader {
  private DataLoader() {}

  static DataState load(MetaStore store) {
    List<DataChange> changes = new ArrayList<>();
    store.range(MetaKeys.OWNERS).entries().forEach(entry -> changes.add(owner(entry)));
    store.range(MetaKeys.FLUSHES).entries().stream()
        .map(FlushNote::decode)
        .map(DataChange.PutNote::new)
        .forEach(changes::add);
    store.range(MetaKeys.COMPACTIONS).entries().stream()
        .map(CompactionNote::decode)
        .map(DataChange.PutCompaction::new)
        .forEach(changes::add);
    store.range(MetaKeys.SNAPSHOTS).entries().stream()
        .map(SnapshotCodec::snapshot)
        .map(DataChange.PutSnapshot::new)
        .forEach(changes::add);
    store.range(MetaKeys.RESTORES).entries().stream()
        .map(Restore::decode)
        .map(DataChange.PutRestore::new)
        .forEach(changes::add);
    return DataState.EMPTY.apply(changes);
  }

  private static DataChange owner(MetaEntry entry) {
    OwnerMeta meta = CatalogCodec.parse(entry, OwnerMeta.parser());
    LogId log = MetaKeys.logOf(entry.key());
    return new DataChange.PutOwner(
        log, new DataState.Owner(new NodeId(meta.getNodeId()), meta.getEpoch()));
  }
}
