package io.elanus.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// An etcd cluster of one node or several, on free ports of the loopback address. One node is there in
/// a second, three in two to three.
///
/// ```
/// <folder>/n0/        what node 0 keeps
/// <folder>/n0.log     what it says
/// ```
public final class EtcdServer implements AutoCloseable {
  public static final String PROGRAM = "etcd";
  public static final String DEBIAN_PACKAGE = "etcd-server";

  private static final Duration READY_LIMIT = Duration.ofSeconds(60);
  private static final Duration LOOK_LIMIT = Duration.ofSeconds(2);

  /// Elections within a second, which a loopback allows.
  private static final int HEARTBEAT_MILLIS = 50;

  private static final int ELECTION_MILLIS = 500;

  /// With which members prove their names to clients: PEM files.
  public record Tls(Path certificate, Path key) {}

  private record Ports(int client, int peer, int metrics) {}

  private final Path folder;
  private final Optional<Tls> tls;
  private final List<Ports> ports;
  private final List<ChildProcess> nodes = new ArrayList<>();
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(LOOK_LIMIT).build();

  private EtcdServer(Path folder, Optional<Tls> tls, List<Ports> ports) {
    this.folder = folder;
    this.tls = tls;
    this.ports = ports;
  }

  /// Starts a cluster on what `folder` keeps.
  ///
  /// @throws IllegalStateException when etcd is not installed, or does not start
  public static EtcdServer start(Path folder, int nodeCount) {
    return start(folder, nodeCount, Optional.empty());
  }

  /// @param tls for clients
  public static EtcdServer start(Path folder, int nodeCount, Optional<Tls> tls) {
    List<Integer> free = FreePorts.several(3 * nodeCount);
    List<Ports> ports =
        IntStream.range(0, nodeCount)
            .mapToObj(i -> new Ports(free.get(3 * i), free.get(3 * i + 1), free.get(3 * i + 2)))
            .toList();
    EtcdServer server = new EtcdServer(folder, tls, ports);
    try {
      server.startAll();
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
    return server;
  }

  private void startAll() {
    for (int node = 0; node < ports.size(); node++) {
      nodes.add(launch(node));
    }
    for (int node = 0; node < ports.size(); node++) {
      awaitReady(node);
    }
  }

  /// Where clients reach each node, as `<host>:<port>`.
  public List<String> endpoints() {
    return ports.stream().map(node -> "%s:%d".formatted(host(), node.client())).toList();
  }

  public ChildProcess node(int node) {
    return nodes.get(node);
  }

  public int nodeCount() {
    return nodes.size();
  }

  /// The node that says it leads.
  public Optional<Integer> leader() {
    return IntStream.range(0, nodes.size())
        .filter(node -> nodes.get(node).isAlive() && leads(node))
        .boxed()
        .findFirst();
  }

  /// `kill -9`.
  public void kill(int node) {
    nodes.get(node).kill();
  }

  /// SIGSTOP: it stands still, its connections stay open.
  public void pause(int node, boolean paused) {
    nodes.get(node).pause(paused);
  }

  /// Starts a killed node again, on the same ports. Returns when it takes part.
  public void restart(int node) {
    nodes.get(node).close();
    nodes.set(node, launch(node));
    awaitReady(node);
  }

  @Override
  public void close() {
    nodes.forEach(ChildProcess::close);
  }

  private ChildProcess launch(int node) {
    String scheme = tls.isPresent() ? "https" : "http";
    String client = scheme + "://" + endpoints().get(node);
    List<String> command = new ArrayList<>();
    command.add(Programs.require(PROGRAM, DEBIAN_PACKAGE).toString());
    command.addAll(
        List.of(
            "--name=" + name(node),
            "--data-dir=" + folder.resolve(name(node)),
            "--listen-client-urls=" + client,
            "--advertise-client-urls=" + client,
            "--listen-peer-urls=" + peer(node),
            "--initial-advertise-peer-urls=" + peer(node),
            "--listen-metrics-urls=" + metrics(node),
            "--initial-cluster=" + cluster(),
            "--initial-cluster-state=new",
            "--heartbeat-interval=" + HEARTBEAT_MILLIS,
            "--election-timeout=" + ELECTION_MILLIS,
            "--auto-compaction-mode=periodic",
            "--auto-compaction-retention=10m",
            "--logger=zap"));
    tls.ifPresent(
        it -> command.addAll(List.of("--cert-file=" + it.certificate, "--key-file=" + it.key)));
    return ChildProcess.start(
        "etcd " + endpoints().get(node),
        command,
        environment(),
        folder.resolve(name(node) + ".log"));
  }

  /// etcd 3.4 refuses other architectures unless told that one knows.
  private static Map<String, String> environment() {
    return System.getProperty("os.arch").equals("aarch64")
        ? Map.of("ETCD_UNSUPPORTED_ARCH", "arm64")
        : Map.of();
  }

  private void awaitReady(int node) {
    nodes.get(node).awaitReady(READY_LIMIT, () -> isHealthy(node));
  }

  private boolean isHealthy(int node) {
    return page(node, "/health").filter(it -> it.contains("\"health\":\"true\"")).isPresent();
  }

  private boolean leads(int node) {
    return page(node, "/metrics")
        .filter(it -> it.lines().anyMatch("etcd_server_is_leader 1"::equals))
        .isPresent();
  }

  private Optional<String> page(int node, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(metrics(node) + path)).timeout(LOOK_LIMIT).build();
    try {
      return Optional.of(http.send(request, BodyHandlers.ofString()).body());
    } catch (IOException notYet) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking etcd", e);
    }
  }

  private String cluster() {
    return IntStream.range(0, ports.size())
        .mapToObj(node -> name(node) + "=" + peer(node))
        .collect(Collectors.joining(","));
  }

  private String peer(int node) {
    return "http://%s:%d".formatted(host(), ports.get(node).peer());
  }

  private String metrics(int node) {
    return "http://%s:%d".formatted(host(), ports.get(node).metrics());
  }

  private static String name(int node) {
    return "n" + node;
  }

  private static String host() {
    return InetAddress.getLoopbackAddress().getHostAddress();
  }
}
