package io.elanus.standalone;

import io.elanus.adapters.prometheus.PrometheusMetrics;
import io.elanus.common.run.Closer;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.proxy.ProxyRole;
import io.elanus.rpc.internal.DiscoveredPeers;
import io.elanus.rpc.management.Health;
import io.elanus.rpc.management.Health.Report;
import io.elanus.rpc.management.Health.State;
import io.elanus.rpc.management.ManagementServer;
import io.elanus.rpc.peer.Channels;
import io.elanus.rpc.peer.PeerServer;
import io.elanus.rpc.peer.RpcClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Some roles in one process, in start order; [#close] undoes it in reverse.
///
/// ```
/// management port -> backends -> internal port -> coordinators -> nodes -> proxy -> public port
/// ```
///
/// Roles of the process reach each other in-process, those of other processes on their internal ports;
/// who is where they learn from the metastore, so that the order in which processes start is nobody's
/// affair. `elanus standalone` is all seven roles over embedded backends, by the same code.
final class RoleProcess implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RoleProcess.class);
  private static final Duration PEER_TIMEOUT = Duration.ofMinutes(1);
  private static final Duration LOOK = Duration.ofMillis(20);

  private final ProcessConfig config;
  private final Closer closer;
  private final Run run = new SystemRun();
  private final Health health = new Health();
  private final ManagementServer management;
  private final PeerServer internal;
  private final List<RunningRole> running = new ArrayList<>();
  private final OptionalInt publicPort;
  private volatile String waitingFor = "metastore, log and bucket";
  private volatile boolean stopping;

  /// @throws io.elanus.common.error.DbException when the data folder is in use or damaged, or a port taken
  static RoleProcess start(ProcessConfig config, Set<Role> roles, Backends.Opening opening) {
    Closer closer = new Closer();
    try {
      return new RoleProcess(config, roles, opening, closer);
    } catch (RuntimeException | Error e) {
      closer.close();
      throw e;
    }
  }

  private RoleProcess(
      ProcessConfig config, Set<Role> roles, Backends.Opening opening, Closer closer) {
    this.config = config;
    this.closer = closer;
    health.add("process", this::report);
    PrometheusMetrics metrics = closer.add(new PrometheusMetrics());
    management = closer.add(openManagement(metrics));
    new RoleMetrics(metrics.registry()).process(health);
    Backends opened = closer.add(opening.open(context(metrics)));
    Backends backends = new MeasuredBackends(opened, run, metrics.registry());
    waitingFor = "its roles to start";
    internal = closer.add(openInternal());
    Channels channels =
        closer.add(new Channels(run, config.network().internalTls(), internal.shortcuts()));
    DiscoveredPeers peers =
        closer.add(
            new DiscoveredPeers(run, backends.meta(), channels, new RpcClient(run, PEER_TIMEOUT)));
    RoleStarter starter =
        new RoleStarter(
            config, run, backends, peers, internal.address(), metrics.registry(), closer);
    roles.stream()
        .filter(role -> role != Role.PROXY)
        .sorted()
        .forEach(role -> add(starter.start(role)));
    if (!roles.stream().allMatch(Role::isCoordinator)) {
      CoordinatorWatch coordinators = closer.add(new CoordinatorWatch(run, peers));
      health.add("coordinators", coordinators::report);
    }
    publicPort =
        roles.contains(Role.PROXY)
            ? openPublic(starter.proxy(), metrics.registry())
            : OptionalInt.empty();
    waitingFor = "";
  }

  Run run() {
    return run;
  }

  Set<Role> roles() {
    return running.stream().map(RunningRole::role).collect(Collectors.toSet());
  }

  /// Of Milvus clients; empty without a proxy.
  OptionalInt publicPort() {
    return publicPort;
  }

  int managementPort() {
    return management.port();
  }

  /// Where other processes reach the roles of this one.
  String internalAddress() {
    return internal.address();
  }

  /// Waits until every role says that it is ready.
  ///
  /// @return false when `deadline` passed first
  boolean awaitReady(Deadline deadline) {
    while (!health.isGood()) {
      if (deadline.hasPassed(run)) {
        return false;
      }
      run.sleep(LOOK);
    }
    return true;
  }

  /// Why the process is not ready: one line per role that is not.
  List<String> notReady() {
    return health.complaints();
  }

  /// Hands over what the roles hold, then closes. New calls of clients are refused meanwhile, those under
  /// way end.
  ///
  /// @return what could not be handed over in the configured time
  List<String> stop() {
    Deadline deadline = Deadline.after(run, config.gracefulStop());
    stopping = true;
    log.info("stopping within={}", config.gracefulStop());
    List<String> left = config.shared() ? drain(deadline) : List.of();
    left.forEach(line -> log.warn("not handed over: {}", line));
    close();
    log.info("stopped took={}", config.gracefulStop().minus(deadline.remaining(run)));
    return left;
  }

  @Override
  public void close() {
    stopping = true;
    closer.close();
  }

  private Report report() {
    if (stopping) {
      return new Report(State.STOPPING, "told to stop");
    }
    return waitingFor.isEmpty()
        ? Report.HEALTHY
        : new Report(State.INITIALIZING, "waiting for " + waitingFor);
  }

  private Backends.Opening.Context context(PrometheusMetrics metrics) {
    return new Backends.Opening.Context(run, metrics.registry(), what -> waitingFor = what);
  }

  private ManagementServer openManagement(PrometheusMetrics metrics) {
    InetSocketAddress address =
        new InetSocketAddress(config.network().host(), config.network().management());
    return ManagementServer.start(run, address, metrics::scrape, health);
  }

  private PeerServer openInternal() {
    return config
        .network()
        .internal()
        .map(port -> PeerServer.listening(run, port.listening(), port.advertisedHost()))
        .orElseGet(() -> PeerServer.inProcess(run));
  }

  private void add(RunningRole role) {
    running.add(closer.add(role));
    role.internal().ifPresent(i -> internal.serve(i.service(), i.implementation(), i.calls()));
    health.add(role.role().commandName(), role.health());
  }

  private OptionalInt openPublic(ProxyRole proxy, MeterRegistry meters) {
    PublicPort port = new PublicPort(run, config.network().clients(), proxy, health, meters);
    add(new RunningRole(Role.PROXY, port, Optional.empty(), () -> Report.HEALTHY));
    return OptionalInt.of(port.port());
  }

  /// Last started, first drained: the proxy first, so that nothing new comes in from here.
  private List<String> drain(Deadline deadline) {
    return running.reversed().stream().flatMap(role -> role.drain(deadline).stream()).toList();
  }
}
