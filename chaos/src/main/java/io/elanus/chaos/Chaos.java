package io.elanus.chaos;

import io.elanus.chaos.figure.Figures;
import io.elanus.chaos.figure.SummaryCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The command line: `chaos/run <figure>`.
@Command(
    name = "chaos/run",
    mixinStandardHelpOptions = true,
    description = "Does harm to an Elanus under load and judges what its clients saw.",
    subcommands = {SummaryCommand.class})
public final class Chaos implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  public static void main(String[] args) {
    CommandLine line = new CommandLine(new Chaos());
    Figures.addTo(line);
    System.exit(line.execute(args));
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }
}
