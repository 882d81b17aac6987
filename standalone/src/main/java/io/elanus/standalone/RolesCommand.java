package io.elanus.standalone;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `elanus <roles>`: some roles in a process of their own. That needs a log, metadata and objects which
/// processes share; this version has the embedded ones, which one process owns alone, so it says so.
@Command(mixinStandardHelpOptions = true, sortOptions = false)
final class RolesCommand implements Callable<Integer> {
  private final List<Role> roles;

  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  RolesCommand(List<Role> roles) {
    this.roles = roles;
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
            "A role in a process of its own needs a log, metadata and objects that processes share.",
            "This version has the embedded ones only: `elanus standalone` runs all roles on them.");
  }

  @Override
  public Integer call() {
    String names = roles.stream().map(Role::commandName).collect(Collectors.joining(","));
    spec.commandLine()
        .getErr()
        .printf(
            "%s cannot run in a process of its own yet: that needs a log, metadata and objects which"
                + " processes share, and this version has the embedded ones only.%n"
                + "Run `elanus standalone`: it plays all roles in one process.%n",
            names);
    return CommandLine.ExitCode.USAGE;
  }
}
