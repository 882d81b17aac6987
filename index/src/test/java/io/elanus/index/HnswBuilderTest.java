package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HnswBuilderTest {
  private static final IndexParams.Hnsw PARAMS = new IndexParams.Hnsw(Metric.L2, 12, 60, 3);
  private static final DenseVectors VECTORS =
      TestVectors.offHeap(TestVectors.clustered(4000, 16, 20, 1), 16);

  @Test
  void oneThreadGivesTheSameBytesEveryTime() throws IOException {
    assertThat(bytes(build(BuildControl.onCallingThread())))
        .isEqualTo(bytes(build(BuildControl.onCallingThread())));
  }

  @Test
  void anotherSeedGivesAnotherGraph() throws IOException {
    IndexParams.Hnsw other = new IndexParams.Hnsw(Metric.L2, 12, 60, 4);

    assertThat(bytes(build(BuildControl.onCallingThread())))
        .isNotEqualTo(bytes(IndexBuilder.build(VECTORS, other, BuildControl.onCallingThread())));
  }

  @Test
  void severalThreadsBuildAGraphAsGood() {
    try (ExecutorService executor = Executors.newFixedThreadPool(3)) {
      BuiltIndex graph = build(new BuildControl(executor, 4, BuildProgress.NONE, () -> false));
      VectorIndex index = VectorIndex.of(graph, VECTORS);
      List<float[]> queries = TestVectors.queriesNear(VECTORS, 200, 2);
      double recall =
          TestVectors.recall(
              index.searchBatch(queries, 10, new SearchParams.Hnsw(64), AcceptedRows.ALL),
              index.searchBatch(queries, 10, new SearchParams.Exact(), AcceptedRows.ALL),
              Metric.L2);
      assertThat(recall).isGreaterThan(0.97);
    }
  }

  @Test
  @Timeout(value = 30, unit = TimeUnit.SECONDS)
  void aFullPoolDoesNotStopTheBuild() {
    List<Runnable> neverRun = new ArrayList<>();

    build(new BuildControl(neverRun::add, 4, BuildProgress.NONE, () -> false));

    assertThat(neverRun).hasSize(3);
    neverRun.forEach(Runnable::run);
  }

  @Test
  void aRefusingPoolDoesNotStopTheBuild() {
    Executor refusing =
        _ -> {
          throw new RejectedExecutionException("full");
        };

    BuiltIndex graph = build(new BuildControl(refusing, 4, BuildProgress.NONE, () -> false));

    assertThat(graph.count()).isEqualTo(VECTORS.count());
  }

  @Test
  void progressEndsAtTheTotal() {
    List<Integer> heard = new ArrayList<>();

    build(
        new BuildControl(
            Runnable::run,
            1,
            (done, total) -> {
              assertThat(total).isEqualTo(4000);
              heard.add(done);
            },
            () -> false));

    assertThat(heard).containsExactly(1024, 2048, 3072, 4000);
  }

  @Test
  void cancellingEndsTheBuild() {
    AtomicInteger asked = new AtomicInteger();

    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      BuildControl control =
          new BuildControl(executor, 3, BuildProgress.NONE, () -> asked.incrementAndGet() > 100);
      assertThatThrownBy(() -> build(control)).isInstanceOf(CancellationException.class);
    }
    assertThat(asked.get()).isBetween(101, 110);
  }

  @Test
  void aFailureOfAnyThreadReachesTheCaller() {
    BuildProgress failing =
        (_, _) -> {
          throw new IllegalStateException("no");
        };

    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      assertThatThrownBy(() -> build(new BuildControl(executor, 3, failing, () -> false)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("no");
    }
  }

  @Test
  void smallCountsBuildAndSearch() {
    for (int count = 0; count < 6; count++) {
      DenseVectors vectors = DenseVectors.of(TestVectors.whole(count, 3, 5, count), 3);
      IndexParams.Hnsw params = new IndexParams.Hnsw(Metric.COSINE, 2, 1, 1);
      BuiltIndex graph = IndexBuilder.build(vectors, params, BuildControl.onCallingThread());
      VectorIndex index = VectorIndex.of(graph, vectors);
      assertThat(index.search(new float[3], 9, new SearchParams.Hnsw(1), AcceptedRows.ALL).size())
          .isEqualTo(count);
    }
  }

  private static BuiltIndex build(BuildControl control) {
    return IndexBuilder.build(VECTORS, PARAMS, control);
  }

  static byte[] bytes(BuiltIndex graph) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    graph.writeTo(Channels.newChannel(out));
    return out.toByteArray();
  }
}
