package io.elanus.standalone;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `elanus <roles>`: some roles in a process of their own, over a metastore, a log and a bucket that
/// processes share.
@Command(mixinStandardHelpOptions = true, sortOptions = false)
final class RolesCommand implements Callable<Integer> {
  private final Set<Role> roles;

  @Mixin private ConfigOptions config = new ConfigOptions();

  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  RolesCommand(List<Role> roles) {
    this.roles = EnumSet.copyOf(roles);
  }

  @CommandLine.Spec
  void describe(CommandLine.Model.CommandSpec commandSpec) {
    spec = commandSpec;
    String[] lines =
        roles.stream()
            .map(r -> "%s: %s.".formatted(r.commandName(), r.summary()))
            .toArray(String[]::new);
    commandSpec.usageMessage().description(lines);
    commandSpec
        .usageMessage()
        .footer(
            "",
            "Processes of one cluster share a metastore, a log and a bucket: `elanus config --help` has the",
            "keys. `elanus cluster` starts all of it on this machine.");
  }

  @Override
  public Integer call() throws InterruptedException {
    return Serving.run(
        roles, config, List.of(), Serving::untilStopped, spec.commandLine().getErr());
  }
}
