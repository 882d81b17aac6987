package io.elanus.model;

import io.elanus.common.run.SimulatedRun;
import io.elanus.common.run.SimulationFailed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Runs of seeds in process.
final class Models {
  private static final Duration LIMIT = Duration.ofHours(2);

  private Models() {}

  /// @throws Difference saying how to see it again
  static void run(long seed) {
    run(seed, UnaryOperator.identity());
  }

  /// @param way from the model to the server
  /// @throws Difference as above
  static void run(long seed, UnaryOperator<Milvus> way) {
    Path scratch = newFolder(seed);
    SimulatedRun world = new SimulatedRun(seed);
    try {
      world.run(
          () -> {
            try (InProcess server = new InProcess(world, scratch)) {
              new ModelRun(seed, way.apply(server), "model").run();
            }
          },
          LIMIT);
    } catch (SimulationFailed e) {
      throw new Difference(
          "%s%nagain: standalone/model --from %d --count 1".formatted(e.getMessage(), seed), e);
    } finally {
      delete(scratch);
    }
  }

  private static Path newFolder(long seed) {
    try {
      return Files.createTempDirectory("elanus-model-" + seed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
