package io.elanus.proxy.catalog;

import com.google.protobuf.InvalidProtocolBufferException;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.Watcher;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.LoadScope;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.LoadMeta;
import io.elanus.proto.internal.LoadStateRequest;
import io.elanus.proto.internal.LoadStateResponse;
import io.elanus.rpc.codec.LoadScopeCodec;
import io.elanus.rpc.internal.Peers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Which collections are to be served, and how much of them, as the metastore says. That one is not is read there
/// at that moment, never from memory. How far it is, querycoord is asked.
public final class Loads implements AutoCloseable {
  private final MetaStore metaStore;
  private final Peers peers;
  private final Map<CollectionId, LoadScope> scopes = new ConcurrentHashMap<>();
  private final Watcher watcher;

  public Loads(Run run, MetaStore metaStore, Peers peers) {
    this.metaStore = metaStore;
    this.peers = peers;
    this.watcher = Watcher.start(run, metaStore, MetaKeys.LOADS, new Following());
  }

  private final class Following implements Watcher.Listener {
    @Override
    public void listed(List<MetaEntry> entries) {
      Set<CollectionId> there =
          entries.stream()
              .map(entry -> MetaKeys.collectionOf(entry.key()))
              .collect(Collectors.toSet());
      scopes.keySet().retainAll(there);
      entries.forEach(
          entry -> take(MetaKeys.collectionOf(entry.key()), Optional.of(entry.value())));
    }

    @Override
    public void changed(List<MetaEvent> events) {
      events.forEach(event -> take(MetaKeys.collectionOf(event.key()), event.value()));
    }
  }

  private void take(CollectionId collection, Optional<byte[]> value) {
    value.ifPresentOrElse(
        bytes -> scopes.put(collection, scope(collection, bytes)), () -> scopes.remove(collection));
  }

  private static LoadScope scope(CollectionId collection, byte[] bytes) {
    try {
      return LoadScopeCodec.decode(LoadMeta.parseFrom(bytes).getScope());
    } catch (InvalidProtocolBufferException e) {
      throw new DbException(
          ErrorCode.CORRUPT, "load of collection %s is corrupt".formatted(collection), e);
    }
  }

  /// What is served of the collection, as last heard of; empty when it seems not to be loaded.
  public Optional<LoadScope> remembered(Collection collection) {
    return Optional.ofNullable(scopes.get(collection.id()));
  }

  /// What is served of the collection, as the metastore says now.
  ///
  /// @throws DbException `COLLECTION_NOT_LOADED` when nobody wants it served
  public LoadScope require(Collection collection) {
    take(collection.id(), metaStore.get(MetaKeys.load(collection.id())).map(MetaEntry::value));
    return remembered(collection)
        .orElseThrow(() -> ErrorCode.COLLECTION_NOT_LOADED.with("collection", collection.name()));
  }

  /// For a collection whose load has just been changed.
  public void forget(Collection collection) {
    scopes.remove(collection.id());
  }

  /// How far it is, as querycoord knows it.
  public LoadStateResponse state(Collection collection) {
    return peers
        .queryCoord()
        .loadState(LoadStateRequest.newBuilder().setCollectionId(collection.id().value()).build());
  }

  /// As [#state].
  ///
  /// @throws DbException `COLLECTION_NOT_LOADED` when nobody wants the collection served
  public LoadStateResponse requireState(Collection collection) {
    LoadStateResponse state = state(collection);
    if (!state.getWanted()) {
      throw ErrorCode.COLLECTION_NOT_LOADED.with("collection", collection.name());
    }
    return state;
  }

  @Override
  public void close() {
    watcher.close();
  }
}
