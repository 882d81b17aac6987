package io.elanus.chaos.figure;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `chaos/run histories`: figures R5 and R6.
@Command(
    name = "histories",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "R5 and R6: 10 clients on 20 keys for 30 s while a seeded schedule kills and pauses processes and spoils",
      "connections. Strong reads must be linearizable per key, sessions read their writes and never go back,",
      "bounded reads are not older than their bound, nothing is lost, doubled, resurrected or changed."
    })
public final class HistoriesCommand implements Callable<Integer> {
  @Mixin private Rounds rounds = new Rounds();

  @Option(names = "--seconds", description = "Length of a history.")
  private int seconds = 30;

  @Override
  public Integer call() {
    return rounds.run("R5", place -> new Histories(place, Duration.ofSeconds(seconds)));
  }
}
