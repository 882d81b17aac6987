package io.elanus.indexnode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.proto.internal.IndexJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Makes builds, each with a folder of its own below the scratch folder.
final class IndexBuilds {
  private final IndexNodeConfig config;
  private final IndexNodeRole.Ports ports;

  IndexBuilds(IndexNodeConfig config, IndexNodeRole.Ports ports) {
    this.config = config;
    this.ports = ports;
    emptyScratch();
  }

  IndexBuild of(IndexJob job) {
    return new IndexBuild(job, config, ports);
  }

  /// What a former life left was never committed.
  private void emptyScratch() {
    Path scratch = config.scratch();
    try {
      Files.createDirectories(scratch);
      try (Stream<Path> leftovers = Files.list(scratch)) {
        for (Path leftover : leftovers.toList()) {
          Files.delete(leftover);
        }
      }
    } catch (IOException e) {
      throw new DbException(ErrorCode.STORAGE_IO_FAILED, "cannot empty %s".formatted(scratch), e);
    }
  }
}
