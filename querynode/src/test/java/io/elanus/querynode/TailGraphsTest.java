package io.elanus.querynode;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.memory.HeapShare;
import io.elanus.common.run.CpuPool;
import io.elanus.common.run.SystemRun;
import io.elanus.index.DenseVectors;
import io.elanus.index.Metric;
import io.elanus.segment.shard.Cancellation;
import io.elanus.segment.shard.ShardSnapshot;
import io.elanus.segment.shard.TailGraph;
import io.elanus.segment.tail.TailIndex;
import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TailGraphsTest {
  /// Two blocks that get no more, and one that does.
  private static final int ROWS = 2 * 8_192 + 10;

  /// Of one request: enough for graphs to be due.
  private static final int VECTORS = 4_096;

  private final SystemRun run = new SystemRun();
  private final CpuPool cpu = CpuPool.fixed(run, "cpu", 1, 2);
  private final FilmsShard shard = new FilmsShard(ROWS);
  private final TailGraphs graphs = graphs(Long.MAX_VALUE);

  TailGraphsTest() {
    search(VECTORS);
  }

  @AfterEach
  void close() {
    cpu.close();
    shard.close();
  }

  private TailGraphs graphs(long limitBytes) {
    return new TailGraphs(run, cpu, limitBytes, shard::graphBytes);
  }

  private ShardSearch search(int vectors) {
    ShardSearch search =
        new ShardSearch(
            Films.search(FilmsShard.ID, Films.vector(3), vectors, 1).setEf(16).build(),
            new PagesAhead(0));
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

  @Test
  void searchesHaveGraphsMadeOneAtATimeAndDoNotWait() throws InterruptedException {
    BusyCore core = new BusyCore(cpu);
    searchWith(graphs);
    searchWith(graphs);
    assertThat(cpu.queued()).isEqualTo(1);
    assertThat(graphs.made()).isZero();

    core.letGo();
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
    BusyCore core = new BusyCore(cpu);
    CountDownLatch drained = new CountDownLatch(2);
    cpu.executor().execute(drained::countDown);
    cpu.executor().execute(drained::countDown);
    searchWith(graphs);
    assertThat(cpu.queued()).isEqualTo(2);

    core.letGo();
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
