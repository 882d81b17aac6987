package io.elanus.rootcoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.Database;
import io.elanus.common.model.DatabaseId;
import io.elanus.common.model.IndexDefinition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The catalog at one instant. Collections being dropped are in it, but no name finds them.
///
/// @param names every collection by database and name; a name is not free before its drop is finished
record CatalogState(
    Map<DatabaseId, Database> databases,
    Map<CollectionId, Collection> collections,
    Map<CollectionId, List<IndexDefinition>> indexes,
    Map<Name, CollectionId> names) {
  record Name(DatabaseId database, String collection) {}

  static final CatalogState EMPTY = new CatalogState(Map.of(), Map.of(), Map.of(), Map.of());

  /// @throws DbException `DATABASE_NOT_FOUND`
  Database requireDatabase(String name) {
    return findDatabase(name)
        .orElseThrow(() -> ErrorCode.DATABASE_NOT_FOUND.with("database", name));
  }

  Optional<Database> findDatabase(String name) {
    return databases.values().stream().filter(db -> db.name().equals(name)).findFirst();
  }

  /// Whoever holds the name, also while it is being dropped.
  Optional<Collection> holder(Database database, String name) {
    return Optional.ofNullable(names.get(new Name(database.id(), name))).map(collections::get);
  }

  /// @throws DbException `DATABASE_NOT_FOUND`, `COLLECTION_NOT_FOUND`
  Collection requireCollection(String database, String name) {
    return holder(requireDatabase(database), name)
        .filter(CatalogState::isActive)
        .orElseThrow(
            () -> ErrorCode.COLLECTION_NOT_FOUND.with("database", database, "collection", name));
  }

  Optional<Collection> findCollection(CollectionId id) {
    return Optional.ofNullable(collections.get(id)).filter(CatalogState::isActive);
  }

  /// @throws DbException `COLLECTION_NOT_FOUND`
  Collection requireCollection(CollectionId id) {
    return findCollection(id)
        .orElseThrow(() -> ErrorCode.COLLECTION_NOT_FOUND.with("collection", id));
  }

  /// In the order of their ids.
  List<Collection> collectionsOf(Database database) {
    return collections.values().stream()
        .filter(c -> c.database().equals(database.id()) && isActive(c))
        .toList();
  }

  List<Collection> dropping() {
    return collections.values().stream().filter(c -> !isActive(c)).toList();
  }

  List<IndexDefinition> indexesOf(CollectionId collection) {
    return indexes.getOrDefault(collection, List.of());
  }

  /// The changes that make this state of the empty one.
  Stream<CatalogChange> contents() {
    return Stream.of(
            databases.values().stream().map(CatalogChange.PutDatabase::new),
            collections.values().stream().map(CatalogChange.PutCollection::new),
            indexes.values().stream().flatMap(List::stream).map(CatalogChange.PutIndex::new))
        .flatMap(changes -> changes);
  }

  /// The state after `changes`; copies each map once.
  CatalogState apply(List<CatalogChange> changes) {
    Draft draft = new Draft(this);
    changes.forEach(draft::apply);
    return changes.isEmpty() ? this : draft.finish();
  }

  static boolean isActive(Collection collection) {
    return collection.state() == CollectionState.ACTIVE;
  }

  private static final class Draft {
    private final Map<DatabaseId, Database> databases;
    private final Map<CollectionId, Collection> collections;
    private final Map<CollectionId, List<IndexDefinition>> indexes;
    private final Map<Name, CollectionId> names;

    Draft(CatalogState state) {
      databases = new TreeMap<>(state.databases);
      collections = new TreeMap<>(state.collections);
      indexes = new HashMap<>(state.indexes);
      names = new HashMap<>(state.names);
    }

    void apply(CatalogChange change) {
      switch (change) {
        case CatalogChange.PutDatabase(var database) -> databases.put(database.id(), database);
        case CatalogChange.RemoveDatabase(var id) -> databases.remove(id);
        case CatalogChange.PutCollection(var collection) -> put(collection);
        case CatalogChange.RemoveCollection(var id) -> remove(id);
        case CatalogChange.PutIndex(var index) -> put(index);
        case CatalogChange.RemoveIndex(var index) -> remove(index);
      }
    }

    CatalogState finish() {
      return new CatalogState(
          Collections.unmodifiableMap(databases),
          Collections.unmodifiableMap(collections),
          Collections.unmodifiableMap(indexes),
          Collections.unmodifiableMap(names));
    }

    private void put(Collection collection) {
      collections.put(collection.id(), collection);
      names.put(new Name(collection.database(), collection.name()), collection.id());
    }

    private void remove(CollectionId id) {
      Collection gone = collections.remove(id);
      if (gone != null) {
        names.remove(new Name(gone.database(), gone.name()), id);
      }
    }

    private void put(IndexDefinition index) {
      List<IndexDefinition> list = others(index);
      list.add(index);
      indexes.put(index.collection(), List.copyOf(list));
    }

    private void remove(IndexDefinition index) {
      List<IndexDefinition> list = others(index);
      if (list.isEmpty()) {
        indexes.remove(index.collection());
      } else {
        indexes.put(index.collection(), List.copyOf(list));
      }
    }

    private List<IndexDefinition> others(IndexDefinition index) {
      List<IndexDefinition> list = new ArrayList<>();
      for (IndexDefinition other : indexes.getOrDefault(index.collection(), List.of())) {
        if (!other.id().equals(index.id())) {
          list.add(other);
        }
      }
      return list;
    }
  }
}
