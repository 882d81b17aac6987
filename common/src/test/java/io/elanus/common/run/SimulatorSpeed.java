package io.elanus.common.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;

/// Measures what docs/results/spike-simulator.md tells: how fast the baton goes round, what a task
/// costs, how many small runs fit into a second. Not a test; run `main` with the test class path
/// and `virtual` or `platform`.
final class SimulatorSpeed {
  private static final int TASKS = 20;
  private static final int DEEP = 60;
  private static final int STEPS = 25_000;
  private static final int ROUNDS = 5;
  private static final int TOY_RUNS = 1_000;

  private SimulatorSpeed() {}

  public static void main(String[] args) {
    boolean platform = args.length > 0 && args[0].equals("platform");
    ThreadFactory threads =
        platform ? Thread.ofPlatform().daemon().factory() : Thread.ofVirtual().factory();
    for (int i = 0; i < ROUNDS; i++) {
      switches(threads, 0);
    }
    for (int i = 0; i < ROUNDS; i++) {
      switches(threads, DEEP);
    }
    for (int i = 0; i < ROUNDS; i++) {
      toyRuns(threads);
    }
    memory(threads, platform ? 2_000 : 50_000);
  }

  private static void switches(ThreadFactory threads, int depth) {
    SimulatedRun run = new SimulatedRun(1, threads);
    for (int i = 0; i < TASKS; i++) {
      run.fork("task-" + i, () -> step(run, depth));
    }
    long start = System.nanoTime();
    run.run(() -> step(run, depth), Duration.ofDays(1));
    print("switches per second at stack depth " + depth, run.switchCount() / seconds(start));
  }

  private static void step(SimulatedRun run, int depth) {
    if (depth > 0) {
      step(run, depth - 1);
      return;
    }
    for (int i = 0; i < STEPS; i++) {
      run.step();
    }
  }

  private static void toyRuns(ThreadFactory threads) {
    long start = System.nanoTime();
    long switches = 0;
    for (long seed = 0; seed < TOY_RUNS; seed++) {
      SimulatedRun run = new SimulatedRun(seed, threads);
      ToyWorkload.run(run, 50);
      switches += run.switchCount();
    }
    print("toy runs per second", TOY_RUNS / seconds(start));
    print("  switches per toy run", (double) switches / TOY_RUNS);
  }

  private static void memory(ThreadFactory threads, int tasks) {
    SimulatedRun run = new SimulatedRun(1, threads);
    double heapBefore = heapBytes();
    double residentBefore = residentBytes();
    for (int i = 0; i < tasks; i++) {
      run.fork("sleeper", () -> run.sleep(Duration.ofDays(1)));
    }
    run.run(
        () -> {
          run.sleep(Duration.ofHours(1));
          print("heap bytes per waiting task", (heapBytes() - heapBefore) / tasks);
          print("resident bytes per waiting task", (residentBytes() - residentBefore) / tasks);
        },
        Duration.ofDays(2));
  }

  private static double heapBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /// The memory of the whole process, stacks included, as Linux sees it.
  private static double residentBytes() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      String line = lines.filter(l -> l.startsWith("VmRSS")).findFirst().orElseThrow();
      return 1024 * Double.parseDouble(line.replaceAll("[^0-9]", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static void print(String what, double value) {
    System.out.printf("%s: %,.0f%n", what, value);
  }
}
