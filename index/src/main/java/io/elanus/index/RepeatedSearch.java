package io.elanus.index;

/// A cursor over what can only search: see [NeighborCursor#repeating].
final class RepeatedSearch implements NeighborCursor {
  private final Search search;
  private final AcceptedRows accepted;
  private final int count;
  private final Metric order;
  private final RowSet found;
  private AcceptedRows left;
  private Neighbors stretch = Neighbors.NONE;
  private int given;
  private int asked;
  private boolean ended;

  RepeatedSearch(Search search, AcceptedRows accepted, int count, Metric order) {
    this.order = order;
    this.search = search;
    this.accepted = accepted;
    this.count = count;
    this.found = new RowSet(count);
    this.left = accepted;
  }

  @Override
  public Neighbors next(int n) {
    Checks.require(n >= 1, "n %d is below 1", n);
    Neighbors next = Neighbors.NONE;
    while (next.size() < n) {
      if (given == stretch.size() && !searchOn(n - next.size())) {
        break;
      }
      int end = Math.min(stretch.size(), given + n - next.size());
      next = next.and(stretch.part(given, end), order);
      given = end;
    }
    return next;
  }

  /// Whether there are any more.
  private boolean searchOn(int wanted) {
    if (ended) {
      return false;
    }
    if (asked > 0) {
      left = found.leftOf(accepted, count);
    }
    asked = (int) Math.min(Math.max(wanted, 2L * asked), Math.max(1, left.cardinality(count)));
    stretch = search.nearest(asked, left);
    found.addAll(stretch.ordinals());
    given = 0;
    ended = stretch.size() < asked || stretch.size() == left.cardinality(count);
    return stretch.size() > 0;
  }
}
