package io.elanus.querycoord;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.Field;
import io.elanus.common.model.Partition;
import io.elanus.common.model.PartitionId;
import io.elanus.querycoord.ServingCommand.Wish;
import io.elanus.rpc.codec.CatalogCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Whether a collection may be loaded: it is there with the partitions that are named, and each of its
/// vector fields that are to be loaded has an index.
///
/// @param conditions that nothing it rests on changes before the load is committed
record LoadCheck(Collection collection, List<Condition> conditions) {
  /// Reads the catalog now.
  ///
  /// @throws io.elanus.common.error.DbException `COLLECTION_NOT_FOUND`, `PARTITION_NOT_FOUND`,
  ///     `INDEX_NOT_FOUND`, `INVALID_PARAMETER`
  static LoadCheck check(MetaStore store, CollectionId id, Wish wish) {
    MetaEntry entry = require(store, id);
    Collection collection = CatalogCodec.collection(entry);
    requirePartitions(collection, wish.partitions());
    List<MetaEntry> indexes = store.range(MetaKeys.indexes(id)).entries();
    requireIndexes(collection, wish.fieldIds(), indexes);
    List<Condition> conditions = new ArrayList<>();
    conditions.add(unchanged(entry));
    indexes.forEach(index -> conditions.add(unchanged(index)));
    return new LoadCheck(collection, conditions);
  }

  /// Only that the collection is there, and stays as it is.
  static LoadCheck check(MetaStore store, CollectionId id) {
    MetaEntry entry = require(store, id);
    return new LoadCheck(CatalogCodec.collection(entry), List.of(unchanged(entry)));
  }

  private static MetaEntry require(MetaStore store, CollectionId id) {
    return store
        .get(MetaKeys.collection(id))
        .filter(entry -> CatalogCodec.collection(entry).state() == CollectionState.ACTIVE)
        .orElseThrow(() -> ErrorCode.COLLECTION_NOT_FOUND.with("collection", id));
  }

  Set<PartitionId> partitions() {
    return collection.partitions().stream().map(Partition::id).collect(Collectors.toSet());
  }

  private static void requirePartitions(Collection collection, Set<PartitionId> wanted) {
    Set<PartitionId> there =
        collection.partitions().stream().map(Partition::id).collect(Collectors.toSet());
    wanted.stream()
        .filter(partition -> !there.contains(partition))
        .findFirst()
        .ifPresent(partition -> {
          throw ErrorCode.PARTITION_NOT_FOUND.with("partition", partition);
        });
  }

  private static void requireIndexes(
      Collection collection, Set<Long> fieldIds, List<MetaEntry> indexes) {
    if (indexes.isEmpty() && !collection.schema().vectorFields().isEmpty()) {
      throw ErrorCode.INDEX_NOT_FOUND.with("collection", collection.name());
    }
    Set<Long> indexed =
        indexes.stream()
            .map(entry -> CatalogCodec.index(entry).fieldId())
            .collect(Collectors.toSet());
    List<String> missing =
        collection.schema().vectorFields().stream()
            .filter(field -> fieldIds.isEmpty() || fieldIds.contains(field.id()))
            .filter(field -> !indexed.contains(field.id()))
            .map(Field::name)
            .toList();
    if (!missing.isEmpty()) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "there is no vector index on field: [%s], please create index firstly",
          String.join(" ", missing));
    }
  }

  private static Condition unchanged(MetaEntry entry) {
    return new Condition.RevisionIs(entry.key(), entry.revision());
  }
}
