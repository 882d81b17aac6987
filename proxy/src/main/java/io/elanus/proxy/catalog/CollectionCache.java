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
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.PendingDdl;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.DescribeCollectionRequest;
import io.elanus.proto.internal.ListCollectionsRequest;
import io.elanus.proto.internal.ListIndexesRequest;
import io.elanus.rpc.call.RequestContext;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.internal.RootCoordApi;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Collections by name or alias, remembered until the catalog changes.
///
/// What is remembered may be old by the time a change takes to arrive. That is enough to begin with: a
/// write confirms the version before it appends, a leader refuses a plan of an older version, and "not
/// found" is asked of rootcoord each time.
///
/// While rootcoord cannot be asked, a collection whose name was heard of is read from the metastore: reads
/// go on without coordinators, also of collections nobody has asked for yet. That there is none is never
/// concluded so.
public final class CollectionCache implements AutoCloseable {
  /// Collections remembered; the least recently used go first.
  private static final int MAX_ENTRIES = 16_384;

  /// How often one request looks a collection up that keeps changing.
  private static final int MAX_TRIES = 5;

  /// Begins the keys of collections and of indexes.
  private static final String CATALOG = "catalog/";

  /// How long rootcoord may take to answer while there is another way: longer than it ever does, and shorter
  /// than clients wait.
  private static final Duration ASK_LIMIT = Duration.ofSeconds(5);

  private record Name(String database, String collection) {
    static Name of(PendingDdl.HeldName held) {
      return new Name(held.databaseName(), held.name());
    }
  }

  private final Run run;
  private final MetaStore metaStore;
  private final Peers peers;
  private final Gate gate;
  private final Watcher watcher;

