package io.elanus.bench.arrival;

import io.elanus.adapters.embedded.EmbeddedBackends;
import io.elanus.common.error.DbException;
import io.elanus.common.expr.Expr;
import io.elanus.common.expr.Literal;
import io.elanus.common.expr.Operand;
import io.elanus.common.meta.Member;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.DataType;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ReplicaId;
import io.elanus.common.run.CpuPool;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.common.wal.LogId;
import io.elanus.proto.internal.Freshness;
import io.elanus.proto.internal.NodeStatusRequest;
import io.elanus.proto.internal.QueryShardRequest;
import io.elanus.proto.internal.RouteMeta;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.querynode.QueryNodeConfig;
import io.elanus.querynode.QueryNodeRole;
import io.elanus.rpc.codec.ExprCodec;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.internal.QueryNodeApi;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `bench/run arrival`: the first answers of a shard whose files are not on the node's disk.
@Command(
    name = "arrival",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Leads a shard of random rows on a query node with an empty cache, over a bucket of limited bandwidth, and",
      "asks until the first correct answers come: once as files arrive whole, once as they are read in parts. With",
      "--lists there is an index, and a search of the lists nearest to the query is asked for, too."
    })
public final class ArrivalCommand implements Callable<Integer> {
  private static final NodeId NODE = new NodeId(1);
  private static final Freshness STRONG =
      Freshness.newBuilder().setLevel(Freshness.Level.STRONG).build();
  private static final int FILTERED_ROWS = 10;

  /// Then it gives up.
  private static final Duration LONGEST = Duration.ofMinutes(30);

  @Option(names = "--segments", description = "How many, each of a partition of its own.")
  private int segments = 16;

  @Option(names = "--rows", description = "Of each segment.")
  private int rows = 62_500;

  @Option(names = "--dimension", description = "Of the vectors, 4 bytes each.")
  private int dimension = 256;

  @Option(names = "--mib-per-second", description = "Of the line to the bucket.")
  private int mibPerSecond = 100;

  @Option(names = "--first-byte-ms", description = "Until the first byte of an object.")
  private int firstByteMs = 20;

  @Option(names = "--lists", description = "Of an index over each segment's vectors; 0 for none.")
  private int lists;

  @Option(names = "--probes", description = "Lists of each segment that are looked through.")
  private int probes = 8;

  private final Run run = new SystemRun();

  /// What is asked for from the start.
  private enum Asked {
    COUNT_FILTER_PARTITION("some reads"),
    SEARCH("a search of everything"),
    PROBE("a search by lists");

    private final String text;

    Asked(String text) {
      this.text = text;
    }
  }

  @Override
  public Integer call() throws IOException {
    Path folder = Files.createTempDirectory("elanus-arrival");
    try (EmbeddedBackends backends = EmbeddedBackends.open(run, folder.resolve("data"))) {
      ColdShard shard = new ColdShard(segments, rows, dimension, lists);
      shard.make(backends.meta(), backends.objects(), backends.wal().start(new LogId(0)), folder);
      System.out.printf(
          "%d rows of dimension %d in %d segments, %.0f MiB; %d MiB/s, %d ms to the first byte; load %s%n",
          shard.rows(),
          dimension,
          segments,
          shard.sizeBytes() / (double) (1 << 20),
          mibPerSecond,
          firstByteMs,
          Files.readString(Path.of("/proc/loadavg")).strip());
      System.out.println("warm-up, not to be counted:");
      List<Asked> all =
          lists == 0
              ? List.of(Asked.COUNT_FILTER_PARTITION, Asked.SEARCH)
              : List.of(Asked.values());
      measure(backends, shard, folder.resolve("warm-up"), Long.MAX_VALUE, all.getLast());
      for (Asked asked : all) {
        measure(backends, shard, folder.resolve("whole-" + asked), Long.MAX_VALUE, asked);
        long parts = QueryNodeConfig.DEFAULT_PART_FROM_BYTES;
        measure(backends, shard, folder.resolve("parts-" + asked), parts, asked);
      }
      return 0;
    }
  }

  private void measure(
      EmbeddedBackends backends, ColdShard shard, Path cache, long partFromBytes, Asked asked) {
    NarrowBucket bucket =
        new NarrowBucket(
            run, backends.objects(), (long) mibPerSecond << 20, Duration.ofMillis(firstByteMs));
    QueryNodeConfig config =
        new QueryNodeConfig(
            cache,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            partFromBytes,
            Long.MAX_VALUE,
            Duration.ofSeconds(10));
    try (CpuPool cpu =
            CpuPool.fixed(run, "cpu", Runtime.getRuntime().availableProcessors(), 1_000);
        QueryNodeRole node =
            QueryNodeRole.start(
                config,
                new QueryNodeRole.Ports(
                    run,
                    backends.meta(),
                    backends.wal(),
                    bucket,
                    cpu,
                    noPeers(),
                    new Member(NODE, QueryNodeRole.NAME, "", "bench"),
                    atMost -> Deadline.after(run, atMost)))) {
      System.out.printf(
          "%s, %s:%n", partFromBytes == Long.MAX_VALUE ? "whole files" : "parts", asked.text);
      ask(backends.meta(), bucket, shard, node.service(), asked);
      unlead(backends.meta(), shard);
    }
  }

