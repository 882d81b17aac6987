package io.elanus.proxy.catalog;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.error.ErrorKind;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.Watcher;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.DescribeCollectionRequest;
import io.elanus.proto.internal.ListCollectionsRequest;
import io.elanus.proto.internal.ListIndexesRequest;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.internal.RootCoordApi;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Collections by name, remembered until the catalog changes.
///
/// What is remembered may be old by the time a change takes to arrive. That is enough to begin with: a
/// write confirms the version before it appends, a leader refuses a plan of an older version, and "not
/// found" is asked of rootcoord each time.
public final class CollectionCache implements AutoCloseable {
  /// Collections remembered; the least recently used go first.
  private static final int MAX_ENTRIES = 16_384;

  /// Begins the keys of collections and of indexes.
  private static final String CATALOG = "catalog/";

  private record Name(String database, String collection) {}

  private final Peers peers;
  private final Gate gate;
  private final Watcher watcher;

  // guarded by gate
  private final Map<Name, CollectionView> views =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Name, CollectionView> eldest) {
          return size() > MAX_ENTRIES;
        }
      };

  /// Grows with every change, so that an answer asked for before a change is not remembered after it.
  private long epoch;

  public CollectionCache(Run run, MetaStore metaStore, Peers peers) {
    this.peers = peers;
    this.gate = run.gate();
    this.watcher = Watcher.start(run, metaStore, CATALOG, new Forgetting());
  }

  private final class Forgetting implements Watcher.Listener {
    @Override
    public void listed(List<MetaEntry> entries) {
      gate.change(() -> {
        epoch++;
        views.clear();
      });
    }

    @Override
    public void changed(List<MetaEvent> events) {
      events.forEach(event -> collectionOf(event.key()).ifPresent(CollectionCache.this::forget));
    }
  }

  /// The collection as remembered, else as rootcoord knows it.
  ///
  /// @throws DbException `COLLECTION_NOT_FOUND`, `DATABASE_NOT_FOUND`: never from memory
  public CollectionView find(String database, String name) {
    return remembered(database, name).orElseGet(() -> ask(database, name));
  }

  /// Does `work` on the collection as remembered. A refusal may come from an old memory, so it counts only
  /// when rootcoord knows the collection just so; else `work` is done again on what rootcoord knows.
  public <T> T with(String database, String name, Function<CollectionView, T> work) {
    Optional<CollectionView> old = remembered(database, name);
    if (old.isEmpty()) {
      return work.apply(ask(database, name));
    }
    try {
      return work.apply(old.get());
    } catch (DbException e) {
      if (e.kind() != ErrorKind.BAD_REQUEST) {
        throw e;
      }
      CollectionView now = ask(database, name);
      if (now.equals(old.get())) {
        throw e;
      }
      return work.apply(now);
    }
  }

  public Optional<CollectionView> remembered(String database, String name) {
    return gate.read(() -> Optional.ofNullable(views.get(new Name(database, name))));
  }

  /// The collection as rootcoord knows it now.
  public CollectionView ask(String database, String name) {
    DescribeCollectionRequest request =
        DescribeCollectionRequest.newBuilder().setDatabase(database).setName(name).build();
    return remember(request, new Name(database, name));
  }

  /// By id, whatever its name; always as rootcoord knows it now.
  public CollectionView ask(String database, CollectionId id) {
    DescribeCollectionRequest request =
        DescribeCollectionRequest.newBuilder().setDatabase(database).setId(id.value()).build();
    return remember(request, new Name(database, Long.toString(id.value())));
  }

  private CollectionView remember(DescribeCollectionRequest request, Name asked) {
    long before = gate.read(() -> epoch);
    CollectionView view = describe(request, asked);
    Name name = new Name(view.collection().databaseName(), view.collection().name());
    gate.change(() -> {
      if (epoch == before) {
        views.put(name, view);
      }
    });
    return view;
  }

  private CollectionView describe(DescribeCollectionRequest request, Name asked) {
    RootCoordApi rootCoord = peers.rootCoord();
    try {
      Collection collection =
          CatalogCodec.decode(rootCoord.describeCollection(request).getCollection());
      ListIndexesRequest indexes =
          ListIndexesRequest.newBuilder().setCollectionId(collection.id().value()).build();
      return new CollectionView(
          collection,
          rootCoord.listIndexes(indexes).getIndexesList().stream()
              .map(CatalogCodec::decode)
              .toList());
    } catch (DbException e) {
      throw e.code() == ErrorCode.COLLECTION_NOT_FOUND ? notFound(asked) : e;
    }
  }

  /// In the words SDKs look for.
  private static DbException notFound(Name asked) {
    return ErrorCode.COLLECTION_NOT_FOUND.because(
        "can't find collection[database=%s][collection=%s]", asked.database, asked.collection);
  }

  /// All collections of a database, as rootcoord knows them now.
  public List<Collection> list(String database) {
    return peers
        .rootCoord()
        .listCollections(ListCollectionsRequest.newBuilder().setDatabase(database).build())
        .getCollectionsList()
        .stream()
        .map(CatalogCodec::decode)
        .toList();
  }

  public void forget(CollectionId id) {
    gate.change(() -> {
      epoch++;
      views.values().removeIf(view -> view.collection().id().equals(id));
    });
  }

  /// Whose entry changed: the key is a prefix, the collection's number, and for an index more.
  private static Optional<CollectionId> collectionOf(String key) {
    return Stream.of(MetaKeys.COLLECTIONS, MetaKeys.INDEXES)
        .filter(key::startsWith)
        .map(prefix -> key.substring(prefix.length()).split("/", 2)[0])
        .map(number -> new CollectionId(Long.parseLong(number)))
        .findFirst();
  }

  @Override
  public void close() {
    watcher.close();
  }
}
