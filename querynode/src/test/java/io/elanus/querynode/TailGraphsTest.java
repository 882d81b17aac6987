package io.elanus.querynode;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.memory.HeapShare;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.ShardId;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.run.CpuPool;
import io.elanus.common.run.SystemRun;
import io.elanus.common.wal.Position;
import io.elanus.index.DenseVectors;
import io.elanus.index.Metric;
import io.elanus.segment.shard.Cancellation;
import io.elanus.segment.shard.LiveShard;
import io.elanus.segment.shard.ShardSnapshot;
import io.elanus.segment.shard.TailGraph;
import io.elanus.segment.tail.TailIndex;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TailGraphsTest {
  private static final ShardId SHARD = new ShardId(Films.COLLECTION, 0);

  /// Two blocks that get no more, and one that does.
  private static final int ROWS = 2 * 8_192 + 10;

  /// Of one request: enough for graphs to be due.
  private static final int VECTORS = 4_096;

  private final SystemRun run = new SystemRun();
  private final CpuPool cpu = CpuPool.fixed(run, "cpu", 1, 2);
  private final LiveShard shard =
      new LiveShard(Films.schema(), Checkpoint.start(new Position(0, 0)), List.of(), List.of());
  private final TailGraphs graphs = graphs(Long.MAX_VALUE);

  TailGraphsTest() {
    long[] keys = LongStream.range(0, ROWS).toArray();
    shard.apply(
        new Position(0, 1),
        new LogRecord.Insert(
            new RecordHeader(SHARD, 1, 1, 0, 1000, 1, 0),
            new PartitionId(1),
            Films.rows(keys, keys)));
    search(VECTORS);
  }

  @AfterEach
  void close() {
    cpu.close();
    shard.close();
  }

  private TailGraphs graphs(long limitBytes) {
    return new TailGraphs(run, cpu, limitBytes, () -> shard.tail().indexBytes());
  }

  private ShardSearch search(int vectors) {
    ShardSearch search =
        new ShardSearch(
            Films.search(SHARD, Films.vector(3), vectors, 1).setEf(16).build(), new PagesAhead(0));
    try (ShardSnapshot snapshot = shard.snapshot()) {
      search.here(snapshot, Cancellation.NEVER, HeapShare.UNCOUNTED);
    }
    return search;
  }

  private void searchWith(TailGraphs these) {
    ShardSearch search = search(1);
    try (ShardSnapshot snapshot = shard.snapshot()) {
      these.after(search.graphDue(snapshot));
    }
  }

  private static void awaitMade(TailGraphs these, int count) {
    while (these.made() < count) {
      Thread.onSpinWait();
    }
  }

  private static void awaitIdle(TailGraphs these) {
    while (these.isBusy()) {
      Thread.onSpinWait();
    }
  }

  private CountDownLatch busyCore() throws InterruptedException {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);
    cpu.executor()
        .execute(() -> {
          busy.countDown();
          await(free);
        });
    busy.await();
    return free;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void searchesHaveGraphsMadeOneAtATimeAndDoNotWait() throws InterruptedException {
    CountDownLatch free = busyCore();
    searchWith(graphs);
    searchWith(graphs);
    assertThat(cpu.queued()).isEqualTo(1);
    assertThat(graphs.made()).isZero();

    free.countDown();
    awaitMade(graphs, 1);
    while (graphs.made() < 2) {
      searchWith(graphs);
    }
    try (ShardSnapshot snapshot = shard.snapshot()) {
      assertThat(search(1).graphDue(snapshot)).isEmpty();
    }
  }

  @Test
  void whereThereIsNoRoomInLineALaterSearchHasItMade() throws InterruptedException {
    CountDownLatch free = busyCore();
    CountDownLatch drained = new CountDownLatch(2);
    cpu.executor().execute(drained::countDown);
    cpu.executor().execute(drained::countDown);
    searchWith(graphs);
    assertThat(cpu.queued()).isEqualTo(2);

    free.countDown();
    drained.await();
    assertThat(graphs.made()).isZero();
    searchWith(graphs);
    awaitMade(graphs, 1);
  }

  @Test
  void noneIsBegunBeyondTheLimit() {
    TailGraphs few = graphs(1);
    searchWith(few);
    awaitIdle(few);
    assertThat(few.made()).isEqualTo(1);

    searchWith(few);
    awaitIdle(few);

    assertThat(few.made()).isEqualTo(1);
  }

  @Test
  void oneThatCannotBeMadeIsGivenUpAndOthersAreMade() {
    DenseVectors gone;
    try (Arena arena = Arena.ofShared()) {
      gone = new DenseVectors(arena.allocate(4L * 8 * 2_000, 64), 2_000, 8);
    }
    TailIndex index = new TailIndex();
    index.missed(1_000L * gone.count());

    graphs.after(Optional.of(new TailGraph(index, gone, Metric.L2)));
    awaitIdle(graphs);

    assertThat(index.isDue(gone.count())).isFalse();
    assertThat(graphs.made()).isZero();
    searchWith(graphs);
    awaitMade(graphs, 1);
  }
}
