package io.elanus.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.slf4j.LoggerFactory;

/// Runs many seeds and says how fast. Goes on after a failing seed; ends with status 1 if there was one.
///
/// ```
/// --from <seed> --count <seeds> [--log <level>] [--plant <name>] [--twice-every <n>] [--until-failure]
/// [--clients <most>] [--millis <most>] [--without <faults and parts, by commas>]
/// ```
///
/// Of a failing seed it says how to run it again, and, where it finds one, a smaller run that fails as well.
///
/// Many seeds are run by several JVMs, one after the other: what a killed process had mapped stays mapped
/// in the JVM that simulated it.
public final class SimulationCommand {
  private static final int SEEDS_PER_JVM = 2_000;

  private SimulationCommand() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Seeds seeds = Seeds.of(args);
    boolean clean = seeds.count <= SEEDS_PER_JVM ? seeds.run() : seeds.runInChildren();
    System.exit(clean ? 0 : 1);
  }

  /// @param twiceEvery every so many seeds one has to take the same way again; 0 for none
  private record Seeds(
      long from,
      long count,
      String log,
      Plants plant,
      Cut cut,
      long twiceEvery,
      boolean untilFailure) {
    static Seeds of(String[] args) {
      return new Seeds(
          Long.parseLong(option(args, "--from", "0")),
          Long.parseLong(option(args, "--count", "1")),
          option(args, "--log", "OFF"),
          Plants.valueOf(option(args, "--plant", "NONE")),
          cut(args),
          Long.parseLong(option(args, "--twice-every", "0")),
          List.of(args).contains("--until-failure"));
    }

    private static Cut cut(String[] args) {
      String most = "" + Integer.MAX_VALUE;
      String without = option(args, "--without", "");
      return new Cut(
          Integer.parseInt(option(args, "--clients", most)),
          Integer.parseInt(option(args, "--millis", most)),
          without.isEmpty() ? Set.of() : Set.of(without.split(",", -1)));
    }

    private static String option(String[] args, String name, String otherwise) {
      int at = List.of(args).indexOf(name);
      return at < 0 ? otherwise : args[at + 1];
    }

    /// @return whether no seed failed
    boolean run() {
      logAt(Level.toLevel(log));
      List<Long> failed = new ArrayList<>();
      long started = System.nanoTime();
      long seed = from;
      while (seed < from + count && !(untilFailure && !failed.isEmpty())) {
        if (!run(seed)) {
          failed.add(seed);
        }
        seed++;
      }
      double seconds = (System.nanoTime() - started) / 1e9;
      System.out.printf(
          "%d seeds from %d in %.1f s: %.2f seeds/s, %d failed %s%n",
          seed - from, from, seconds, (seed - from) / seconds, failed.size(), failed);
      return failed.isEmpty();
    }

    private boolean run(long seed) {
      try {
        Simulation.Result result = Simulation.run(seed, plant.plant(), cut);
        if (count <= 10) {
          System.out.println("seed " + seed + ": " + result);
        }
        boolean same = !isTwice(seed) || Simulation.run(seed, plant.plant(), cut).equals(result);
        if (!same) {
          System.out.println("seed " + seed + ": another run took another way");
        }
        return same;
      } catch (Violation e) {
        System.out.println(e.getMessage() + planted());
        shorten(seed, e);
        return false;
      }
    }

    private boolean isTwice(long seed) {
      return twiceEvery > 0 && seed % twiceEvery == 0;
    }

    private void shorten(long seed, Violation violation) {
      logAt(Level.OFF);
      Shortening.of(seed, plant, cut, violation)
          .ifPresent(shorter ->
              System.out.printf(
                  "shorter: standalone/simulate --from %d --count 1%s --log WARN%s%n",
                  seed, shorter.options(), planted()));
      logAt(Level.toLevel(log));
    }

    private String planted() {
      return plant == Plants.NONE ? "" : " --plant " + plant;
    }

    boolean runInChildren() throws IOException, InterruptedException {
      boolean clean = true;
      for (long first = from; first < from + count; first += SEEDS_PER_JVM) {
        long some = Math.min(SEEDS_PER_JVM, from + count - first);
        boolean cleanPart =
            new ProcessBuilder(command(first, some)).inheritIO().start().waitFor() == 0;
        clean &= cleanPart;
        if (untilFailure && !clean) {
          return false;
        }
      }
      return clean;
    }

    private List<String> command(long first, long some) {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
      command.addAll(
          List.of("-cp", System.getProperty("java.class.path"), SimulationCommand.class.getName()));
      command.addAll(List.of("--from", "" + first, "--count", "" + some));
      command.addAll(List.of("--log", log, "--plant", plant.name()));
      Arrays.stream(cut.options().split(" ", -1)).filter(o -> !o.isEmpty()).forEach(command::add);
      command.addAll(List.of("--twice-every", "" + twiceEvery));
      if (untilFailure) {
        command.add("--until-failure");
      }
      return command;
    }
  }

  static void logAt(Level level) {
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(level);
    ((Logger) LoggerFactory.getLogger("io.elanus")).setLevel(level);
  }
}
