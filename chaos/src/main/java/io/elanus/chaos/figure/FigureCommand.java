package io.elanus.chaos.figure;

import io.elanus.chaos.figure.Rounds.Place;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `chaos/run <figure>`.
@Command(mixinStandardHelpOptions = true, showDefaultValues = true)
final class FigureCommand implements Callable<Integer> {
  private final String name;
  private final List<String> says;
  private final Function<Place, Figure> open;

  @Mixin private Rounds rounds = new Rounds();

  FigureCommand(String name, List<String> says, Function<Place, Figure> open) {
    this.name = name;
    this.says = says;
    this.open = open;
  }

  @CommandLine.Spec
  void describe(CommandLine.Model.CommandSpec spec) {
    spec.usageMessage().description(String.join(" ", says).replace("%", "%%"));
  }

  @Override
  public Integer call() {
    return rounds.run(name, open);
  }
}
