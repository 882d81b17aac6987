package io.elanus.standalone;

import io.elanus.common.meta.Member;
import io.elanus.common.model.NodeId;
import io.elanus.common.run.Closer;
import io.elanus.common.run.CpuPool;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.datacoord.DataCoordMetrics;
import io.elanus.datacoord.DataCoordPorts;
import io.elanus.datacoord.DataCoordRole;
import io.elanus.datanode.DataNodeMetrics;
import io.elanus.datanode.DataNodeRole;
import io.elanus.indexnode.IndexNodeMetrics;
import io.elanus.indexnode.IndexNodeRole;
import io.elanus.proto.internal.DataCoordGrpc;
import io.elanus.proto.internal.DataNodeGrpc;
import io.elanus.proto.internal.IndexNodeGrpc;
import io.elanus.proto.internal.QueryCoordGrpc;
import io.elanus.proto.internal.QueryNodeGrpc;
import io.elanus.proto.internal.RootCoordGrpc;
import io.elanus.proxy.ProxyConfig;
import io.elanus.proxy.ProxyRole;
import io.elanus.proxy.write.Backlog;
import io.elanus.querycoord.QueryCoordMetrics;
import io.elanus.querycoord.QueryCoordPorts;
import io.elanus.querycoord.QueryCoordRole;
import io.elanus.querynode.QueryNodeMetrics;
import io.elanus.querynode.QueryNodeRole;
import io.elanus.rootcoord.RootCoordMetrics;
import io.elanus.rootcoord.RootCoordPorts;
import io.elanus.rootcoord.RootCoordRole;
import io.elanus.rpc.call.RequestContext;
import io.elanus.rpc.internal.DiscoveredPeers;
import io.elanus.rpc.internal.PatientPeers;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.management.Health.Report;
import io.elanus.rpc.management.Health.State;
import io.elanus.rpc.peer.PeerLog;
import io.elanus.rpc.peer.PeerMetrics;
import io.grpc.ServiceDescriptor;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Makes each role from what its process has. A role cannot tell which others share the process.
///
/// @param closer undoes what is made for a role beside the role
/// @param meters where roles show their metrics
/// @param address of this process's internal services
record RoleStarter(
    ProcessConfig config,
    Run run,
    Backends backends,
    DiscoveredPeers peers,
    String address,
    MeterRegistry meters,
    Closer closer) {
  /// Work that waits for a core; more is refused as overload.
  private static final int CPU_QUEUE = 10_000;

  private static final long MIN_FLUSH_BYTES = 1 << 20;

  RunningRole start(Role role) {
    return switch (role) {
      case ROOTCOORD -> rootCoord();
      case QUERYCOORD -> queryCoord();
      case DATACOORD -> dataCoord();
      case DATANODE -> dataNode();
      case QUERYNODE -> queryNode();
      case INDEXNODE -> indexNode();
      case PROXY -> throw new IllegalArgumentException("a proxy has a port of its own");
    };
  }

  ProxyRole proxy() {
    ProxyConfig proxy = config.shared() ? config.proxy() : config.proxy().with(backlog());
    return new ProxyRole(
        proxy, new ProxyRole.Ports(run, backends.meta(), backends.wal(), peers, freshNode()));
  }

  /// In one process, what is not flushed yet is held by its owner, which bounds it by a flush per log, and
  /// by its leader, for which this is the bound: half of the heap for all logs.
  private Backlog.Limits backlog() {
    long flushBytes = Math.min(config.flushBytes(), heapShareBytes());
    return new Backlog.Limits(2 * flushBytes, 2 * flushBytes);
  }

  private RunningRole rootCoord() {
    Member self = member(Role.ROOTCOORD);
    RootCoordRole role =
        RootCoordRole.start(
            config.rootCoord(),
            new RootCoordPorts(run, backends.meta(), backends.wal(), backends.objects()),
            self);
    RootCoordMetrics.watch(role, meters);
    shown().coordinator(Role.ROOTCOORD, role::isLeading);
    return running(
        Role.ROOTCOORD,
        role,
        internal(Role.ROOTCOORD, RootCoordGrpc.getServiceDescriptor(), role.service()),
        coordinator(self, role::isLeading));
  }

  private RunningRole queryCoord() {
    Member self = member(Role.QUERYCOORD);
    QueryCoordRole role =
        QueryCoordRole.start(
            config.queryCoord(),
            new QueryCoordPorts(run, backends.meta(), backends.objects(), patientPeers()),
            self);
    QueryCoordMetrics.watch(role, meters);
    shown().coordinator(Role.QUERYCOORD, role::isLeading);
    return running(
        Role.QUERYCOORD,
        role,
        internal(Role.QUERYCOORD, QueryCoordGrpc.getServiceDescriptor(), role.service()),
        coordinator(self, role::isLeading));
  }

  private RunningRole dataCoord() {
    Member self = member(Role.DATACOORD);
    DataCoordRole role =
        DataCoordRole.start(
            config.dataCoord(),
            new DataCoordPorts(
                run, backends.meta(), backends.wal(), backends.objects(), patientPeers()),
            self);
    DataCoordMetrics.watch(role, meters);
    shown().coordinator(Role.DATACOORD, role::isLeading);
    return running(
        Role.DATACOORD,
        role,
        internal(Role.DATACOORD, DataCoordGrpc.getServiceDescriptor(), role.service()),
        coordinator(self, role::isLeading));
  }

  private RunningRole dataNode() {
    Member self = member(Role.DATANODE);
    CpuPool compactions = closer.add(CpuPool.fixed(run, "compaction", 1, CPU_QUEUE));
    DataNodeRole role =
        DataNodeRole.start(
            config.dataNode(heapShareBytes()),
            new DataNodeRole.Ports(
                run,
                backends.meta(),
                backends.wal(),
                backends.objects(),
                compactions,
                patientPeers(),
                self));
    DataNodeMetrics.watch(role, meters);
    shown().node(Role.DATANODE, role::isRegistered);
    return running(
        Role.DATANODE,
        role,
        internal(Role.DATANODE, DataNodeGrpc.getServiceDescriptor(), role.service()),
        node(role::isRegistered));
  }

  /// A tail is held twice, by its owner and by its leader, and the logs are independent: all of them
  /// together stay below half of the heap.
  private long heapShareBytes() {
    long share = Runtime.getRuntime().maxMemory() / (4L * backends.wal().logCount());
    return Math.max(MIN_FLUSH_BYTES, share);
  }

  private RunningRole queryNode() {
    Member self = member(Role.QUERYNODE);
    QueryNodeMetrics metrics = new QueryNodeMetrics(meters);
    CpuPool cpu = closer.add(CpuPool.fixed(run, "cpu", cores(), CPU_QUEUE, metrics::waited));
    QueryNodeRole role =
        QueryNodeRole.start(
            config.queryNode(),
            new QueryNodeRole.Ports(
                run,
                backends.meta(),
                backends.wal(),
                backends.objects(),
                cpu,
                peers,
                self,
                this::requestDeadline));
    metrics.watch(role, cpu);
    shown().node(Role.QUERYNODE, role::isRegistered);
    return running(
        Role.QUERYNODE,
        role,
        internal(Role.QUERYNODE, QueryNodeGrpc.getServiceDescriptor(), role.service())
            .heardBy(metrics),
        node(role::isRegistered));
  }

  private RunningRole indexNode() {
    Member self = member(Role.INDEXNODE);
    CpuPool builds = closer.add(CpuPool.fixed(run, "build", cores(), CPU_QUEUE));
    IndexNodeRole role =
        IndexNodeRole.start(
            config.indexNode(cores()),
            new IndexNodeRole.Ports(
                run, backends.meta(), backends.objects(), builds, patientPeers(), self));
    IndexNodeMetrics.watch(role, meters);
    shown().node(Role.INDEXNODE, role::isRegistered);
    return running(
        Role.INDEXNODE,
        role,
        internal(Role.INDEXNODE, IndexNodeGrpc.getServiceDescriptor(), role.service()),
        node(role::isRegistered));
  }

  /// For what a role does by itself; the proxy decides for each request what is worth waiting for.
  private Peers patientPeers() {
    return new PatientPeers(run, peers, config.proxy().patience());
  }

  private static RunningRole running(
      Role role, AutoCloseable part, RunningRole.Internal internal, Supplier<Report> health) {
    return new RunningRole(role, part, Optional.of(internal), health);
  }

  private RunningRole.Internal internal(
      Role role, ServiceDescriptor service, Object implementation) {
    PeerLog calls = new PeerMetrics(meters, role.commandName(), service);
    return new RunningRole.Internal(service, implementation, calls);
  }

  private RoleMetrics shown() {
    return new RoleMetrics(meters);
  }

  /// Leads, or knows who does and is ready to follow; the coordinator of the only process has to lead.
  private Supplier<Report> coordinator(Member self, BooleanSupplier leads) {
    return () -> {
      if (leads.getAsBoolean()) {
        return new Report(State.HEALTHY, "role=active");
      }
      Optional<Member> leader =
          peers.leader(self.role()).filter(l -> !l.node().equals(self.node()));
      return config.shared() && leader.isPresent()
          ? new Report(State.STANDBY, "role=standby, %s leads".formatted(leader.get().address()))
          : new Report(State.INITIALIZING, "waiting to be elected");
    };
  }

  private static Supplier<Report> node(BooleanSupplier registered) {
    return () ->
        registered.getAsBoolean()
            ? Report.HEALTHY
            : new Report(State.ABNORMAL, "not registered in the metastore");
  }

  private Member member(Role role) {
    long memoryBytes = role == Role.QUERYNODE ? config.memoryBytes() : 0;
    return new Member(freshNode(), role.commandName(), address, Version.number())
        .with(config.zone(), memoryBytes);
  }

  /// Names one start of one role; drawn, so that it needs nobody.
  private NodeId freshNode() {
    return new NodeId(1 + (run.random().nextLong() >>> 1) % Long.MAX_VALUE);
  }

  private Deadline requestDeadline(Duration most) {
    Deadline latest = Deadline.after(run, most);
    return RequestContext.find().map(c -> c.deadline().orEarlier(latest)).orElse(latest);
  }

  private static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }
}
