package io.elanus.chaos.figure;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `chaos/run kill`: figure R1.
@Command(
    name = "kill",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "R1: kill -9 of each role in turn under insert, upsert, delete, query and search load, one kill a",
      "round (sometimes one more while it starts again), then an audit of everything ever written.",
      "Nothing acknowledged may be lost, doubled, resurrected or changed."
    })
public final class KillCommand implements Callable<Integer> {
  @Mixin private Rounds rounds = new Rounds();

  @Override
  public Integer call() {
    return rounds.run("R1", Kills::new);
  }
}
