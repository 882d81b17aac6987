package io.elanus.index;

/// Walks over a graph, and the memory they need. It knows links and an order of rows; not what a
/// distance is, nor who may be returned beyond asking. One thread at a time, reused.
///
/// Source: Malkov and Yashunin, Efficient and robust approximate nearest neighbor search using
/// Hierarchical Navigable Small World graphs, 2018, algorithms 2 and 5.
final class HnswWalk {
  private final HnswLinks links;
  private final VisitedRows visited;
  private final CandidatePool pool = new CandidatePool();
  private final Frontier frontier = new Frontier();
  private int steps;
  private int met;
  private final int[] rows;
  private final float[] distances;

  HnswWalk(HnswLinks links) {
    this.links = links;
    this.visited = new VisitedRows(links.header().count());
    this.rows = new int[links.header().degree(0)];
    this.distances = new float[rows.length];
  }

  /// From the entry down to just above `level`, on each level going to the nearest neighbour as
  /// long as that is nearer. Returns where that ends.
  int descend(Scorer scorer, int level) {
    int nearest = links.header().entry();
    long nearestKey = NearKey.of(distance(scorer, nearest), nearest);
    for (int at = links.header().topLevel(); at > level; at--) {
      for (int from = -1; from != nearest; ) {
        from = nearest;
        int size = links.read(at, from, rows);
        scorer.score(rows, size, distances);
        for (int i = 0; i < size; i++) {
          nearestKey = Math.min(nearestKey, NearKey.of(distances[i], rows[i]));
        }
        nearest = NearKey.ordinal(nearestKey);
      }
    }
    return nearest;
  }

  /// The nearest `ef` rows that a walk on `level` from `start` meets, those of equal distance
  /// ordered by `ordinal ^ mask`. Valid until the next walk.
  CandidatePool nearest(Scorer scorer, int level, int start, int ef, int mask) {
    pool.reset(Math.min(ef, links.header().count()), mask);
    return fill(scorer, level, start);
  }

  /// As above on level 0, but once the neighbours of the nearest `least` rows were seen, those with keys from `limit` on are not
  /// looked at.
  CandidatePool nearest(Scorer scorer, int start, int ef, int least, long limit) {
    pool.reset(Math.min(ef, links.header().count()), 0, least, limit);
    return fill(scorer, 0, start);
  }

  /// Rows whose links the last walk read.
  int steps() {
    return steps;
  }

  /// Rows that it scored.
  int met() {
    return met;
  }

  private void begin(int start) {
    visited.clear();
    visited.add(start);
    steps = 0;
    met = 1;
  }

  private CandidatePool fill(Scorer scorer, int level, int start) {
    begin(start);
    pool.offer(distance(scorer, start), start);
    for (int row = pool.nextUnseen(); row >= 0; row = pool.nextUnseen()) {
      int size = unvisitedNeighbours(level, row);
      expectNext(level);
      scorer.score(rows, size, distances);
      for (int i = 0; i < size; i++) {
        pool.offer(distances[i], rows[i]);
      }
    }
    return pool;
  }

  private void expectNext(int level) {
    int next = level == 0 ? pool.likelyNext() : -1;
    if (next >= 0) {
      links.expect(next);
    }
  }

  /// Offers to `found` the rows that a walk on level 0 from `start` meets. The walk passes through all rows, accepted or not, and ends
  /// when `found` wants none of those that are left. Returns false if it was given up.
  ///
  /// @param limit keys from this one on are not wanted
  boolean nearestAccepted(Scorer scorer, int start, long limit, FilteredRows found) {
    begin(start);
    frontier.clear();
    rows[0] = start;
    distances[0] = distance(scorer, start);
    meet(1, found);
    int scored = 1;
    while (!frontier.isEmpty()) {
      long key = frontier.poll();
      if (!found.stepOnto(key, limit)) {
        return true;
      }
      int size = unvisitedNeighbours(0, NearKey.ordinal(key));
      scored += size;
      if (found.isHopeless(scored)) {
        return false;
      }
      if (!frontier.isEmpty()) {
        links.expect(NearKey.ordinal(frontier.nearest()));
      }
      scorer.score(rows, size, distances);
      meet(size, found);
    }
    return true;
  }

  private void meet(int size, FilteredRows found) {
    for (int i = 0; i < size; i++) {
      long key = NearKey.of(distances[i], rows[i]);
      if (found.wants(key)) {
        frontier.add(key);
        found.meet(key);
        found.offer(key);
      }
    }
  }

  /// Fills `rows` with the neighbours of `row` not yet met, and returns how many they are.
  private int unvisitedNeighbours(int level, int row) {
    int size = links.read(level, row, rows);
    int unvisited = 0;
    for (int i = 0; i < size; i++) {
      int neighbour = rows[i];
      rows[unvisited] = neighbour;
      unvisited += visited.add(neighbour) ? 1 : 0;
    }
    steps++;
    met += unvisited;
    return unvisited;
  }

  /// The distance of a single row.
  float distance(Scorer scorer, int row) {
    rows[0] = row;
    scorer.score(rows, 1, distances);
    return distances[0];
  }
}