  private void ask(
      MetaStore meta, NarrowBucket bucket, ColdShard shard, QueryNodeApi node, Asked asked) {
    long start = run.nanoTime();
    lead(meta, shard);
    List<Long> found = new ArrayList<>();
    List<Runnable> reads =
        switch (asked) {
          case COUNT_FILTER_PARTITION ->
              List.of(
                  () -> report("count", start, bucket, node, n -> isCounted(n, shard)),
                  () -> report("filter", start, bucket, node, n -> isFound(n, shard)),
                  () ->
                      report("search of a partition", start, bucket, node, n -> isNear(n, shard)));
          case SEARCH ->
              List.of(() -> report("search", start, bucket, node, n -> isNearest(n, shard)));
          case PROBE ->
              List.of(() ->
                  report(
                      "search by lists", start, bucket, node, n -> found.addAll(probe(n, shard))));
        };
    new FanOut(run).each(reads, Deadline.NEVER, Runnable::run);
    report("all files", start, bucket, node, n -> isServing(n));
    if (asked == Asked.PROBE) {
      require(probe(node, shard).equals(found), "by lists " + found);
    }
  }

  private List<Long> probe(QueryNodeApi node, ColdShard shard) {
    return node.search(search(shard).setProbes(probes).build()).getKeys().getIntId().getDataList();
  }

  /// Asks until it is answered.
  ///
  /// @param isRight asks once, and throws when there is no answer
  private void report(
      String what,
      long start,
      NarrowBucket bucket,
      QueryNodeApi node,
      Predicate<QueryNodeApi> isRight) {
    boolean answered = false;
    while (!answered) {
      try {
        answered = isRight.test(node);
      } catch (DbException e) {
        if (run.nanoTime() - start > LONGEST.toNanos()) {
          throw e;
        }
      }
      run.sleep(Duration.ofMillis(answered ? 0 : 5));
    }
    System.out.printf(
        "  %-22s %8.2f s, %6d MiB read by then%n",
        what, (run.nanoTime() - start) / 1e9, bucket.sentBytes() >> 20);
  }

  private static boolean isServing(QueryNodeApi node) {
    return node.nodeStatus(NodeStatusRequest.getDefaultInstance()).getShardsList().stream()
        .anyMatch(led -> led.getServing());
  }

  private static boolean isCounted(QueryNodeApi node, ColdShard shard) {
    long count = node.query(query(shard).setCountOnly(true).build()).getRowCount();
    return require(count == shard.rows(), "count " + count);
  }

  private static boolean isFound(QueryNodeApi node, ColdShard shard) {
    long last = shard.rows() - FILTERED_ROWS;
    var filter =
        new Expr.Compare(
            new Operand.FieldRef(ColdShard.TAG, DataType.INT64),
            Expr.Comparison.GREATER_OR_EQUAL,
            new Literal.IntLiteral(last));
    var found =
        node.query(
            query(shard)
                .setFilter(ExprCodec.encode(filter))
                .addOutputFieldIds(ColdShard.TAG)
                .build());
    List<Long> expected = LongStream.range(last, shard.rows()).boxed().toList();
    return require(
        found.getKeys().getIntId().getDataList().equals(expected), "filter " + found.getKeys());
  }

  private static boolean isNearest(QueryNodeApi node, ColdShard shard) {
    var found = node.search(search(shard).setExact(true).build());
    return require(
        found.getKeys().getIntId().getDataList().equals(shard.nearest()),
        "search " + found.getKeys());
  }

  private static boolean isNear(QueryNodeApi node, ColdShard shard) {
    var found = node.search(search(shard).setExact(true).addPartitionIds(1).build());
    return require(
        found.getKeys().getIntId().getDataList().equals(shard.nearest(0)),
        "search " + found.getKeys());
  }

  private static boolean require(boolean right, String what) {
    if (!right) {
      throw new IllegalStateException("a wrong answer: " + what);
    }
    return true;
  }

  private static QueryShardRequest.Builder query(ColdShard shard) {
    return QueryShardRequest.newBuilder()
        .setCollectionId(shard.shard().collection().value())
        .setShard(shard.shard().index())
        .setFreshness(STRONG);
  }

  private static SearchShardRequest.Builder search(ColdShard shard) {
    return SearchShardRequest.newBuilder()
        .setCollectionId(shard.shard().collection().value())
        .setShard(shard.shard().index())
        .setFreshness(STRONG)
        .setFieldId(ColdShard.VECTOR)
        .setVectors(shard.query())
        .setVectorCount(1)
        .setLimit(ColdShard.LIMIT)
        .setMetric("L2");
  }

  private void lead(MetaStore meta, ColdShard shard) {
    byte[] route = RouteMeta.newBuilder().setNodeId(NODE.value()).build().toByteArray();
    change(meta, new MetaStore.Change.Put(routeKey(shard), route));
  }

  private void unlead(MetaStore meta, ColdShard shard) {
    change(meta, new MetaStore.Change.Remove(routeKey(shard)));
  }

  private static String routeKey(ColdShard shard) {
    return MetaKeys.route(shard.shard(), new ReplicaId(1));
  }

  private void change(MetaStore meta, MetaStore.Change change) {
    meta.commit("change-" + run.nanoTime(), List.of(), List.of(change));
  }

  private static Peers noPeers() {
    return (Peers)
        Proxy.newProxyInstance(
            Peers.class.getClassLoader(),
            new Class<?>[] {Peers.class},
            (_, method, _) -> {
              throw new UnsupportedOperationException(method.getName());
            });
  }
}
