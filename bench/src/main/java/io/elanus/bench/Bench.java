package io.elanus.bench;

import io.elanus.bench.arrival.ArrivalCommand;
import io.elanus.bench.compaction.CompactionCommand;
import io.elanus.bench.disk.DiskCommand;
import io.elanus.bench.disk.DiskSearcherCommand;
import io.elanus.bench.filters.FiltersCommand;
import io.elanus.bench.minhash.MinHashCommand;
import io.elanus.bench.peers.AllocationCommand;
import io.elanus.bench.peers.BuildCommand;
import io.elanus.bench.peers.ConcurrentCommand;
import io.elanus.bench.peers.ContenderCommand;
import io.elanus.bench.peers.CurvesCommand;
import io.elanus.bench.peers.FlatCommand;
import io.elanus.bench.peers.PeersCommand;
import io.elanus.bench.pressure.PressureCommand;
import io.elanus.bench.recall.RecallCommand;
import io.elanus.bench.servers.ServersCommand;
import io.elanus.bench.sparse.SparseCommand;
import io.elanus.bench.tails.TailsCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The command line of the measurements: `bench/run <command>`.
@Command(
    name = "bench/run",
    mixinStandardHelpOptions = true,
    description = "Measures Elanus. Results worth keeping go to docs/results.",
    subcommands = {
      RecallCommand.class,
      PeersCommand.class,
      ContenderCommand.class,
      CurvesCommand.class,
      FlatCommand.class,
      FiltersCommand.class,
      ConcurrentCommand.class,
      AllocationCommand.class,
      BuildCommand.class,
      DiskCommand.class,
      DiskSearcherCommand.class,
      ServersCommand.class,
      FreshnessCommand.class,
      IngestCommand.class,
      KafkaLogCommand.class,
      StartupCommand.class,
      IdleCommand.class,
      S3Command.class,
      ArrivalCommand.class,
      CompactionCommand.class,
      PressureCommand.class,
      SparseCommand.class,
      TailsCommand.class,
      MinHashCommand.class
    })
public final class Bench implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  public static void main(String[] args) {
    System.exit(new CommandLine(new Bench()).execute(args));
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }
}
