package io.elanus.standalone;

import io.elanus.standalone.cluster.ClusterCommand;
import io.elanus.standalone.status.StatusCommand;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The command line: `elanus standalone`, `elanus <roles>`, `elanus status`, `elanus config`, `elanus admin`, `elanus version`.
@Command(
    name = "elanus",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "A distributed vector database that Milvus clients talk to.",
      "",
      "Try it: `elanus standalone`, then connect any Milvus SDK to localhost:19530."
    },
    footer = {
      "",
      "Roles: proxy, rootcoord, querycoord, datacoord, querynode, datanode, indexnode; several in one",
      "process by commas, as in `elanus rootcoord,querycoord,datacoord`. Each has its own --help."
    },
    synopsisSubcommandLabel =
        "(standalone | cluster | <roles> | status | config | admin | version)",
    subcommands = {
      StandaloneCommand.class,
      ClusterCommand.class,
      StatusCommand.class,
      AdminCommand.class,
      VersionCommand.class
    })
public final class Elanus implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  public static void main(String[] args) {
    System.exit(commandLine(args).execute(args));
  }

  /// The command for `args`: a list of roles becomes a subcommand of that name.
  static CommandLine commandLine(String... args) {
    CommandLine line = new CommandLine(new Elanus());
    line.addSubcommand("config", ConfigCommand.commandLine());
    for (Role role : Role.values()) {
      line.addSubcommand(role.commandName(), new RolesCommand(List.of(role)));
    }
    Arrays.stream(args)
        .filter(arg -> arg.contains(","))
        .findFirst()
        .ifPresent(
            arg -> Role.parse(arg).ifPresent(r -> line.addSubcommand(arg, new RolesCommand(r))));
    return line;
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }
}
