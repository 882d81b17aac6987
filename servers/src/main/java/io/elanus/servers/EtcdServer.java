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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  private static final Pattern MEMBER_ID = Pattern.compile("\"member_id\":\"(\\d+)\"");
  private static final Pattern LEADER_ID = Pattern.compile("\"leader\":\"(\\d+)\"");

  /// Elections within a second, which a loopback allows.
  private static final int HEARTBEAT_MILLIS = 50;

  private static final int ELECTION_MILLIS = 500;

  private record Ports(int client, int peer) {}

  private final Path folder;
  private final List<Ports> ports;
  private final List<ChildProcess> nodes = new ArrayList<>();
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(LOOK_LIMIT).build();

  private EtcdServer(Path folder, List<Ports> ports) {
    this.folder = folder;
    this.ports = ports;
  }

  /// Starts a cluster on what `folder` keeps.
  ///
  /// @throws IllegalStateException when etcd is not installed, or does not start
  public static EtcdServer start(Path folder, int nodeCount) {
    List<Integer> free = FreePorts.several(2 * nodeCount);
    List<Ports> ports =
        IntStream.range(0, nodeCount)
            .mapToObj(node -> new Ports(free.get(2 * node), free.get(2 * node + 1)))
            .toList();
    EtcdServer server = new EtcdServer(folder, ports);
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

  /// Where clients reach each node, as `http://<host>:<port>`.
  public List<String> endpoints() {
    return ports.stream().map(node -> "http://%s:%d".formatted(host(), node.client())).toList();
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
    Ports mine = ports.get(node);
    String client = "http://%s:%d".formatted(host(), mine.client());
    return ChildProcess.start(
        "etcd %d".formatted(mine.client()),
        List.of(
            Programs.require(PROGRAM, DEBIAN_PACKAGE).toString(),
            "--name=" + name(node),
            "--data-dir=" + folder.resolve(name(node)),
            "--listen-client-urls=" + client,
            "--advertise-client-urls=" + client,
            "--listen-peer-urls=" + peer(node),
            "--initial-advertise-peer-urls=" + peer(node),
            "--initial-cluster=" + cluster(),
            "--initial-cluster-state=new",
            "--heartbeat-interval=" + HEARTBEAT_MILLIS,
            "--election-timeout=" + ELECTION_MILLIS,
            "--auto-compaction-mode=periodic",
            "--auto-compaction-retention=10m",
            "--logger=zap"),
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
    HttpRequest request = request(node, "/health").GET().build();
    return send(request).filter(body -> body.contains("\"health\":\"true\"")).isPresent();
  }

  private boolean leads(int node) {
    HttpRequest request =
        request(node, "/v3/maintenance/status")
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    Optional<String> status = send(request);
    Optional<String> leader = status.flatMap(body -> find(LEADER_ID, body));
    return leader.isPresent() && leader.equals(status.flatMap(body -> find(MEMBER_ID, body)));
  }

  private HttpRequest.Builder request(int node, String path) {
    return HttpRequest.newBuilder(URI.create(endpoints().get(node) + path)).timeout(LOOK_LIMIT);
  }

  private Optional<String> send(HttpRequest request) {
    try {
      return Optional.of(http.send(request, BodyHandlers.ofString()).body());
    } catch (IOException notYet) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking etcd", e);
    }
  }

  private static Optional<String> find(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private String cluster() {
    return IntStream.range(0, ports.size())
        .mapToObj(node -> name(node) + "=" + peer(node))
        .collect(Collectors.joining(","));
  }

  private String peer(int node) {
    return "http://%s:%d".formatted(host(), ports.get(node).peer());
  }

  private static String name(int node) {
    return "n" + node;
  }

  private static String host() {
    return InetAddress.getLoopbackAddress().getHostAddress();
  }
}
