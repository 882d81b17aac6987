package io.elanus.standalone.cluster;

import io.elanus.servers.ChildProcess;
import io.elanus.servers.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// A process of ours: some roles, on loopback ports that stay its own over its starts.
final class RoleChild implements Part {
  private final ClusterPlan plan;
  private final JvmCommand jvm;
  private final Readyz readyz;
  private final String group;
  private final String name;
  private final OptionalInt clientPort;
  private final int managementPort = FreePorts.one();
  private ChildProcess process;
  private long startedNanos;

  /// @param clientPort of a proxy
  RoleChild(
      ClusterPlan plan,
      JvmCommand jvm,
      Readyz readyz,
      String group,
      String name,
      OptionalInt clientPort) {
    this.plan = plan;
    this.jvm = jvm;
    this.readyz = readyz;
    this.group = group;
    this.name = name;
    this.clientPort = clientPort;
    this.process = launch();
  }

  private ChildProcess launch() {
    startedNanos = System.nanoTime();
    List<String> arguments = new ArrayList<>(List.of(group, "--config"));
    arguments.add(plan.configFile().toString());
    plan.settings().forEach((key, value) -> set(arguments, key, value));
    set(arguments, "localStorage.path", plan.folder().resolve(name).toString());
    set(arguments, "metrics.port", Integer.toString(managementPort));
    clientPort.ifPresent(port -> set(arguments, "proxy.port", Integer.toString(port)));
    return ChildProcess.start(
        name, jvm.elanus(plan.heapMib(), arguments), Map.of(), plan.output(name));
  }

  private static void set(List<String> arguments, String key, String value) {
    arguments.add("--set");
    arguments.add(key + "=" + value);
  }

  String group() {
    return group;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public Readiness readiness() {
    return readyz.ask(managementPort);
  }

  @Override
  public String addresses() {
    String management = "http://127.0.0.1:" + managementPort;
    return clientPort.isPresent()
        ? "clients %s, management %s".formatted(clientAddress(), management)
        : "management " + management;
  }

  OptionalInt clientPort() {
    return clientPort;
  }

  String clientAddress() {
    return "127.0.0.1:" + clientPort.orElseThrow();
  }

  String managementAddress() {
    return "http://127.0.0.1:" + managementPort;
  }

  /// Since its last start.
  Duration age() {
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }

  @Override
  public Path output() {
    return process.output();
  }

  @Override
  public void kill() {
    process.kill();
  }

  @Override
  public void pause(boolean paused) {
    process.pause(paused);
  }

  @Override
  public void restart() {
    if (process.isAlive()) {
      process.kill();
    }
    process = launch();
  }

  /// SIGTERM: it hands over what it holds and ends; killed after `grace`.
  ///
  /// @return whether it went by itself
  boolean stop(Duration grace) {
    return process.stop(grace);
  }
}
