package io.elanus.index;

/// What a walk with a filter has found, and how far it still has to look: as far as one without a filter would, and farther until there are
/// some more accepted rows than are wanted. So the walk costs what the filter makes necessary, and no more: it would have to look ten
/// times as far to keep as many accepted rows as one without a filter keeps rows. One search.
final class FilteredRows {
  private final AcceptedRows filter;
  private final SearchPlan.Walk plan;

  /// The nearest of all rows met; they say how far a walk without a filter would go.
  private final NearestRows all;

  private final NearestRows accepted;
  private int stoodOn;
  private int met;
  private int hits;

  /// @param ef of a walk without a filter
  FilteredRows(AcceptedRows filter, SearchPlan.Walk plan, int ef) {
    this.filter = filter;
    this.plan = plan;
    this.all = new NearestRows(ef);
    this.accepted = new NearestRows(plan.keep());
  }

  /// Whether the walk has to look at a row with this key, and beyond it.
  boolean wants(long key) {
    return all.wants(key) || accepted.wants(key);
  }

  /// Whether the walk goes on from the nearest row left, which has this key: also from the farthest one that is kept, to which nothing may be
  /// nearer but its neighbours.
  ///
  /// @param limit from keys from this one on it does not, once it stood on the least that a walk looks at
  boolean goesOn(long key, long limit) {
    boolean on = wants(key - 1) && (key < limit || stoodOn < plan.least());
    stoodOn++;
    return on;
  }

  /// A row that says how far the walk has come.
  void meet(long key) {
    all.offer(key);
  }

  /// A row that may be a result.
  void offer(long key) {
    met++;
    if (filter.accepts(NearKey.ordinal(key))) {
      hits++;
      accepted.offer(key);
    }
  }

  /// Whether a scan is the better way: the walk has cost as much as planned; or it meets far fewer accepted rows than there are, as those
  /// are elsewhere.
  ///
  /// @param cost in rows scored
  boolean isHopeless(int cost) {
    return cost > plan.budget() || cost > plan.probe() && hits < plan.fewest(met);
  }

  /// Ends the use of this object.
  Neighbors nearest(int k, Metric metric) {
    return accepted.nearest(k, metric);
  }

  int size() {
    return accepted.size();
  }
}
