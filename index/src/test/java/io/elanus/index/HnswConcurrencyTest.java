package io.elanus.index;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class HnswConcurrencyTest {
  private static final SearchParams EF_32 = new SearchParams.Hnsw(32);

  @Test
  void threadsSearchingAtOnceDoNotDisturbEachOther()
      throws ExecutionException, InterruptedException {
    DenseVectors vectors = TestVectors.offHeap(TestVectors.clustered(3000, 16, 9, 1), 16);
    IndexParams.Hnsw params = new IndexParams.Hnsw(Metric.COSINE, 8, 50, 2);
    VectorIndex index =
        VectorIndex.of(
            IndexBuilder.build(vectors, params, BuildControl.onCallingThread()), vectors);
    AcceptedRows half = TestVectors.accept(3000, 0.8, 3);
    List<float[]> queries = TestVectors.queriesNear(vectors, 100, 4);
    List<Neighbors> expected = index.searchBatch(queries, 10, EF_32, AcceptedRows.ALL);
    List<Neighbors> expectedOfHalf = index.searchBatch(queries, 10, EF_32, half);

    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      List<Future<?>> threads = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        boolean filtered = t % 2 == 0;
        threads.add(
            executor.submit(() -> {
              for (int repeat = 0; repeat < 20; repeat++) {
                searchAll(
                    index,
                    queries,
                    filtered ? half : AcceptedRows.ALL,
                    filtered ? expectedOfHalf : expected);
              }
            }));
      }
      for (Future<?> thread : threads) {
        thread.get();
      }
    }
  }

  private static void searchAll(
      VectorIndex index, List<float[]> queries, AcceptedRows accepted, List<Neighbors> expected) {
    for (int q = 0; q < queries.size(); q++) {
      Neighbors found = index.search(queries.get(q), 10, EF_32, accepted);
      VectorIndexContract.assertSame(found, expected.get(q));
    }
  }
}
