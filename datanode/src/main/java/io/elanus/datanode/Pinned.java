package io.elanus.datanode;

import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.Pin;
import io.elanus.rpc.codec.PinsCodec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The marks of a collection that are pinned, as one read of the metastore found them.
///
/// A pin is committed before its Mark is appended. So who has applied a log up to a position, and reads the pins
/// after that, finds the pin of every Mark before the position, or it is over:
///
/// ```
///  pin T committed ──> Mark T in the log ──> applied here ──> pins read here
/// ```
///
/// @param entry what was read; empty when nothing is pinned
record Pinned(CollectionId collection, Optional<MetaEntry> entry, Set<Long> marks) {
  static Pinned read(MetaStore meta, CollectionId collection) {
    Optional<MetaEntry> entry = meta.get(MetaKeys.pins(collection));
    List<Pin> pins = entry.map(PinsCodec::decode).orElse(List.of());
    return new Pinned(
        collection, entry, pins.stream().map(Pin::mark).collect(Collectors.toUnmodifiableSet()));
  }

  /// Holds as long as nobody has pinned or let go anything since.
  Condition unchanged() {
    return entry
        .<Condition>map(e -> new Condition.RevisionIs(e.key(), e.revision()))
        .orElseGet(() -> new Condition.Absent(MetaKeys.pins(collection)));
  }

  /// Whether nothing of what this says is different in `other`.
  boolean isSame(Pinned other) {
    return entry.map(MetaEntry::revision).equals(other.entry.map(MetaEntry::revision));
  }
}
