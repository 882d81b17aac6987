package io.elanus.model;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.elanus.common.run.SystemRun;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/// Runs many seeds and says how fast. Goes on after a failing seed; ends with status 1 if there was one.
///
/// ```
/// --from <seed> --count <seeds> [--on <host:port>] [--log <level>]
/// ```
///
/// In process many seeds are run by several JVMs, one after the other: what a server that was not closed had
/// mapped stays mapped.
public final class ModelCommand {
  private static final int SEEDS_PER_JVM = 500;

  private ModelCommand() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    long from = Long.parseLong(option(args, "--from", "0"));
    long count = Long.parseLong(option(args, "--count", "1"));
    String on = option(args, "--on", "");
    Level level = Level.toLevel(option(args, "--log", "OFF"));
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(level);
    ((Logger) LoggerFactory.getLogger("io.elanus")).setLevel(level);
    boolean clean =
        on.isEmpty() && count > SEEDS_PER_JVM
            ? runInChildren(from, count, level)
            : run(from, count, on);
    System.exit(clean ? 0 : 1);
  }

  private static String option(String[] args, String name, String otherwise) {
    int at = List.of(args).indexOf(name);
    return at < 0 ? otherwise : args[at + 1];
  }

  private static boolean run(long from, long count, String on) {
    List<Long> failed = new ArrayList<>();
    long started = System.nanoTime();
    for (long seed = from; seed < from + count; seed++) {
      try {
        if (on.isEmpty()) {
          Models.run(seed);
        } else {
          runOn(seed, on);
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

  private static void runOn(long seed, String address) {
    SystemRun run = new SystemRun();
    String name = "model_%d_%d".formatted(seed, run.wallMillis());
    try (OverSockets server = new OverSockets(run, address)) {
      new ModelRun(seed, server, name).run();
    } catch (Difference e) {
      throw new Difference(
          "seed %d: %s%nagain: standalone/model --from %d --count 1 --on %s"
              .formatted(seed, e.getMessage(), seed, address),
          e);
    }
  }

  private static boolean runInChildren(long from, long count, Level level)
      throws IOException, InterruptedException {
    boolean clean = true;
    for (long first = from; first < from + count; first += SEEDS_PER_JVM) {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
      command.addAll(
          List.of("-cp", System.getProperty("java.class.path"), ModelCommand.class.getName()));
      long some = Math.min(SEEDS_PER_JVM, from + count - first);
      command.addAll(List.of("--from", "" + first, "--count", "" + some, "--log", "" + level));
      clean &= new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    }
    return clean;
  }
}
