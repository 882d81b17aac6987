package io.elanus.querynode;

import io.elanus.common.metrics.Latency;
import io.elanus.common.metrics.Readings;
import io.elanus.common.run.CpuPool;
import io.elanus.rpc.binding.RpcMethod;
import io.elanus.rpc.peer.PeerLog;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/// How quick reads are, what they wait for, and what this node holds.
public final class QueryNodeMetrics implements PeerLog {
  private final MeterRegistry meters;
  private final Timer searches;
  private final Timer queries;
  private final Timer waits;

  public QueryNodeMetrics(MeterRegistry meters) {
    this.meters = meters;
    this.searches = reads("search");
    this.queries = reads("query");
    this.waits =
        Latency.timer(
            meters,
            "elanus_querynode_queue_wait",
            "How long the work of reads waited for a core, that which got none included");
  }

  private Timer reads(String kind) {
    return Latency.timer(
        meters,
        "elanus_querynode_read",
        "Reads of whole shards by their leader, with waiting for the log, failures included",
        "kind",
        kind);
  }

  /// Told by the pool that computes reads.
  public void waited(long nanos) {
    waits.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void ended(RpcMethod method, int code, long nanos) {
    switch (method.name()) {
      case "Search" -> searches.record(nanos, TimeUnit.NANOSECONDS);
      case "Query" -> queries.record(nanos, TimeUnit.NANOSECONDS);
      default -> {} // a part of a read, or none
    }
  }

  /// @param cpu which computes reads
  public void watch(QueryNodeRole role, CpuPool cpu) {
    new Readings<>(meters, cpu)
        .gauge("elanus_querynode_queued_reads", "Work that waits for a core", CpuPool::queued);
    new Readings<>(meters, role)
        .gauge(
            "elanus_querynode_memory_used_bytes",
            "Segment and index files in use, as they are mapped",
            r -> r.counts().memoryBytes())
        .gauge(
            "elanus_querynode_memory_limit_bytes",
            "Of files in use at most: a load beyond it is refused",
            r -> r.counts().memoryLimit())
        .gauge(
            "elanus_querynode_tail_bytes",
            "Rows that are in no segment yet, held on the heap",
            r -> r.counts().tailBytes())
        .gauge(
            "elanus_querynode_tail_graph_bytes",
            "Graphs over rows that are in no segment yet, held off the heap",
            r -> r.counts().tailGraphBytes())
        .count(
            "elanus_querynode_tail_graphs_total",
            "Graphs made over rows that are in no segment yet, as searches looked through them again and again",
            r -> r.counts().tailGraphs())
        .gauge(
            "elanus_querynode_iterator_ahead_bytes",
            "Next pages of search iterators, kept on the heap",
            r -> r.counts().aheadBytes())
        .count(
            "elanus_querynode_iterator_ahead_reads_total",
            "Reads of pages of search iterators that were known from when one before was searched for",
            r -> r.counts().aheadReads())
        .gauge(
            "elanus_querynode_read_heap_bytes",
            "Heap that large reads have while they are computed",
            r -> r.counts().readHeapBytes())
        .count(
            "elanus_querynode_refused_reads_total",
            "Reads that there was no heap for",
            r -> r.counts().refusedReads())
        .gauge(
            "elanus_querynode_cache_bytes",
            "Files on the disk of this node",
            r -> r.counts().diskBytes())
        .gauge(
            "elanus_querynode_led_shards",
            "Shards that this node leads",
            r -> r.counts().ledShards())
        .gauge(
            "elanus_querynode_held_segments",
            "Segments that this node holds for leaders",
            r -> r.counts().heldSegments())
        .gauge(
            "elanus_querynode_routes",
            "Routes that name this node; what a drain waits for",
            r -> r.counts().routes())
        .count(
            "elanus_querynode_cache_hits_total",
            "Uses of a file that was on the disk",
            r -> r.counts().cacheHits())
        .count(
            "elanus_querynode_downloads_total",
            "Files brought from the bucket",
            r -> r.counts().downloads())
        .count(
            "elanus_querynode_downloaded_bytes_total",
            "Bytes of files brought from the bucket",
            r -> r.counts().downloadedBytes())
        .count(
            "elanus_querynode_cache_evictions_total",
            "Files removed from the disk to make place",
            r -> r.counts().evictions());
  }
}
