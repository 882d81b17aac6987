package io.elanus.standalone.cluster;

import io.elanus.standalone.cluster.ClusterPlan.Metastore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/// `elanus cluster`: the distributed form on one machine.
@Command(
    name = "cluster",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Starts the distributed form of Elanus on this machine: Kafka, MariaDB or etcd, an S3-compatible server,",
      "and a process per role. Everything listens on 127.0.0.1 only.",
      "",
      "Without a command: start."
    })
public final class ClusterCommand implements Callable<Integer> {
  private static final String WHICH = "Folder of the cluster.";

  @Mixin private StartOptions options = new StartOptions();

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /// Options of `start`, and of no command.
  static final class StartOptions {
    @Option(
        names = "--data",
        paramLabel = "<folder>",
        defaultValue = "cluster-data",
        description = "Where everything is kept; started again, it is the same cluster.")
    private Path data = Path.of("cluster-data");

    @Option(
        names = "--metastore",
        paramLabel = "<which>",
        defaultValue = "mariadb",
        description = "mariadb or etcd (default: ${DEFAULT-VALUE}).")
    private String metastore = "mariadb";

    @Option(
        names = "--kafka-brokers",
        paramLabel = "<n>",
        defaultValue = "1",
        description = "1, or 3 with three copies of each record (default: ${DEFAULT-VALUE}).")
    private int kafkaBrokers = 1;

    @Option(
        names = "--split",
        description = "Each coordinator in processes of its own; else all three share theirs.")
    private boolean split;

    @Option(
        names = "--scale",
        paramLabel = "<role=n>",
        split = ",",
        description = "Processes of a role; two of each by default. May be repeated.")
    private Map<String, Integer> scale = new LinkedHashMap<>();

    @Option(
        names = "--port",
        paramLabel = "<n>",
        defaultValue = "19530",
        description =
            "Of the first proxy, the next have the next ones; 0 for any (default: ${DEFAULT-VALUE}).")
    private int port = ClusterPlan.DEFAULT_PORT;

    @Option(
        names = "--heap-mib",
        paramLabel = "<n>",
        defaultValue = "256",
        description = "Of each role process (default: ${DEFAULT-VALUE}).")
    private int heapMib = ClusterPlan.DEFAULT_HEAP_MIB;

    @Option(
        names = "--set",
        paramLabel = "<key=value>",
        description = "A key of the configuration, for all role processes. May be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(names = "--restart", description = "Processes that die are started again.")
    private boolean restart;

    @Option(
        names = Detached.OPTION,
        description = "Returns when the cluster is ready, and leaves it running.")
    private boolean detach;

    ClusterPlan plan() {
      Map<String, Integer> counts = ClusterPlan.twoOfEach(split);
      ClusterPlan plan = plan(counts);
      scale.forEach((role, count) -> counts.put(plan.group(role), count));
      return plan(counts);
    }

    private ClusterPlan plan(Map<String, Integer> counts) {
      return new ClusterPlan(
          data,
          Metastore.valueOf(metastore.toUpperCase(Locale.ROOT)),
          kafkaBrokers,
          counts,
          port,
          heapMib,
          restart,
          settings);
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    return start(options);
  }

  @Command(
      name = "start",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Starts a cluster; Ctrl-C stops it.")
  int start(@Mixin StartOptions start) throws InterruptedException {
    ClusterPlan plan;
    try {
      plan = start.plan();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    return attempt(() -> {
      boolean came =
          start.detach
              ? Detached.start(plan.folder(), originalArguments(), System.out)
              : new ClusterOwner(plan, System.out).run();
      return came ? "" : null;
    });
  }

  private List<String> originalArguments() {
    return spec.root().commandLine().getParseResult().originalArgs();
  }

  @Command(
      name = "status",
      mixinStandardHelpOptions = true,
      description = "Shows every process: pid, state, memory, addresses.")
  int status(
      @Option(names = "--data", defaultValue = "cluster-data", description = WHICH) Path data,
      @Option(names = "--json", description = "For programs.") boolean json)
      throws InterruptedException {
    return attempt(() -> Owner.of(data).command(json ? "status.json" : "status", Map.of()));
  }

  @Command(
      name = "scale",
      mixinStandardHelpOptions = true,
      description = "Starts or stops processes of a role; those that stop hand over first.")
  int scale(
      @Option(names = "--data", defaultValue = "cluster-data", description = WHICH) Path data,
      @Parameters(paramLabel = "<role=n>", arity = "1..*", description = "querynode=3")
          Map<String, Integer> counts)
      throws InterruptedException {
    return attempt(() -> {
      String status = "";
      for (Map.Entry<String, Integer> count : counts.entrySet()) {
        status =
            Owner.of(data)
                .command(
                    "scale", Map.of("role", count.getKey(), "count", count.getValue().toString()));
      }
      return status;
    });
  }

  @Command(
      name = "kill",
      mixinStandardHelpOptions = true,
      description = "Kills a process as `kill -9` does: querynode-1, kafka-1, mariadb, s3.")
  int kill(
      @Option(names = "--data", defaultValue = "cluster-data", description = WHICH) Path data,
      @Parameters(paramLabel = "<process>") String process)
      throws InterruptedException {
    return onProcess(data, "kill", process);
  }

  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description = "Makes a process stand still (SIGSTOP).")
  int pause(
      @Option(names = "--data", defaultValue = "cluster-data", description = WHICH) Path data,
      @Parameters(paramLabel = "<process>") String process)
      throws InterruptedException {
    return onProcess(data, "pause", process);
  }

  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = "Lets a process go on (SIGCONT).")
  int resume(
      @Option(names = "--data", defaultValue = "cluster-data", description = WHICH) Path data,
      @Parameters(paramLabel = "<process>") String process)
      throws InterruptedException {
    return onProcess(data, "resume", process);
  }

  @Command(
      name = "restart",
      mixinStandardHelpOptions = true,
      description = "Starts a process that died, or one anew.")
  int restart(
      @Option(names = "--data", defaultValue = "cluster-data", description = WHICH) Path data,
      @Parameters(paramLabel = "<process>") String process)
      throws InterruptedException {
    return onProcess(data, "restart", process);
  }

  private int onProcess(Path data, String command, String process) throws InterruptedException {
    return attempt(() -> Owner.of(data).command(command, Map.of("process", process)));
  }

  @Command(
      name = "stop",
      mixinStandardHelpOptions = true,
      description = "Stops a cluster; its data stays.")
  int stop(
      @Option(names = "--data", defaultValue = "cluster-data", description = WHICH) Path data,
      @Option(names = "--kill", description = "At once, as if the machine had died.") boolean kill)
      throws InterruptedException {
    return attempt(() -> kill ? Owner.killAll(data) : Owner.stop(data));
  }

  private interface Attempt {
    /// @return what to print; null when it failed and said so itself
    @Nullable String run() throws InterruptedException;
  }

  private int attempt(Attempt attempt) throws InterruptedException {
    System.setProperty("elanus.log.level", "WARN");
    try {
      Optional<String> said = Optional.ofNullable(attempt.run());
      said.filter(text -> !text.isEmpty())
          .ifPresent(text -> spec.commandLine().getOut().println(text.stripTrailing()));
      return said.isPresent() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    } catch (IllegalStateException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }
}
