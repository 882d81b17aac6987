package io.elanus.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/// Which rows answer a search for groups of rows. A group is as near as its nearest row.
///
/// ```
/// rows by distance        a a b a b a a c a c b c      the 3 nearest groups, 2 rows of each
///   NEARER_THAN_LAST      a a b   b     c              the third group is known: that is the end
///   FULL                  a a b   b     c   c          goes on until the third is full
/// ```
///
/// With an exact cursor that is the true answer. Else it is that among the rows which the cursor gave until then.
///
/// @param groups how many, at most
/// @param size rows of each, at most
public record NearestGroups(int groups, int size, Extent extent) {
  /// Which rows of the nearest groups are the answer.
  public enum Extent {
    /// Those before the first row of the last group, and that row.
    NEARER_THAN_LAST,
    /// The nearest of each.
    FULL
  }

  /// Of the first stretch: some groups have more rows than others.
  private static final int ROWS_PER_GROUP = 2;

  private static final int LEAST_STRETCH = 32;
  private static final int LONGEST_STRETCH = 1 << 20;

  /// Once one of so many of the accepted rows was seen, what is missing may be far or may not be there: then it pays to look which
  /// rows are left. A row that a walk gives costs as much as some sixty whose groups are looked at.
  private static final int SEEN_OF = 64;

  /// The search begins anew among the rows that are left when that is not more than one of so many.
  private static final int LEFT_OF = 4;

  public NearestGroups {
    Checks.require(groups >= 1, "groups %d is below 1", groups);
    Checks.require(size >= 1, "size %d is below 1", size);
  }

  /// What is searched, for one query.
  ///
  /// @param count of the rows of the index
  /// @param order which of two scores is nearer
  public record Scope(Opening opening, AcceptedRows accepted, int count, Metric order) {}

  /// Begins a search of some of the rows.
  @FunctionalInterface
  public interface Opening {
    NeighborCursor cursor(AcceptedRows accepted);
  }

  /// The rows of the answer, best first.
  ///
  /// @param worst rows that score worse need not be found; not a number for none
  public Neighbors search(Scope scope, RowGroups rows, float worst) {
    Metric order = scope.order();
    int accepted = scope.accepted().cardinality(scope.count());
    NeighborCursor cursor = scope.opening().cursor(scope.accepted());
    Choice choice = new Choice(rows);
    int stretch = (int) Math.clamp((long) ROWS_PER_GROUP * groups, LEAST_STRETCH, LONGEST_STRETCH);
    int seen = 0;
    boolean looked = false;
    while (true) {
      Neighbors next = cursor.next(stretch);
      choice = choice.with(next, order);
      if (next.size() < stretch
          || choice.isOver(order.distance(last(next)), order.distance(worst))) {
        return Neighbors.of(choice.keys, choice.keys.length, order);
      }
      seen += next.size();
      if (!looked && seen > accepted / SEEN_OF) {
        looked = true;
        AcceptedRows left = choice.left(scope, order.distance(last(next)));
        if (left.cardinality(scope.count()) <= accepted / LEFT_OF) {
          cursor = scope.opening().cursor(left);
        }
      }
      stretch = Math.min(2 * stretch, LONGEST_STRETCH);
    }
  }

  private static float last(Neighbors neighbors) {
    return neighbors.scores()[neighbors.size() - 1];
  }

  /// The answer as far as rows were seen. A row that is not in it by then is not in it later: its group is full, or others are nearer,
  /// and each row that comes later makes that only truer. But rows as near as the last one seen are kept: others of them may come.
  private final class Choice {
    private final RowGroups rows;
    private final long[] keys;
    private final long[] kept;
    private final Map<Object, List<Long>> members = new HashMap<>();
    private int full;

    /// The first row of the last group.
    private long newest;

    /// Of nothing.
    Choice(RowGroups rows) {
      this(rows, new long[0], 0);
    }

    /// @param seen in the order of an answer
    /// @param distance of the last one seen
    private Choice(RowGroups rows, long[] seen, float distance) {
      this.rows = rows;
      this.keys = Arrays.stream(seen).filter(key -> !isComplete() && take(key)).toArray();
      LongStream last = Arrays.stream(seen).filter(key -> NearKey.distance(key) >= distance);
      this.kept = LongStream.concat(Arrays.stream(keys), last).distinct().toArray();
    }

    private boolean take(long key) {
      int row = NearKey.ordinal(key);
      Object group = rows.group(row);
      List<Long> others = members.getOrDefault(group, List.of());
      boolean hasPlace = others.isEmpty() ? members.size() < groups : others.size() < size;
      if (!hasPlace
          || group.equals(RowGroups.NONE)
          || others.stream().anyMatch(o -> rows.compare(NearKey.ordinal(o), row) == 0)) {
        return false;
      }
      if (others.isEmpty()) {
        others = new ArrayList<>();
        members.put(group, others);
        newest = key;
      }
      others.add(key);
      full += others.size() == size ? 1 : 0;
      return true;
    }

    private boolean isComplete() {
      return switch (extent) {
        case NEARER_THAN_LAST -> members.size() == groups;
        case FULL -> full == groups;
      };
    }

    Choice with(Neighbors next, Metric order) {
      long[] all =
          LongStream.concat(Arrays.stream(kept), Arrays.stream(next.keys(order)))
              .sorted()
              .toArray();
      sortEquallyNear(all);
      float distance = next.size() == 0 ? 0 : order.distance(last(next));
      return new Choice(rows, all, distance);
    }

    private void sortEquallyNear(long[] all) {
      for (int from = 0; from < all.length; ) {
        int to = endOfEquallyNear(all, from);
        if (to > from + 1) {
          long[] sorted =
              Arrays.stream(all, from, to)
                  .boxed()
                  .sorted((a, b) -> rows.compare(NearKey.ordinal(a), NearKey.ordinal(b)))
                  .mapToLong(Long::longValue)
                  .toArray();
          System.arraycopy(sorted, 0, all, from, sorted.length);
        }
        from = to;
      }
    }

    private static int endOfEquallyNear(long[] all, int from) {
      int to = from + 1;
      while (to < all.length && all[to] >> 32 == all[from] >> 32) {
        to++;
      }
      return to;
    }

    /// Whether rows farther than `distance` change nothing.
    boolean isOver(float distance, float worst) {
      return distance > worst
          || (isComplete() && distance > NearKey.distance(keys[keys.length - 1]));
    }

    /// The accepted rows that may still get a place, when all that are nearer than `distance` were seen.
    AcceptedRows left(Scope scope, float distance) {
      long[] left = new long[(scope.count() + 63) >>> 6];
      AcceptedCursor accepted = new AcceptedCursor(scope.accepted(), scope.count());
      int[] block = new int[1024];
      for (int size = accepted.next(block); size > 0; size = accepted.next(block)) {
        for (int i = 0; i < size; i++) {
          if (isOpen(rows.group(block[i]), distance)) {
            left[block[i] >> 6] |= 1L << block[i];
          }
        }
      }
      return AcceptedRows.of(left);
    }

    /// A row that is as near as the last of its group may come before it, one as near as the first of the last group before that.
    private boolean isOpen(Object group, float distance) {
      List<Long> others = members.get(group);
      if (others == null) {
        return !group.equals(RowGroups.NONE)
            && (members.size() < groups || NearKey.distance(newest) >= distance);
      }
      return others.size() < size || NearKey.distance(others.getLast()) >= distance;
    }
  }
}
