package io.elanus.bench.measure;

import io.elanus.index.Neighbors;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;

/// One way to search for some queries, with what it found and the processor time that it took. One thread.
public final class TimedSearch {
  private static final int UNCOUNTED_ROUNDS = 2;

  private final List<byte[]> queries;
  private final Function<byte[], Neighbors> search;
  private final LongStream.Builder nanos = LongStream.builder();

  private List<Neighbors> found = List.of();
  private SortedNanos taken = SortedNanos.of(0);

  public TimedSearch(List<byte[]> queries, Function<byte[], Neighbors> search) {
    this.queries = queries;
    this.search = search;
  }

  /// All of them one after the other in each round, so that what disturbs the machine disturbs all.
  ///
  /// @param rounds that count, after two that do not; at least one
  public static void inTurns(int rounds, TimedSearch... searches) {
    for (int round = 0; round < rounds + UNCOUNTED_ROUNDS; round++) {
      for (TimedSearch each : searches) {
        each.round(round >= UNCOUNTED_ROUNDS);
      }
    }
    for (TimedSearch each : searches) {
      each.taken = SortedNanos.of(each.nanos.build().toArray());
    }
  }

  private void round(boolean counts) {
    long start = ThreadUsage.cpuNanos();
    found = queries.stream().map(search).toList();
    if (counts) {
      nanos.add(ThreadUsage.cpuNanos() - start);
    }
  }

  /// By query.
  public List<Neighbors> found() {
    return found;
  }

  /// Of one query, in the median round.
  public double medianMicros() {
    return taken.micros(0.5) / queries.size();
  }
}
