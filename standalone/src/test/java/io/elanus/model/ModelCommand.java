package io.elanus.model;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.elanus.common.run.SystemRun;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Runs many seeds and says how fast. Goes on after a failing seed; ends with status 1 if there was one.
///
/// In process many seeds are run by several JVMs, one after the other: what a server that was not closed had
/// mapped stays mapped.
@Command(
    name = "standalone/model",
    mixinStandardHelpOptions = true,
    description = {
      "Runs random calls of the public API against a model in memory, seed by seed.",
      "A failing seed tells its last steps and how to run it again."
    })
public final class ModelCommand implements Callable<Integer> {
  private static final int SEEDS_PER_JVM = 500;

  @Option(names = "--from", paramLabel = "<seed>", description = "First seed (${DEFAULT-VALUE}).")
  private long from;

  @Option(
      names = "--count",
      paramLabel = "<n>",
      defaultValue = "1",
      description = "How many seeds (${DEFAULT-VALUE}).")
  private long count;

  @Option(
      names = "--on",
      paramLabel = "<host:port>",
      defaultValue = "",
      description =
          "A running server without authorization; else all roles run in this process, in simulated time.")
  private String on = "";

  @Option(names = "--log", defaultValue = "OFF", description = "Level of the log (OFF).")
  private String log = "OFF";

  private ModelCommand() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new ModelCommand()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Level level = Level.toLevel(log);
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(level);
    ((Logger) LoggerFactory.getLogger("io.elanus")).setLevel(level);
    boolean clean = on.isEmpty() && count > SEEDS_PER_JVM ? runInChildren() : runHere();
    return clean ? 0 : 1;
  }

  private boolean runHere() {
    List<Long> failed = new ArrayList<>();
    long started = System.nanoTime();
    for (long seed = from; seed < from + count; seed++) {
      try {
        if (on.isEmpty()) {
          Models.run(seed);
        } else {
          runOverSockets(seed);
        }
      } catch (Difference e) {
        System.out.println(e.getMessage());
        failed.add(seed);
      }
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    System.out.printf(
        "%d seeds from %d in %.1f s: %.2f seeds/s, %d failed %s%n",
        count, from, seconds, count / seconds, failed.size(), failed);
    return failed.isEmpty();
  }

  private void runOverSockets(long seed) {
    SystemRun run = new SystemRun();
    String name = "model_%d_%d".formatted(seed, run.wallMillis());
    try (OverSockets server = new OverSockets(run, on)) {
      new ModelRun(seed, server, name).run();
    } catch (Difference e) {
      throw new Difference(
          "seed %d: %s%nagain: standalone/model --from %d --count 1 --on %s"
              .formatted(seed, e.getMessage(), seed, on),
          e);
    }
  }

  private boolean runInChildren() throws IOException, InterruptedException {
    boolean clean = true;
    for (long first = from; first < from + count; first += SEEDS_PER_JVM) {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
      command.addAll(
          List.of("-cp", System.getProperty("java.class.path"), ModelCommand.class.getName()));
      long some = Math.min(SEEDS_PER_JVM, from + count - first);
      command.addAll(List.of("--from", "" + first, "--count", "" + some, "--log", log));
      clean &= new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    }
    return clean;
  }
}
