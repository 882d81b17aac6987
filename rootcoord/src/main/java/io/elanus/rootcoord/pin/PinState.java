package io.elanus.rootcoord.pin;

import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.Pin;
import io.elanus.rpc.codec.PinsCodec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// All pins of the cluster.
///
/// @param pins of each collection that has some, by ascending mark
record PinState(Map<CollectionId, List<Pin>> pins) {
  static final PinState EMPTY = new PinState(Map.of());

  PinState {
    pins = Map.copyOf(pins);
  }

  /// What the metastore has below [MetaKeys#PINS].
  static PinState of(List<MetaEntry> entries) {
    Map<CollectionId, List<Pin>> pins = new HashMap<>();
    entries.forEach(entry -> pins.put(MetaKeys.collectionOf(entry.key()), PinsCodec.decode(entry)));
    return new PinState(pins);
  }

  List<Pin> of(CollectionId collection) {
    return pins.getOrDefault(collection, List.of());
  }

  boolean has(CollectionId collection, long mark) {
    return of(collection).stream().anyMatch(pin -> pin.mark() == mark);
  }

  int count() {
    return pins.values().stream().mapToInt(List::size).sum();
  }

  /// @param left of the collection; none when empty
  PinState with(CollectionId collection, List<Pin> left) {
    Map<CollectionId, List<Pin>> next = new HashMap<>(pins);
    if (left.isEmpty()) {
      next.remove(collection);
    } else {
      next.put(collection, List.copyOf(left));
    }
    return new PinState(next);
  }
}
