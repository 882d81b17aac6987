package io.elanus.chaos.system;

import io.elanus.chaos.system.ClusterControl.Status;
import io.elanus.servers.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `./elanus cluster`: a process per role, on Kafka, a metastore and S3.
public final class ClusterDeployment implements Deployment {
  private static final Duration START_LIMIT = Duration.ofMinutes(8);
  private static final Duration READY_LIMIT = Duration.ofMinutes(2);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
  private static final long LOOK_MILLIS = 100;
  private static final Pattern CLIENTS = Pattern.compile("clients ([^, ]+)");
  private static final Pattern MANAGEMENT = Pattern.compile("management (http://[^, ]+)");

  private final ChildProcess owner;
  private final ClusterControl control;
  private volatile List<String> uris = List.of();

  /// @param home where `elanus` is
  /// @param folder for everything it keeps
  /// @param settings keys for all role processes
  public ClusterDeployment(
      Path home, Path folder, Topology topology, Map<String, String> settings) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(home.resolve("elanus").toString(), "cluster", "start"));
    command.addAll(List.of("--data", folder.resolve("cluster").toString(), "--port", "0"));
    command.addAll(topology.options());
    settings.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    Path output = folder.resolve("cluster.log");
    owner =
        ChildProcess.start("cluster", command, topology.environment(), output)
            .awaitReady(START_LIMIT, () -> hasSaid(output, "is ready: Milvus clients on"));
    control = new ClusterControl(folder.resolve("cluster"));
    lookForProxies();
  }

  private static boolean hasSaid(Path output, String text) {
    try {
      return Files.readString(output).contains(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void lookForProxies() {
    uris =
        control.status().stream()
            .map(process -> CLIENTS.matcher(process.addresses()))
            .filter(Matcher::find)
            .map(matcher -> "http://" + matcher.group(1))
            .toList();
  }

  @Override
  public List<String> uris() {
    return uris;
  }

  @Override
  public List<Member> members() {
    return control.status().stream().map(ClusterDeployment::member).toList();
  }

  @Override
  public List<Member> active() {
    return control.status().stream()
        .filter(process -> process.says().contains("role=active"))
        .map(ClusterDeployment::member)
        .toList();
  }

  private static Member member(Status process) {
    return new Member(process.name(), process.name().replaceFirst("-\\d+$", ""));
  }

  @Override
  public long pid(Member member) {
    return status(member).pid();
  }

  @Override
  public Optional<URI> metrics(Member member) {
    Matcher matcher = MANAGEMENT.matcher(status(member).addresses());
    return matcher.find()
        ? Optional.of(URI.create(matcher.group(1) + "/metrics"))
        : Optional.empty();
  }

  @Override
  public void kill(Member member) {
    control.tell("kill", member.name());
  }

  @Override
  public void launch(Member member) {
    control.tell("restart", member.name());
  }

  @Override
  public void awaitReady(Member member) {
    long start = System.nanoTime();
    while (!status(member).isReady()) {
      if (System.nanoTime() - start > READY_LIMIT.toNanos()) {
        throw new IllegalStateException(
            "%s is not ready after %s: %s".formatted(member.name(), READY_LIMIT, status(member)));
      }
      rest();
    }
  }

  private Status status(Member member) {
    return control.status().stream()
        .filter(process -> process.name().equals(member.name()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("there is no " + member.name()));
  }

  @Override
  public void pause(Member member) {
    control.tell("pause", member.name());
  }

  @Override
  public void resume(Member member) {
    control.tell("resume", member.name());
  }

  @Override
  public void scale(String role, int count) {
    control.scale(role, count);
    awaitAllReady();
    lookForProxies();
  }

  @Override
  public void close() {
    control.close();
    owner.stop(STOP_LIMIT);
  }

  private static void rest() {
    try {
      Thread.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