  // guarded by gate
  private final Map<CollectionId, CollectionView> views =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<CollectionId, CollectionView> eldest) {
          return size() > MAX_ENTRIES;
        }
      };

  /// Every collection by its name and its aliases, as last heard of.
  private final Map<Name, CollectionId> ids = new HashMap<>();

  private final Map<CollectionId, List<Name>> names = new HashMap<>();

  /// Names that somebody else may still take for that collection: only rootcoord says what they mean.
  private final Map<CollectionId, List<Name>> held = new HashMap<>();

  /// Grows with every change, so that an answer asked for before a change is not remembered after it.
  private long epoch;

  public CollectionCache(Run run, MetaStore metaStore, Peers peers) {
    this.run = run;
    this.metaStore = metaStore;
    this.peers = peers;
    this.gate = run.gate();
    this.watcher = Watcher.start(run, metaStore, CATALOG, new Forgetting());
  }

  private final class Forgetting implements Watcher.Listener {
    @Override
    public void listed(List<MetaEntry> entries) {
      List<Collection> all =
          entries.stream()
              .filter(entry -> entry.key().startsWith(MetaKeys.COLLECTIONS))
              .map(CatalogCodec::collection)
              .toList();
      gate.change(() -> {
        epoch++;
        views.clear();
        ids.clear();
        names.clear();
        held.clear();
        all.forEach(CollectionCache.this::know);
      });
    }

    @Override
    public void changed(List<MetaEvent> events) {
      events.forEach(event -> {
        collectionOf(event.key()).ifPresent(CollectionCache.this::forget);
        if (event.key().startsWith(MetaKeys.COLLECTIONS)) {
          rename(event);
        }
      });
    }

    private void rename(MetaEvent event) {
      Optional<Collection> now =
          event
              .value()
              .map(value -> new MetaEntry(event.key(), value, event.revision()))
              .map(CatalogCodec::collection);
      gate.change(() -> {
        collectionOf(event.key()).ifPresent(CollectionCache.this::forgetNames);
        now.ifPresent(CollectionCache.this::know);
      });
    }
  }

  /// Under the gate.
  private void know(Collection collection) {
    if (collection.state() == CollectionState.ACTIVE) {
      List<Name> called =
          Stream.concat(Stream.of(collection.name()), collection.aliases().stream())
              .map(name -> new Name(collection.databaseName(), name))
              .toList();
      called.forEach(name -> ids.put(name, collection.id()));
      names.put(collection.id(), called);
      collection
          .pending()
          .map(PendingDdl::heldNames)
          .ifPresent(leaving -> held.put(collection.id(), leaving.stream().map(Name::of).toList()));
    }
  }

  /// Under the gate. A name may have gone to somebody else meanwhile.
  private void forgetNames(CollectionId collection) {
    Optional.ofNullable(names.remove(collection))
        .orElse(List.of())
        .forEach(name -> ids.remove(name, collection));
    held.remove(collection);
  }

  /// Under the gate.
  private boolean isHeld(Name name) {
    return held.values().stream().anyMatch(names -> names.contains(name));
  }

  /// The collection as remembered, else as rootcoord knows it.
  ///
  /// @throws DbException `COLLECTION_NOT_FOUND`, `DATABASE_NOT_FOUND`: never from memory
  public CollectionView find(String database, String name) {
    return remembered(database, name).orElseGet(() -> ask(database, name));
  }

  /// Does `work` on the collection as remembered. A refusal may come from an old memory, so it counts only
  /// when rootcoord knows the collection just so; else `work` is done again on what rootcoord knows, a few times.
  public <T> T with(String database, String name, Function<CollectionView, T> work) {
    CollectionView view = find(database, name);
    for (int tries = 1; ; tries++) {
      try {
        return work.apply(view);
      } catch (DbException e) {
        if (e.kind() != ErrorKind.BAD_REQUEST || tries == MAX_TRIES) {
          throw e;
        }
        CollectionView now = ask(database, name);
        if (now.equals(view)) {
          throw e;
        }
        view = now;
      }
    }
  }

  public Optional<CollectionView> remembered(String database, String name) {
    Name called = new Name(database, name);
    return gate.read(() ->
            isHeld(called)
                ? Optional.<CollectionView>empty()
                : Optional.ofNullable(ids.get(called)).map(views::get))
        .filter(view -> isCalled(view, called));
  }

  private static boolean isCalled(CollectionView view, Name name) {
    return view.collection().databaseName().equals(name.database)
        && view.collection().isCalled(name.collection);
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
    CollectionView view = describeOrRead(request, asked);
    CollectionId id = view.collection().id();
    gate.change(() -> {
      if (epoch == before) {
        views.put(id, view);
        forgetNames(id);
        know(view.collection());
      }
    });
    return view;
  }

  private CollectionView describeOrRead(DescribeCollectionRequest request, Name asked) {
    Optional<CollectionId> known =
        request.getId() != 0
            ? Optional.of(new CollectionId(request.getId()))
            : gate.read(() -> Optional.ofNullable(ids.get(asked)));
    if (known.isEmpty()) {
      return describe(request, asked);
    }
    try {
      return soon(() -> describe(request, asked));
    } catch (DbException e) {
      if (!isUnreachable(e)) {
        throw e;
      }
      return read(known.get())
          .filter(view -> request.getId() != 0 || isCalled(view, asked))
          .orElseThrow(() -> e);
    }
  }

  /// Within the time of the request, and not longer than it is worth while there is another way.
  private <T> T soon(Supplier<T> call) {
    Deadline limit = Deadline.after(run, ASK_LIMIT);
    return RequestContext.find()
        .map(c ->
            new RequestContext(
                c.database(), c.user(), c.traceId(), c.deadline().orEarlier(limit), c.connection()))
        .map(context -> context.call(call))
        .orElseGet(call);
  }

  private static boolean isUnreachable(DbException e) {
    return switch (e.kind()) {
      case NOT_READY, LOST_RACE, UNKNOWN_OUTCOME -> true;
      case CANCELED -> e.code() == ErrorCode.TIMEOUT;
      case BAD_REQUEST, OVERLOADED, CORRUPT, DENIED, BUG -> false;
    };
  }

  /// The collection as the metastore has it now; empty when it is gone.
  private Optional<CollectionView> read(CollectionId id) {
    return metaStore
        .get(MetaKeys.collection(id))
        .map(CatalogCodec::collection)
        .filter(collection -> collection.state() == CollectionState.ACTIVE)
        .map(collection ->
            new CollectionView(
                collection,
                metaStore.range(MetaKeys.indexes(id)).entries().stream()
                    .map(CatalogCodec::index)
                    .toList()));
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
      views.remove(id);
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
