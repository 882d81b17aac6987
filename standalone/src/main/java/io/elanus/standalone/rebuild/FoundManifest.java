package io.elanus.standalone.rebuild;

import io.elanus.common.manifest.Manifest;
import io.elanus.common.object.ObjectKey;
import java.util.List;
import java.util.Optional;

/// A manifest object of the bucket.
///
/// @param epoch of the owner that wrote it, as the key says
/// @param manifest empty when it cannot be read
/// @param problems of it and the objects it names; empty when all of them are whole
record FoundManifest(
    ObjectKey key, long epoch, Optional<Manifest> manifest, List<String> problems) {
  FoundManifest {
    problems = List.copyOf(problems);
  }

  boolean isWhole() {
    return problems.isEmpty();
  }
}
