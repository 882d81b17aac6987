package io.elanus.rootcoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.Database;
import io.elanus.common.model.DatabaseId;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.PendingDdl;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/// The catalog at one instant. Collections being dropped or restored are in it, but no name finds them.
///
/// @param names every collection by database and name; a name is not free before its drop is finished
/// @param aliases collections by their other names
/// @param held who had a name or alias that is given to nobody else before the control record of its loss is
///     everywhere; in `names` and `aliases` it is that of another one, or of nobody
record CatalogState(
    Map<DatabaseId, Database> databases,
    Map<CollectionId, Collection> collections,
    Map<CollectionId, List<IndexDefinition>> indexes,
    Map<Name, CollectionId> names,
    Map<Name, CollectionId> aliases,
    Map<Name, CollectionId> held) {
  record Name(DatabaseId database, String collection) {}

  static final CatalogState EMPTY =
      new CatalogState(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of());

  /// @throws DbException `DATABASE_NOT_FOUND`
  Database requireDatabase(String name) {
    return findDatabase(name)
        .orElseThrow(() -> ErrorCode.DATABASE_NOT_FOUND.with("database", name));
  }

  Optional<Database> findDatabase(String name) {
    return databases.values().stream().filter(db -> db.name().equals(name)).findFirst();
  }

  /// Whoever holds the name, also while it is being dropped or restored.
  Optional<Collection> holder(Database database, String name) {
    return Optional.ofNullable(names.get(new Name(database.id(), name))).map(collections::get);
  }

  /// Whose alias it is.
  Optional<Collection> aliased(Database database, String alias) {
    return Optional.ofNullable(aliases.get(new Name(database.id(), alias))).map(collections::get);
  }

  /// Whom a change under way keeps from being mistaken for the next one of that name.
  Optional<Collection> holding(Database database, String name) {
    return Optional.ofNullable(held.get(new Name(database.id(), name))).map(collections::get);
  }

  /// Who has, or had, a name that means nothing certain yet: it is being dropped, or the name is being given to
  /// somebody else.
  Optional<Collection> leaving(String database, String name) {
    Database in = requireDatabase(database);
    return holding(in, name).or(() -> holder(in, name).filter(CatalogState::isDropping));
  }

  /// Whether a collection of the database is being restored.
  boolean isRestoredTo(Database database) {
    return collections.values().stream()
        .anyMatch(
            c -> c.database().equals(database.id()) && c.state() == CollectionState.RESTORING);
  }

  /// Whether something of the database is not finished.
  Optional<Collection> busyIn(Database database) {
    return Stream.concat(
            dropping().stream().filter(c -> c.database().equals(database.id())),
            held.entrySet().stream()
                .filter(e -> e.getKey().database().equals(database.id()))
                .map(e -> collections.get(e.getValue())))
        .findFirst();
  }

  /// By its name or an alias.
  ///
  /// @throws DbException `DATABASE_NOT_FOUND`, `COLLECTION_NOT_FOUND`
  Collection requireCollection(String database, String name) {
    Database in = requireDatabase(database);
    return holder(in, name)
        .filter(CatalogState::isActive)
        .or(() -> aliased(in, name))
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
    return collections.values().stream().filter(CatalogState::isDropping).toList();
  }

  /// Those that wait for a control record.
  List<Collection> unfinished() {
    return collections.values().stream().filter(CatalogState::isUnfinished).toList();
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

  static boolean isUnfinished(Collection collection) {
    return isDropping(collection) || collection.pending().isPresent();
  }

  static boolean isActive(Collection collection) {
    return collection.state() == CollectionState.ACTIVE;
  }

  static boolean isDropping(Collection collection) {
    return collection.state() == CollectionState.DROPPING;
  }

  private static final class Draft {
    private final Map<DatabaseId, Database> databases;
    private final Map<CollectionId, Collection> collections;
    private final Map<CollectionId, List<IndexDefinition>> indexes;
    private final Map<Name, CollectionId> names;
    private final Map<Name, CollectionId> aliases;
    private final Map<Name, CollectionId> held;

    Draft(CatalogState state) {
      databases = new TreeMap<>(state.databases);
      collections = new TreeMap<>(state.collections);
      indexes = new HashMap<>(state.indexes);
      names = new HashMap<>(state.names);
      aliases = new HashMap<>(state.aliases);
      held = new HashMap<>(state.held);
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
          Collections.unmodifiableMap(names),
          Collections.unmodifiableMap(aliases),
          Collections.unmodifiableMap(held));
    }

    private void put(Collection collection) {
      remove(collection.id());
      collections.put(collection.id(), collection);
      forEachName(collection, (map, name) -> map.put(name, collection.id()));
    }

    private void remove(CollectionId id) {
      Collection gone = collections.remove(id);
      if (gone != null) {
        forEachName(gone, (map, name) -> map.remove(name, id));
      }
    }

    private void forEachName(
        Collection collection, BiConsumer<Map<Name, CollectionId>, Name> action) {
      DatabaseId database = collection.database();
      action.accept(names, new Name(database, collection.name()));
      collection.aliases().forEach(alias -> action.accept(aliases, new Name(database, alias)));
      collection
          .pending()
          .map(PendingDdl::heldNames)
          .orElse(List.of())
          .forEach(name -> action.accept(held, new Name(name.database(), name.name())));
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
