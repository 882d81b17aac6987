package io.elanus.bench.measure;

import io.elanus.index.AcceptedRows;
import io.elanus.index.Neighbors;
import io.elanus.index.SearchParams;
import io.elanus.index.VectorIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// Searches of one index by several threads at the same time, each of which takes the next query when it is done with one.
@SuppressWarnings("ArrayRecordComponent")
public record ParallelSearch(VectorIndex index, float[][] queries, int k, SearchParams params) {
  /// What came of them.
  ///
  /// - `wallNanos`: from the first to the last. `each`: of single searches, waiting for a processor included.
  /// - `found`: ordinals of the first search for each query, `k` a query, -1 for none.
  @SuppressWarnings("ArrayRecordComponent")
  public record Outcome(long wallNanos, SortedNanos each, int[] found) {}

  /// @param searches so many in all; the queries come again and again
  /// @throws InterruptedException when the calling thread is
  public Outcome run(int threads, int searches) throws InterruptedException {
    Run run = new Run(searches);
    long start = System.nanoTime();
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> parts = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        parts.add(executor.submit(run));
      }
      for (Future<?> part : parts) {
        part.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a search failed", e.getCause());
    }
    return new Outcome(System.nanoTime() - start, SortedNanos.of(run.nanos), run.found);
  }

  /// What each of the threads does.
  private final class Run implements Runnable {
    private final AtomicInteger next = new AtomicInteger();
    private final long[] nanos;
    private final int[] found = new int[queries.length * k];

    Run(int searches) {
      nanos = new long[searches];
      Arrays.fill(found, -1);
    }

    @Override
    public void run() {
      for (int i = next.getAndIncrement(); i < nanos.length; i = next.getAndIncrement()) {
        long start = System.nanoTime();
        Neighbors nearest = index.search(queries[i % queries.length], k, params, AcceptedRows.ALL);
        nanos[i] = System.nanoTime() - start;
        if (i < queries.length) {
          System.arraycopy(nearest.ordinals(), 0, found, i * k, nearest.size());
        }
      }
    }
  }
}
