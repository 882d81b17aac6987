package io.elanus.datanode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.meta.Member;
import io.elanus.common.meta.Membership;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.NodeId;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.object.ScratchFolder;
import io.elanus.common.run.Closer;
import io.elanus.common.run.CpuPool;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Drainable;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.Run;
import io.elanus.common.wal.Wal;
import io.elanus.proto.internal.AllocateIdsRequest;
import io.elanus.proto.internal.JobKind;
import io.elanus.rpc.codec.MemberCodec;
import io.elanus.rpc.internal.DataNodeApi;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.job.JobWorker;
import io.elanus.rpc.job.WorkerCounts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// A datanode: registers, takes the logs datacoord gives it, serves [DataNodeApi].
public final class DataNodeRole implements Drainable, AutoCloseable {
  public static final String NAME = "datanode";

  private final DataNodeConfig config;
  private final Ports ports;
  private final Closer closer = new Closer();
  private final FanOut fanOut;
  private final ManifestStore manifests;
  private final SpillFiles spills;
  private final ShardFlush flush;
  private final LogOwners owners;
  private final CompactionCounts compacted = new CompactionCounts();
  private final JobWorker<Compaction> compactions;
  private final JobWorker<ShardRestore> restores;
  private final Membership membership;
  private final DataNodeService service;

  private DataNodeRole(DataNodeConfig config, Ports ports) {
    this.config = config;
    this.ports = ports;
    Run run = ports.run();
    Ids ids = count -> allocate(ports.peers(), count);
    fanOut = new FanOut(run);
    manifests = new ManifestStore(ports.meta(), ports.objects());
    spills = new SpillFiles(ports.objects(), ids);
    SegmentFiles files =
        new SegmentFiles(
            ports.objects(), ids, ScratchFolder.emptied(config.scratch()), config.segmentRows());
    ManifestCommit commit = new ManifestCommit(run, ports.meta(), ports.objects());
    flush = new ShardFlush(ports.meta(), files, spills, commit, ids);
    owners = closer.add(new LogOwners(run, ports.meta(), ports.node(), fanOut, this::own));
    service = new DataNodeService(run, ports.meta(), owners);
    membership =
        closer.add(
            Membership.join(
                run, ports.meta(), ports.member(), MemberCodec::encode, config.leaseTtl()));
    compactions = closer.add(compactions());
    restores = closer.add(restores());
  }

  private JobWorker<Compaction> compactions() {
    ScratchFolder scratch = scratch("compaction");
    return new JobWorker<>(
        ports.run(),
        ports.peers(),
        new JobWorker.Setup(JobKind.COMPACTION, ports.node(), config.jobWait()),
        response ->
            response.hasCompaction()
                ? Optional.of(new Compaction(response.getCompaction(), scratch, ports, compacted))
                : Optional.empty());
  }

  private JobWorker<ShardRestore> restores() {
    ScratchFolder scratch = scratch("restore");
    return new JobWorker<>(
        ports.run(),
        ports.peers(),
        new JobWorker.Setup(JobKind.RESTORE, ports.node(), config.jobWait()),
        response ->
            response.hasRestore()
                ? Optional.of(new ShardRestore(response.getRestore(), scratch, ports))
                : Optional.empty());
  }

  private ScratchFolder scratch(String use) {
    Path folder = config.scratch();
    return ScratchFolder.emptied(folder.resolveSibling(folder.getFileName() + "-" + use));
  }

  /// What a datanode is handed.
  ///
  /// @param cpu for compactions and restores alone: how many threads it has bounds what they take from reads
  /// @param member how others find it
  public record Ports(
      Run run,
      MetaStore meta,
      Wal wal,
      ObjectStore objects,
      CpuPool cpu,
      Peers peers,
      Member member) {
    NodeId node() {
      return member.node();
    }
  }

  public static DataNodeRole start(DataNodeConfig config, Ports ports) {
    return new DataNodeRole(config, ports);
  }

  public DataNodeApi service() {
    return service;
  }

  /// Whether others find this node.
  public boolean isRegistered() {
    return membership.isHeld();
  }

  /// What a datanode counts.
  ///
  /// @param lag of the log that it is behind most
  /// @param unflushedBytes in no manifest yet
  /// @param haltedShards, setAsideShards shards that do not go on
  /// @param failingLogs logs that cannot be read or flushed now
  /// @param flushes manifests committed since the start, with `flushedRows` in new segments
  /// @param compactions jobs of this node
  /// @param compactedRows, compactedBytes that they read, with `removedRows` that no read saw any more
  public record Counts(
      int logs,
      Duration lag,
      long unflushedBytes,
      int haltedShards,
      int setAsideShards,
      int failingLogs,
      long flushes,
      long flushedRows,
      WorkerCounts compactions,
      long compactedRows,
      long compactedBytes,
      long removedRows) {}

  /// As of the last step of each log's owner. Does not wait.
  public Counts counts() {
    List<LogOwner> logs = owners.all();
    List<TailCounts> tails = logs.stream().map(LogOwner::tails).toList();
    return new Counts(
        logs.size(),
        logs.stream().map(LogOwner::lag).reduce(Duration.ZERO, DataNodeRole::longer),
        tails.stream().mapToLong(TailCounts::bytes).sum(),
        tails.stream().mapToInt(TailCounts::halted).sum(),
        tails.stream().mapToInt(TailCounts::setAside).sum(),
        (int) logs.stream().filter(LogOwner::isFailing).count(),
        flush.flushes(),
        flush.flushedRows(),
        compactions.counts(),
        compacted.rows(),
        compacted.bytes(),
        compacted.removedRows());
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  /// Flushes everything up to the ends of its logs, gives back what it compacts, and waits until datacoord has given them to others. The
  /// last datanode may go when it has flushed: what is written meanwhile waits in the log.
  @Override
  public List<String> drain(Deadline deadline) {
    membership.drain();
    return fanOut
        .all(
            List.<Supplier<List<String>>>of(
                () -> owners.drain(this::othersStay, deadline),
                () -> compactions.drain(deadline),
                () -> restores.drain(deadline)),
            Deadline.NEVER,
            Supplier::get)
        .stream()
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public void close() {
    closer.close();
  }

  private LogOwner own(Ownership ownership) {
    OwnedShards shards = new OwnedShards(ports.meta(), manifests, spills, fanOut);
    LogFloor floor = new LogFloor(ports.run(), ports.meta(), ports.wal(), config.trimHoldBack());
    OwnedLog log = new OwnedLog(ports.run(), ownership, shards, floor, flush, spills, config);
    return new LogOwner(ports.run(), ports.meta(), ports.wal(), ownership, log);
  }

  /// As far as it can be told: while the metastore is away, somebody may.
  private boolean othersStay() {
    try {
      return ports.meta().range(MetaKeys.nodes(NAME)).entries().stream()
          .map(MemberCodec::decode)
          .anyMatch(member -> !member.draining() && !member.node().equals(ports.node()));
    } catch (DbException e) {
      if (e.code() == ErrorCode.CANCELED) {
        throw e;
      }
      return true;
    }
  }

  /// What rootcoord answers says nothing about what is committed here: a failure of any kind only means
  /// that there are no ids now.
  private static long allocate(Peers peers, int count) {
    try {
      return peers
          .rootCoord()
          .allocateIds(AllocateIdsRequest.newBuilder().setCount(count).build())
          .getFirst();
    } catch (DbException e) {
      if (e.code() == ErrorCode.CANCELED) {
        throw e;
      }
      throw new DbException(
          ErrorCode.SERVICE_UNAVAILABLE, "no ids to be had: %s".formatted(e.text()), e);
    }
  }
}
