package io.elanus.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/// Runs many seeds and says how fast. Goes on after a failing seed; ends with status 1 if there was one.
///
/// ```
/// --from <seed> --count <seeds> [--log <level>] [--plant <name>] [--twice] [--until-failure]
/// ```
public final class SimulationCommand {
  private SimulationCommand() {}

  public static void main(String[] args) {
    long from = Long.parseLong(option(args, "--from", "0"));
    long count = Long.parseLong(option(args, "--count", "1"));
    logAt(Level.toLevel(option(args, "--log", "OFF")));
    Plants plant = Plants.valueOf(option(args, "--plant", "NONE"));
    boolean twice = List.of(args).contains("--twice");
    boolean untilFailure = List.of(args).contains("--until-failure");
    List<Long> failed = new ArrayList<>();
    long started = System.nanoTime();
    for (long seed = from; seed < from + count && !(untilFailure && !failed.isEmpty()); seed++) {
      if (!runs(seed, plant, twice, count <= 20)) {
        failed.add(seed);
      }
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    System.out.printf(
        "%d seeds from %d in %.1f s: %.2f seeds/s, %d failed %s%n",
        count, from, seconds, count / seconds, failed.size(), failed);
    System.exit(failed.isEmpty() ? 0 : 1);
  }

  private static boolean runs(long seed, Plants plant, boolean twice, boolean verbose) {
    try {
      Simulation.Result result = Simulation.run(seed, plant.plant());
      if (verbose) {
        System.out.println("seed " + seed + ": " + result);
      }
      if (twice && Simulation.run(seed, plant.plant()).traceHash() != result.traceHash()) {
        System.out.println("seed " + seed + ": another run took another way");
        return false;
      }
      return true;
    } catch (AssertionError e) {
      System.out.println(e.getMessage());
      return false;
    }
  }

  static void logAt(Level level) {
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(level);
    ((Logger) LoggerFactory.getLogger("io.elanus")).setLevel(level);
  }

  private static String option(String[] args, String name, String otherwise) {
    for (int i = 0; i + 1 < args.length; i++) {
      if (args[i].equals(name)) {
        return args[i + 1];
      }
    }
    return otherwise;
  }
}
