package io.elanus.standalone;

import io.elanus.adapters.aws.SpotNotice;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Deadline;
import io.elanus.index.Kernels;
import io.elanus.standalone.config.Configuration;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/// From a command to a process that serves until it is told to stop.
final class Serving {
  /// What is done with the process once it has started.
  interface Work {
    void on(RoleProcess process, ProcessConfig config) throws InterruptedException;
  }

  private static final Duration REMIND = Duration.ofSeconds(10);

  /// Beyond what handing over may take: for closing.
  private static final Duration CLOSING = Duration.ofSeconds(10);

  private Serving() {}

  /// @param reading of the configuration
  /// @return exit code; why a process cannot start is printed
  static int run(Set<Role> roles, Supplier<Configuration> reading, Work work, PrintWriter err)
      throws InterruptedException {
    try {
      Configuration configuration = reading.get();
      LogSetup.apply(configuration);
      ProcessConfig config = ProcessConfig.of(configuration);
      requireBackendsFor(roles, config);
      try (RoleProcess process = RoleProcess.start(config, roles, ConfiguredBackends.of(config))) {
        work.on(process, config);
      }
      return CommandLine.ExitCode.OK;
    } catch (DbException e) {
      err.println("cannot start: " + e.text());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  private static void requireBackendsFor(Set<Role> roles, ProcessConfig config) {
    if (!config.shared() && !roles.equals(Role.all())) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "%s in a process of its own needs a metastore, a log and a bucket that processes share: set"
              + " metastore.type (etcd or mysql), mq.type (kafka) and common.storageType (remote), or run"
              + " `elanus standalone`, which plays all roles on one folder",
          names(roles));
    }
  }

  private static String names(Set<Role> roles) {
    return roles.stream().sorted().map(Role::commandName).collect(Collectors.joining(","));
  }

  /// Says when the process is ready, and blocks until it is told to stop.
  static void untilStopped(RoleProcess process, ProcessConfig config) throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    Thread hook = new Thread(() -> stop(process, config, stopped), "elanus-shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    if (config.spotNotice()) {
      stopWhenTakenBack(process);
    }
    awaitReady(process);
    announce(process, config);
    LoggerFactory.getLogger(Serving.class)
        .info("distances are computed in {}", Kernels.description());
    stopped.await();
  }

  /// A notice is as good as a signal: it runs the same hook.
  private static void stopWhenTakenBack(RoleProcess process) {
    SpotNotice.watch(
        process.run(), SpotNotice.Config.DEFAULT, _ -> System.exit(CommandLine.ExitCode.OK));
  }

  /// Serves a few requests of its own, for a cache of what that takes.
  static void train(RoleProcess process, ProcessConfig config) {
    awaitReady(process);
    TrainingRun.against(process.run(), process.publicPort().orElseThrow());
    Rehearsal.of(process.run());
  }

  /// The JVM ends when this returns, whatever still hangs.
  private static void stop(RoleProcess process, ProcessConfig config, CountDownLatch stopped) {
    Thread stopping = Thread.ofPlatform().daemon().name("elanus-stop").start(process::stop);
    try {
      stopping.join(config.gracefulStop().plus(CLOSING));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stopped.countDown();
  }

  private static void awaitReady(RoleProcess process) {
    Logger log = LoggerFactory.getLogger(Serving.class);
    while (!process.awaitReady(Deadline.after(process.run(), REMIND))) {
      log.info("not ready: {}", String.join("; ", process.notReady()));
    }
  }

  private static void announce(RoleProcess process, ProcessConfig config) {
    String host = config.network().host();
    String served =
        process.publicPort().isPresent()
            ? "Milvus clients on %s:%d".formatted(host, process.publicPort().getAsInt())
            : "%s for other roles on %s"
                .formatted(names(process.roles()), process.internalAddress());
    System.out.printf(
        "Elanus %s is ready: %s, health and metrics on http://%s:%d, data in %s%n",
        Version.number(),
        served,
        host,
        process.managementPort(),
        config.folder().toAbsolutePath().normalize());
    System.out.flush();
  }
}
