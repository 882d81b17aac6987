package io.elanus.standalone.cluster;

import io.elanus.standalone.cluster.StateFile.Entry;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;

/// `elanus cluster start`: holds a cluster until it is told to stop, by Ctrl-C, SIGTERM or a command. Says
/// what happens, a line at a time.
final class ClusterOwner {
  private static final Duration START_LIMIT = Duration.ofMinutes(5);
  private static final long LOOK_MILLIS = 500;

  private final ClusterPlan plan;
  private final PrintStream out;
  private final long startNanos = System.nanoTime();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch settled = new CountDownLatch(1);
  private volatile String summary = "the cluster did not start";
  private volatile Optional<LocalCluster> cluster = Optional.empty();

  ClusterOwner(ClusterPlan plan, PrintStream out) {
    this.plan = plan;
    this.out = out;
  }

  /// Returns when the cluster has stopped.
  ///
  /// @return whether it came up
  boolean run() throws InterruptedException {
    takeFolder();
    Thread starting = Thread.currentThread();
    for (String signal : List.of("INT", "TERM")) {
      Signal.handle(
          new Signal(signal),
          _ -> {
            stop.countDown();
            if (settled.getCount() > 0) {
              starting.interrupt();
            }
          });
    }
    try (Control control = new Control(this::command)) {
      write(control);
      hold(control);
      return true;
    } catch (IllegalStateException | InterruptedException e) {
      out.println("the cluster could not be started: " + e.getMessage());
      return false;
    } finally {
      settled.countDown();
      StateFile.delete(plan.folder());
    }
  }

  private void hold(Control control) throws InterruptedException {
    try (LocalCluster running = LocalCluster.start(plan, this::tell)) {
      cluster = Optional.of(running);
      write(control);
      if (!running.awaitReady(START_LIMIT)) {
        throw new IllegalStateException("not all is ready after " + START_LIMIT);
      }
      summary = summary(running);
      settled.countDown();
      out.println(summary);
      while (!stop.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        running.look();
        write(control);
      }
      tell("stopping");
    } finally {
      cluster = Optional.empty();
    }
    tell("stopped; all data stays in " + plan.folder().toAbsolutePath());
  }

  private void tell(String line) {
    out.printf("%6.1f s  %s%n", (System.nanoTime() - startNanos) / 1e9, line);
    out.flush();
  }

  /// The folder is ours: nobody runs on it, and what a killed owner left behind is ended.
  private void takeFolder() throws InterruptedException {
    Path folder = plan.folder();
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Optional<StateFile> left = StateFile.read(folder);
    if (left.isPresent() && left.get().owner().isPresent()) {
      throw new IllegalStateException(
          "a cluster runs on %s already, pid %d"
              .formatted(folder.toAbsolutePath(), left.get().owner().get().pid()));
    }
    if (left.isPresent()) {
      endOrphans(left.get());
    }
  }

  private void endOrphans(StateFile state) throws InterruptedException {
    for (Entry orphan : state.alive()) {
      tell("%s, pid %d, was left behind: killed".formatted(orphan.name(), orphan.pid()));
      orphan.kill();
    }
  }

  private void write(Control control) {
    List<Entry> processes = new ArrayList<>();
    processes.add(Entry.of(StateFile.OWNER, ProcessHandle.current().pid()));
    cluster.ifPresent(
        running -> running.pids().forEach((name, pid) -> processes.add(Entry.of(name, pid))));
    StateFile now = new StateFile(control.port(), control.token(), processes);
    if (!StateFile.read(plan.folder()).equals(Optional.of(now))) {
      now.write(plan.folder());
    }
  }

  private String summary(LocalCluster running) {
    String clients = String.join(", ", running.clientAddresses());
    return """
    Elanus cluster is ready: Milvus clients on %s, health and metrics on %s, data in %s
    %d processes, %s log, metadata in %s, objects on S3; ready after %.1f s
    `elanus cluster status`, `elanus cluster scale querynode=3`, `elanus cluster stop` (with --data %s)\
    """
        .formatted(
            clients,
            running.managementAddress(),
            plan.folder().toAbsolutePath().normalize(),
            running.pids().size(),
            plan.kafkaBrokers() == 1 ? "Kafka's" : "three Kafka brokers'",
            plan.metastore() == ClusterPlan.Metastore.MARIADB ? "MariaDB" : "etcd",
            (System.nanoTime() - startNanos) / 1e9,
            plan.folder());
  }

  private String command(String command, Map<String, String> arguments)
      throws InterruptedException {
    return switch (command) {
      case "await" -> {
        settled.await();
        yield summary;
      }
      case "status" -> StatusPage.text(require().status());
      case "status.json" -> StatusPage.json(require().status());
      case "scale" -> {
        require()
            .scale(argument(arguments, "role"), Integer.parseInt(argument(arguments, "count")));
        yield StatusPage.text(require().status());
      }
      case "kill" -> done(() -> require().kill(argument(arguments, "process")));
      case "pause" -> done(() -> require().pause(argument(arguments, "process"), true));
      case "resume" -> done(() -> require().pause(argument(arguments, "process"), false));
      case "restart" -> done(() -> require().restart(argument(arguments, "process")));
      case "stop" -> done(stop::countDown);
      default -> throw new IllegalArgumentException("there is no command " + command);
    };
  }

  private LocalCluster require() {
    return cluster.orElseThrow(() ->
        new IllegalStateException("the servers of the cluster are still starting, or stopping"));
  }

  private static String argument(Map<String, String> arguments, String name) {
    return Optional.ofNullable(arguments.get(name))
        .orElseThrow(() -> new IllegalArgumentException("which " + name + "?"));
  }

  private static String done(Runnable action) {
    action.run();
    return "done";
  }
}
