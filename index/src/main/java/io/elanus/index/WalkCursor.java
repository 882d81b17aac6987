package io.elanus.index;

import java.util.Arrays;

/// A walk on level 0 of a graph that goes on where it stopped: it keeps the rows met, those whose neighbours are still to be seen, and
/// those found that were not given yet. It gives the accepted rows that it can get to, or fewer when it was given up. One thread.
///
/// A row is given when there are so many others found behind it that a search keeping as many would give it.
final class WalkCursor implements NeighborCursor {
  private final HnswLinks links;
  private final Scorer scorer;
  private final AcceptedRows accepted;
  private final RowSet met;
  private final Frontier frontier = new Frontier();
  private final FoundRows found;
  private final int stretch;
  private final int budget;
  private final int[] rows;
  private final float[] distances;
  private int scored;

  /// @param plan how many rows are looked for ahead of those given, and how many may be scored in all
  WalkCursor(
      HnswLinks links, Scorer scorer, int start, AcceptedRows accepted, SearchPlan.Walk plan) {
    this.links = links;
    this.scorer = scorer;
    this.accepted = accepted;
    this.met = new RowSet(links.header().count());
    this.found = new FoundRows(plan.ef());
    this.stretch = Math.max(1, plan.ef() / 2);
    this.budget = plan.budget();
    this.rows = new int[links.header().degree(0)];
    this.distances = new float[rows.length];
    met.add(start);
    rows[0] = start;
    meet(1);
  }

  @Override
  public Neighbors next(int n) {
    Checks.require(n >= 1, "n %d is below 1", n);
    long[] keys = new long[Math.min(n, links.header().count())];
    int size = 0;
    while (size < keys.length) {
      walk();
      int taken = isGivenUp() ? 0 : found.take(keys, size, Math.min(stretch, keys.length - size));
      if (taken == 0) {
        break;
      }
      size += taken;
    }
    Arrays.sort(keys, 0, size);
    return Neighbors.of(keys, size, links.header().metric());
  }

  /// Until no row is left to visit that is nearer than the rows looked for ahead.
  private void walk() {
    while (!frontier.isEmpty() && found.wants(frontier.nearest()) && !isGivenUp()) {
      int size = unmetNeighbours(NearKey.ordinal(frontier.poll()));
      if (!frontier.isEmpty()) {
        links.expect(NearKey.ordinal(frontier.nearest()));
      }
      meet(size);
    }
  }

  private boolean isGivenUp() {
    return scored > budget;
  }

  private void meet(int size) {
    scorer.score(rows, size, distances);
    scored += size;
    for (int i = 0; i < size; i++) {
      long key = NearKey.of(distances[i], rows[i]);
      frontier.add(key);
      if (accepted.accepts(rows[i])) {
        found.add(key);
      }
    }
  }

  /// Fills `rows` with the neighbours of `row` not yet met, and returns how many they are.
  private int unmetNeighbours(int row) {
    int size = links.read(0, row, rows);
    int unmet = 0;
    for (int i = 0; i < size; i++) {
      if (met.add(rows[i])) {
        rows[unmet++] = rows[i];
      }
    }
    return unmet;
  }
}
