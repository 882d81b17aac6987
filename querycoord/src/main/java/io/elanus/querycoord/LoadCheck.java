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
import io.elanus.rpc.codec.CatalogCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Whether a collection may be loaded: it is there, and each of its vector fields has an index.
final class LoadCheck {
  private LoadCheck() {}

  /// Reads the catalog now.
  ///
  /// @return the load, under the conditions that nothing it rests on changes before it is committed
  /// @throws io.elanus.common.error.DbException `COLLECTION_NOT_FOUND`, `INDEX_NOT_FOUND`,
  ///     `INVALID_PARAMETER`
  static ServingCommand.Load check(MetaStore store, CollectionId id, int replicaNumber) {
    MetaEntry entry = store.get(MetaKeys.collection(id)).orElseThrow(() -> LoadCheck.notFound(id));
    Collection collection = CatalogCodec.collection(entry);
    if (collection.state() != CollectionState.ACTIVE) {
      throw notFound(id);
    }
    List<MetaEntry> indexes = store.range(MetaKeys.indexes(id)).entries();
    requireIndexes(collection, indexes);
    List<Condition> conditions = new ArrayList<>();
    conditions.add(unchanged(entry));
    indexes.forEach(index -> conditions.add(unchanged(index)));
    return new ServingCommand.Load(
        id, new ServingState.Load(replicaNumber, collection.shardCount()), conditions);
  }

  private static void requireIndexes(Collection collection, List<MetaEntry> indexes) {
    if (indexes.isEmpty()) {
      throw ErrorCode.INDEX_NOT_FOUND.with("collection", collection.name());
    }
    Set<Long> indexed =
        indexes.stream()
            .map(entry -> CatalogCodec.index(entry).fieldId())
            .collect(Collectors.toSet());
    List<String> missing =
        collection.schema().vectorFields().stream()
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

  private static RuntimeException notFound(CollectionId id) {
    return ErrorCode.COLLECTION_NOT_FOUND.with("collection", id);
  }
}
