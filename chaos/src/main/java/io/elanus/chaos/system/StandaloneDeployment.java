package io.elanus.chaos.system;

import io.elanus.servers.ChildProcess;
import io.elanus.servers.FreePorts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `./elanus standalone`: all roles in one process.
public final class StandaloneDeployment implements Deployment {
  private static final Member ONLY = new Member("standalone", "standalone");
  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  private final Path home;
  private final Path folder;
  private final Path data;
  private final List<Integer> ports = FreePorts.several(2);
  private ChildProcess process;

  /// @param home where `elanus` is
  /// @param folder for its log
  /// @param data where it keeps everything
  public StandaloneDeployment(Path home, Path folder, Path data) {
    this.home = home;
    this.folder = folder;
    this.data = data;
    this.process = start();
    awaitReady(ONLY);
  }

  private ChildProcess start() {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(home.resolve("elanus").toString(), "standalone"));
    command.addAll(List.of("--port", Integer.toString(ports.getFirst())));
    command.addAll(List.of("--management-port", Integer.toString(ports.getLast())));
    command.addAll(List.of("--data", data.toString()));
    RESTLESS.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    return ChildProcess.start("standalone", command, Map.of(), folder.resolve("standalone.log"));
  }

  private boolean isListening() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", ports.getFirst()), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public List<String> uris() {
    return List.of("http://127.0.0.1:" + ports.getFirst());
  }

  @Override
  public List<Member> members() {
    return List.of(ONLY);
  }

  @Override
  public long pid(Member member) {
    return process.pid();
  }

  @Override
  public Optional<URI> metrics(Member member) {
    return Optional.of(URI.create("http://127.0.0.1:%d/metrics".formatted(ports.getLast())));
  }

  @Override
  public void kill(Member member) {
    process.kill();
  }

  @Override
  public void launch(Member member) {
    process = start();
  }

  @Override
  public void awaitReady(Member member) {
    process.awaitReady(START_LIMIT, this::isListening);
  }

  @Override
  public void pause(Member member) {
    process.pause(true);
  }

  @Override
  public void resume(Member member) {
    process.pause(false);
  }

  @Override
  public List<Member> active() {
    return members();
  }

  @Override
  public void scale(String role, int count) {
    throw new IllegalStateException("a standalone server has one process");
  }

  @Override
  public void close() {
    process.stop(STOP_LIMIT);
  }
}
