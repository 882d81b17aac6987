package io.elanus.standalone;

import io.elanus.common.error.DbException;
import io.elanus.standalone.config.Configuration;
import io.elanus.standalone.config.KeyTable;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.BiConsumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `elanus config check` and `elanus config show`.
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Looks at the configuration: defaults, then the file, then the environment, then --set."
    })
final class ConfigCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new ConfigCommand());
    line.getCommandSpec().usageMessage().footer(KeyTable.lines().toArray(String[]::new));
    return line;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = "Says what is wrong, all of it at once; exit code 1 if something is.")
  int check(@Mixin ConfigOptions options) {
    return look(
        options,
        (configuration, out) ->
            out.printf("the configuration is good: %d keys set%n", configuration.setCount()));
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Prints every key, its value, and who set it; secrets are masked.")
  int show(@Mixin ConfigOptions options) {
    return look(options, (configuration, out) -> out.println(configuration.show()));
  }

  @Command(
      name = "table",
      mixinStandardHelpOptions = true,
      description = "Prints all keys as the documentation has them.")
  int table() {
    spec.commandLine().getOut().print(KeyTable.markdown());
    spec.commandLine().getOut().flush();
    return CommandLine.ExitCode.OK;
  }

  private int look(ConfigOptions options, BiConsumer<Configuration, PrintWriter> look) {
    try {
      Configuration configuration = options.read(List.of());
      ProcessConfig.of(configuration);
      look.accept(configuration, spec.commandLine().getOut());
      return CommandLine.ExitCode.OK;
    } catch (DbException e) {
      spec.commandLine().getErr().println(e.text());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }
}
