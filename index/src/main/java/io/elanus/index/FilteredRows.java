package io.elanus.index;

/// What a walk with a filter has found, and how far it still has to look: as far as one without a filter would, and farther until there are
/// some more accepted rows than are wanted. So the walk costs what the filter makes necessary, and no more: it would have to look ten
/// times as far to keep as many accepted rows as one without a filter keeps rows. One search.
final class FilteredRows {
  private final AcceptedRows filter;
  private final SearchPlan.Walk plan;
  private final int least;

  /// The nearest of all rows met; they say how far a walk without a filter would go.
  private final NearestRows all;

  private final NearestRows accepted;
  private int stoodOn;
  private int met;
  private int hits;

  /// @param ef of a walk without a filter
  /// @param least rows that it stands on, whatever the limit
  FilteredRows(AcceptedRows filter, SearchPlan.Walk plan, int ef, int least) {
    this.filter = filter;
    this.plan = plan;
    this.least = least;
    this.all = new NearestRows(ef);
    this.accepted = new NearestRows(plan.keep());
  }

  /// Whether the walk has to look at a row with this key, and beyond it.
  boolean wants(long key) {
    return all.wants(key) || accepted.wants(key);
  }

  /// Steps onto the nearest row left, which has this key, or says that the walk ends before it: not before the farthest one that is kept, to
  /// which nothing may be nearer but its neighbours.
  ///
  /// @param limit before keys from this one on it ends, once it stood on the least that a walk looks at
  boolean stepOnto(long key, long limit) {
    boolean on = wants(key - 1) && (key < limit || stoodOn < least);
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

  /// Whether the walk is to be given up for a scan.
  ///
  /// @param cost in rows scored
  boolean isHopeless(int cost) {
    return plan.isHopeless(cost, met, hits);
  }

  /// Ends the use of this object.
  Neighbors nearest(int k, Metric metric) {
    return accepted.nearest(k, metric);
  }

  int size() {
    return accepted.size();
  }
}
