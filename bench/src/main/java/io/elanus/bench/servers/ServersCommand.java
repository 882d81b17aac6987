package io.elanus.bench.servers;

import io.elanus.bench.BenchProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/// `bench/run servers <folder>`: Elanus beside other servers. All options but one are those of `bench/servers/compare.py`, `--help`
/// among them.
@Command(
    name = "servers",
    description = "Measures Elanus and other servers through their own Python clients.")
public final class ServersCommand implements Callable<Integer> {
  @Option(names = "--python", description = "Has what bench/servers/requirements.txt lists.")
  private String python = "python3";

  @Unmatched private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(python);
    command.add(BenchProcess.home().resolve("bench/servers/compare.py").toString());
    command.addAll(arguments);
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
