package io.elanus.index;

import java.util.Arrays;

/// Inserts rows into a graph: one worker of a build, with the memory it needs. One thread; several
/// inserters work on one graph, sharing its `locks`.
///
/// Source: Malkov and Yashunin, 2018, algorithm 1; as in hnswlib a new row gets at most m links
/// also on level 0, where lists hold 2 m, and a full list is selected anew.
final class HnswInserter {
  private final HnswLinks links;
  private final HnswLevels levels;
  private final Object[] locks;
  private final HnswWalk walk;
  private final AimedScorer scorer;
  private final NeighbourSelection selection;
  private final int[] list;
  private final float[] distances;
  private final long[] keys;
  private final int[][] chosen;

  HnswInserter(HnswLinks links, HnswLevels levels, Scoring scoring, Object[] locks) {
    int degree = links.header().degree(0);
    this.links = links;
    this.levels = levels;
    this.locks = locks;
    this.walk = new HnswWalk(links);
    this.scorer = scoring.fromRows();
    this.selection = new NeighbourSelection(scoring, degree);
    this.list = new int[degree + 1];
    this.distances = new float[degree + 1];
    this.keys = new long[degree + 1];
    this.chosen = new int[levels.top() + 1][];
  }

  /// Links row `ordinal`, which is not the entry, into all its levels.
  ///
  /// All levels are chosen first and then linked from the bottom up, so that whoever meets the row
  /// on a level finds its links on the levels below.
  void insert(int ordinal) {
    int top = levels.of(ordinal);
    scorer.aim(ordinal);
    float self = walk.distance(scorer, ordinal);
    int nearest = walk.descend(scorer, top);
    for (int level = top; level >= 0; level--) {
      CandidatePool pool =
          walk.nearest(scorer, level, nearest, links.header().efConstruction(), ordinal);
      nearest = pool.nearest();
      selection.select(ordinal, self, pool.keys(), pool.size(), links.header().m());
      chosen[level] = Arrays.copyOf(selection.taken(), selection.size());
    }
    for (int level = 0; level <= top; level++) {
      link(level, ordinal, chosen[level]);
    }
  }

  private void link(int level, int ordinal, int[] neighbours) {
    synchronized (lock(ordinal)) {
      links.write(level, ordinal, neighbours, neighbours.length);
    }
    for (int neighbour : neighbours) {
      synchronized (lock(neighbour)) {
        linkBack(level, neighbour, ordinal);
      }
    }
  }

  private void linkBack(int level, int from, int to) {
    int size = links.read(level, from, list);
    int degree = links.header().degree(level);
    if (size < degree) {
      links.append(level, from, size, to);
      return;
    }
    list[size++] = to;
    scorer.aim(from);
    float self = walk.distance(scorer, from);
    scorer.score(list, size, distances);
    for (int i = 0; i < size; i++) {
      keys[i] = NearKey.of(distances[i], list[i] ^ from);
    }
    Arrays.sort(keys, 0, size);
    selection.select(from, self, keys, size, degree);
    links.write(level, from, selection.taken(), selection.size());
  }

  private Object lock(int ordinal) {
    return locks[ordinal & locks.length - 1];
  }
}
