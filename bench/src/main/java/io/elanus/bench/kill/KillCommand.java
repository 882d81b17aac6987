package io.elanus.bench.kill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `bench/run kill`: many kills of one standalone server over one data folder.
@Command(
    name = "kill",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Kills a standalone server (kill -9) under insert, upsert, delete, query and search load, starts it",
      "again and compares what it shows with what was acknowledged. Each row is sent once; outcomes that",
      "are unknown are counted apart. Exit code 1 when anything is lost, doubled, resurrected or changed."
    })
public final class KillCommand implements Callable<Integer> {
  @Option(names = "--from", description = "First seed.")
  private long from = 1;

  @Option(names = "--count", description = "Number of seeds, one kill each.")
  private int count = 10;

  @Option(names = "--clients", description = "Clients writing at the same time.")
  private int clients = 4;

  @Option(names = "--data", description = "Data folder; a fresh temporary one by default.")
  private Path data = Path.of("");

  @Option(names = "--report", description = "File to which a line per seed is appended.")
  private Path report = Path.of("");

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder =
        data.toString().isEmpty() ? Files.createTempDirectory("elanus-kill").resolve("data") : data;
    List<KeyLedger> ledgers = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      ledgers.add(new KeyLedger((i + 1) * 1_000_000_000L));
    }
    Counters counters = new Counters();
    for (long seed = from; seed < from + count; seed++) {
      long start = System.nanoTime();
      new KillRound(folder, ledgers, counters).run(seed);
      String line =
          "seed %d: %s (%.1f s)".formatted(seed, counters, (System.nanoTime() - start) / 1e9);
      System.out.println(line);
      append(line);
      if (!counters.violations().isEmpty()) {
        counters.violations().stream().limit(20).forEach(System.out::println);
        System.out.println("data kept in " + folder);
        return 1;
      }
    }
    return 0;
  }

  private void append(String line) throws IOException {
    if (!report.toString().isEmpty()) {
      Files.writeString(report, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }
}
