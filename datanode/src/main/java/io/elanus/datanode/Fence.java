package io.elanus.datanode;

import io.elanus.common.manifest.FileRef;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.manifest.ManifestStore.Current;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Which objects a shard's next manifest may name that its newest one does not: those whose id is at or above
/// the fence. Objects below it that no readable manifest names are deleted, or about to be, at whatever
/// time (docs/decisions/0102).
///
/// ```
///  fence 500     named so far: 310 498     next: 310 498 612      in order
///                                          next: 310 498 467      467 came too late
/// ```
///
/// @param named by the newest manifest
/// @param lowest id of an attempt that may still commit what it wrote
record Fence(Set<ObjectKey> named, long lowest) {
  static Fence of(Current current) {
    Set<ObjectKey> named = new HashSet<>();
    current.manifest().files().forEach(file -> named.add(file.key()));
    return new Fence(named, current.pointer().fence());
  }

  /// An object of `next`, itself included, that it may not name.
  Optional<ObjectKey> refused(Manifest next) {
    if (lowest == 0) {
      return Optional.empty();
    }
    return Stream.concat(
            Stream.of(ManifestStore.keyOf(next)), next.files().stream().map(FileRef::key))
        .filter(key -> !named.contains(key) && ObjectLayout.attempt(key).orElse(-1) < lowest)
        .findFirst();
  }
}
