package io.elanus.datacoord;

import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectLayout;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Which objects of a shard nobody is ever going to name again. Pure, but for the manifests it reads.
///
/// ```
///  manifests   5 . 6 . 7 . 8 . 9 newest        oldest readable 7: what 7, 8 and 9 name is kept
///  attempts    ...... 400 ......  fence  ...   an object of attempt 350 that they do not name will never be
///                                              named; one of attempt 450 may be
/// ```
final class SweepPlan {
  private SweepPlan() {}

  /// Everything that a shard's readable manifests name, and themselves.
  ///
  /// @param newest the newest committed manifest
  /// @param oldest version of the oldest that is to stay readable
  static Set<ObjectKey> named(Manifest newest, long oldest, Function<ObjectKey, Manifest> read) {
    Set<ObjectKey> named = new HashSet<>();
    Optional<Manifest> next = Optional.of(newest);
    while (next.isPresent()) {
      Manifest manifest = next.get();
      named.add(ManifestStore.keyOf(manifest));
      manifest.files().forEach(file -> named.add(file.key()));
      next = manifest.version() > oldest ? manifest.parent().map(read) : Optional.empty();
    }
    return named;
  }

  /// Everything that `manifests` name, and themselves.
  static Set<ObjectKey> named(Collection<ObjectKey> manifests, Function<ObjectKey, Manifest> read) {
    Set<ObjectKey> named = new HashSet<>(manifests);
    for (ObjectKey key : manifests) {
      read.apply(key).files().forEach(file -> named.add(file.key()));
    }
    return named;
  }

  /// Those of `found` that are in nobody's way and may be deleted. An object of an unknown form stays.
  static List<ObjectKey> garbage(List<ObjectKey> found, Set<ObjectKey> named, long fence) {
    return found.stream()
        .filter(key -> !named.contains(key))
        .filter(key -> ObjectLayout.attempt(key).orElse(Long.MAX_VALUE) < fence)
        .toList();
  }
}
