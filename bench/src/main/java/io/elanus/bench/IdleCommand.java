package io.elanus.bench;

import io.elanus.bench.MilvusCalls.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `bench/run idle`: what a standalone server takes when nobody asks it for anything.
@Command(
    name = "idle",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description =
        "CPU and anonymous resident memory of an idle standalone server (Linux: reads /proc).")
final class IdleCommand implements Callable<Integer> {
  @Option(names = "--seconds", description = "How long to look; as long is waited before.")
  private int seconds = 60;

  @Override
  public Integer call() throws Exception {
    Path data = Files.createTempDirectory("elanus-idle").resolve("data");
    try (ServerProcess server = ServerProcess.start(data)) {
      try (MilvusCalls calls = new MilvusCalls(server.port())) {
        calls.createAndLoad(4, "FLAT");
        calls.insert(new Rows(List.of(1L), List.of(1L), List.of(1f, 2f, 3f, 4f), 4));
      }
      Thread.sleep(seconds * 1000L);
      double before = ProcessCpu.seconds(server.pid());
      Thread.sleep(seconds * 1000L);
      double cpu = ProcessCpu.seconds(server.pid()) - before;
      System.out.printf(
          "idle for %d s: %.2f s of CPU (%.2f %% of one core), anonymous memory %d MiB%n",
          seconds, cpu, 100 * cpu / seconds, anonymousMib(server.pid()));
      return 0;
    }
  }

  private static long anonymousMib(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/%d/status".formatted(pid))).stream()
        .filter(line -> line.startsWith("RssAnon:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }
}
