package io.elanus.querynode;

import io.elanus.common.memory.DirectMemory;
import io.elanus.common.memory.HeapBudget;
import io.elanus.common.meta.Member;
import io.elanus.common.meta.Membership;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Closer;
import io.elanus.common.run.CpuPool;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Drainable;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.Run;
import io.elanus.common.wal.Wal;
import io.elanus.rpc.call.RequestContext;
import io.elanus.rpc.codec.MemberCodec;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.internal.QueryNodeApi;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A query node: registers, leads the shards and holds the segments that routes name it for, serves
/// [QueryNodeApi].
public final class QueryNodeRole implements Drainable, AutoCloseable {
  public static final String NAME = "querynode";

  private static final Logger log = LoggerFactory.getLogger(QueryNodeRole.class);

  /// Holders that one read asks at once; as many nodes as a shard is spread over, and more.
  private static final int PARALLEL_CALLS = 64;

  /// No more reads are at work than there are cores.
  private static final long HEAP_GRAIN_BYTES = 1L << 20;

  /// The part of the direct memory that graphs of tails may take.
  private static final int TAIL_GRAPHS_OF_DIRECT_MEMORY = 8;

  /// The part of the heap of reads that next pages of iterators may have besides.
  private static final int PAGES_OF_READ_HEAP = 8;

  private final Closer closer = new Closer();
  private final HeapBudget heap;
  private final FileCache files;
  private final Leaders leaders;
  private final TailGraphs tailGraphs;
  private final PagesAhead pages;
  private final Holdings holdings;
  private final Assignments assignments;
  private final Membership membership;
  private final QueryNodeService service;

  private QueryNodeRole(QueryNodeConfig config, Ports ports) {
    Run run = ports.run();
    files =
        new FileCache(
            run, ports.objects(), config.cache(), config.cacheBytes(), config.memoryBytes());
    PartFetch parts = new PartFetch(run, ports.objects(), files);
    ColumnFetch columns = new ColumnFetch(run, parts);
    heap = new HeapBudget(run, "reads", config.heapBytes(), HEAP_GRAIN_BYTES);
    pages = new PagesAhead(config.heapBytes() / PAGES_OF_READ_HEAP);
    SegmentCache segments = new SegmentCache(run, files, columns, config.partFromBytes());
    ShardFiles shardFiles = new ShardFiles(ports.meta(), ports.wal(), ports.objects(), segments);
    NodeState.Changes changes = new NodeState.Changes(run);
    ShardLeader.Shared shared =
        new ShardLeader.Shared(
            run,
            ports.peers(),
            shardFiles,
            new LogFollower.All(run, ports.wal()),
            new LogEnds(run, ports.wal()),
            changes::add);
    leaders =
        closer.add(
            new Leaders(
                run,
                ports.node(),
                (shard, holders) -> new ShardLeader(shared, shard, holders),
                this::isRouted,
                changes::add));
    holdings =
        closer.add(
            new Holdings(
                run,
                (shard, named) ->
                    new HeldShard(run, ports.cpu(), heap, shardFiles, shard, named, changes::add)));
    closer.add(new Pointers(run, ports.meta(), leaders, holdings));
    assignments = closer.add(new Assignments(run, ports.meta(), ports.node(), new Assigned()));
    tailGraphs =
        new TailGraphs(
            run,
            ports.cpu(),
            DirectMemory.limit() / TAIL_GRAPHS_OF_DIRECT_MEMORY,
            this::tailGraphBytes);
    service =
        new QueryNodeService(
            run,
            leaders,
            holdings,
            new NodeState(changes, leaders, holdings, files),
            new SplitRead(
                run,
                ports.cpu(),
                new FanOut(run, RequestContext.carried(), PARALLEL_CALLS),
                new ArrivingSegments(columns, new ListFetch(run, parts)),
                heap,
                tailGraphs),
            pages,
            ports.deadlines());
    membership =
        closer.add(
            Membership.join(
                run, ports.meta(), ports.member(), MemberCodec::encode, config.leaseTtl()));
  }

  /// What a query node is handed.
  ///
  /// @param peers who hold segments for the shards led here
  /// @param member how others find it
  /// @param deadlines the current request's deadline, at most the given time from now
  public record Ports(
      Run run,
      MetaStore meta,
      Wal wal,
      ObjectStore objects,
      CpuPool cpu,
      Peers peers,
      Member member,
      Function<Duration, Deadline> deadlines) {
    NodeId node() {
      return member.node();
    }
  }

  /// What a query node counts.
  ///
  /// @param memoryBytes of the files in use, of at most `memoryLimit`
  /// @param tailBytes rows that are in no segment yet
  /// @param tailGraphBytes off heap, of graphs over them, of which `tailGraphs` were made
  /// @param aheadBytes on the heap, of next pages of iterators; `aheadReads` found theirs there
  /// @param readHeapBytes that reads have now, small ones not counted
  /// @param refusedReads that there was no heap for
  /// @param diskBytes of the cache
  /// @param cacheHits uses of a file that was on disk
  /// @param downloads files brought from the bucket, with `downloadedBytes` in all
  /// @param evictions files removed from the cache to make place
  /// @param routes that name this node: what a drain waits for
  public record Counts(
      int ledShards,
      int heldSegments,
      long memoryBytes,
      long memoryLimit,
      long tailBytes,
      long tailGraphBytes,
      long tailGraphs,
      long aheadBytes,
      long aheadReads,
      long readHeapBytes,
      long refusedReads,
      long diskBytes,
      long cacheHits,
      long downloads,
      long downloadedBytes,
      long evictions,
      int routes) {}

  public static QueryNodeRole start(QueryNodeConfig config, Ports ports) {
    return new QueryNodeRole(config, ports);
  }

  public QueryNodeApi service() {
    return service;
  }

  /// Whether others find this node.
  public boolean isRegistered() {
    return membership.isHeld();
  }

  public Counts counts() {
    FileCache.Counts cache = files.counts();
    return new Counts(
        leaders.all().size(),
        holdings.all().stream().mapToInt(held -> held.states().size()).sum(),
        files.memoryBytes(),
        files.memoryLimit(),
        leaders.all().stream().mapToLong(leader -> leader.report().tailBytes()).sum(),
        tailGraphBytes(),
        tailGraphs.made(),
        pages.bytes(),
        pages.served(),
        heap.takenBytes(),
        heap.refused(),
        files.diskBytes(),
        cache.hits(),
        cache.downloads(),
        cache.downloadedBytes(),
        cache.evictions(),
        assignments.naming().size());
  }

  private long tailGraphBytes() {
    return leaders.all().stream().mapToLong(ShardLeader::tailGraphBytes).sum();
  }

  /// Says that this node leaves, and serves on until no route names it.
  @Override
  public List<String> drain(Deadline deadline) {
    membership.drain();
    log.info("draining routes={}", assignments.naming().size());
    assignments.awaitUnnamed(deadline);
    return assignments.naming().stream().map("%s still names this node"::formatted).toList();
  }

  @Override
  public void close() {
    closer.close();
  }

  private boolean isRouted(ShardId shard) {
    return assignments.isRouted(shard);
  }

  /// What the routes say is done.
  private final class Assigned implements Assignments.Listener {
    @Override
    public void lead(ShardId shard, Optional<Holders> holders) {
      leaders.lead(shard, holders);
    }

    @Override
    public void hold(ShardId shard, Set<SegmentId> segments) {
      holdings.hold(shard, segments);
    }
  }
}
