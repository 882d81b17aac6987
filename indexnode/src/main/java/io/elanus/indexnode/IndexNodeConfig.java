package io.elanus.indexnode;

import java.nio.file.Path;
import java.time.Duration;

/// @param scratch folder for segment and index files while a build runs; emptied at start
/// @param threads that one build uses at most
/// @param directBytes direct memory that a build may have
/// @param pollWait how long datacoord may hold the question for work
/// @param leaseTtl of this node's membership
public record IndexNodeConfig(
    Path scratch, int threads, long directBytes, Duration pollWait, Duration leaseTtl) {
  public IndexNodeConfig {
    if (threads < 1) {
      throw new IllegalArgumentException("threads %d is below 1".formatted(threads));
    }
  }
}
