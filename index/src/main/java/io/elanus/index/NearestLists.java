package io.elanus.index;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Which lists a search looks through: those whose centres are nearest to its query.
record NearestLists(IvfLists lists, Distances centres) {
  static NearestLists of(IvfHeader header, IvfLists lists, MemorySegment head) {
    Metric metric = header.metric().amongCentres();
    return new NearestLists(lists, Distances.of(header.centroids(head), metric));
  }

  /// How many lists to look through; 0 when no more rows are accepted than these lists have, so that it costs no more to look at
  /// all of them.
  int probes(SearchParams params, AcceptedRows accepted) {
    int probes =
        switch (params) {
          case SearchParams.Exact _ -> 0;
          case SearchParams.Ivf(int asked, float _) -> Math.min(asked, lists.count());
          case SearchParams.Hnsw _,
              SearchParams.Walk _,
              SearchParams.Sparse _,
              SearchParams.Bands _ ->
              Math.min(SearchParams.Ivf.DEFAULT_PROBES, lists.count());
        };
    int count = lists.rows().length;
    long probed = (long) count * probes / Math.max(1, lists.count());
    return accepted.cardinality(count) <= probed ? 0 : probes;
  }

  /// The nearest `size` lists, the nearest first.
  int[] nearest(float[] query, int size) {
    int[] all = IntStream.range(0, lists.count()).toArray();
    float[] scores = new float[all.length];
    centres.from(query).score(all, all.length, scores);
    NearestRows nearest = new NearestRows(size);
    nearest.offer(all, all.length, scores, 0);
    return nearest.nearest(size, centres.metric()).ordinals();
  }

  /// The nearest `probes` lists, and further ones until `wanted` accepted rows are in them.
  int[] enough(float[] query, int probes, int wanted, AcceptedRows accepted) {
    int[] order = nearest(query, probes);
    long found = 0;
    for (int i = 0; i < probes && found < wanted; i++) {
      found += accepted(order[i], accepted);
    }
    if (found >= wanted) {
      return order;
    }
    int[] all = nearest(query, lists.count());
    int looked = probes;
    while (looked < all.length && found < wanted) {
      found += accepted(all[looked++], accepted);
    }
    return Arrays.copyOf(all, looked);
  }

  /// Accepted rows of a list.
  private long accepted(int list, AcceptedRows accepted) {
    return accepted instanceof AcceptedRows.All
        ? lists.size(list)
        : IntStream.range(lists.start(list), lists.end(list))
            .filter(place -> accepted.accepts(lists.rows()[place]))
            .count();
  }

  /// The lists that have an accepted row.
  int[] having(AcceptedRows accepted) {
    return IntStream.range(0, lists.count())
        .filter(list ->
            IntStream.range(lists.start(list), lists.end(list))
                .anyMatch(place -> accepted.accepts(lists.rows()[place])))
        .toArray();
  }
}
