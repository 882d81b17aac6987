package io.elanus.segment.shard;

import io.elanus.common.model.Field;
import io.elanus.common.model.Key;
import io.elanus.index.AcceptedRows;
import io.elanus.index.VectorLists;
import io.elanus.segment.column.KeyView;
import io.elanus.segment.column.RowBits;
import io.elanus.segment.column.Validity;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/// The vectors of a part that a search may find.
///
/// @param validity of the vectors, or of the lists of them; empty when every row has one
/// @param lists of vectors, when it is vectors in them that are found
/// @param ordinals of the vectors that may be found; as in [io.elanus.segment.column.RowBits]
/// @param count of them, at least one
record VectorSource(
    Part part,
    VectorScan vectors,
    Optional<Validity> validity,
    Optional<VectorLists> lists,
    long[] ordinals,
    int count) {
  /// What is known after the largest one is a limit for the others.
  static final Comparator<VectorSource> LARGEST_FIRST =
      Comparator.comparingInt(VectorSource::count).reversed();

  /// @param rows that may be found; empty when none of them has a vector
  static Optional<VectorSource> of(Part part, Field field, SearchRequest request, long[] rows) {
    Optional<Validity> validity = part.validity(field);
    Optional<VectorLists> lists =
        request.metric().isOfLists() ? Optional.empty() : part.lists(field);
    long[] ranks = validity.map(v -> v.ranks(rows)).orElse(rows);
    long[] ordinals = lists.map(l -> l.vectorsOf(ranks)).orElse(ranks);
    int count = RowBits.count(ordinals);
    return count == 0
        ? Optional.empty()
        : Optional.of(
            new VectorSource(part, part.vectors(field, request), validity, lists, ordinals, count));
  }

  /// How many vectors there are, those that may not be found included.
  int all() {
    int rows = validity.map(Validity::count).orElse(part.block().rowCount());
    return lists.map(VectorLists::vectorCount).orElse(rows);
  }

  AcceptedRows accepted() {
    return count == all() ? AcceptedRows.ALL : new AcceptedRows.Bitmap(ordinals, count);
  }

  Hit hit(int ordinal, float score) {
    return new Hit(part.address(row(ordinal)), place(ordinal), score);
  }

  /// The row of a vector.
  int row(int ordinal) {
    int rank = lists.isPresent() ? lists.get().row(ordinal) : ordinal;
    return validity.isPresent() ? validity.get().row(rank) : rank;
  }

  /// Its place in the list of its row.
  int place(int ordinal) {
    return lists.isPresent() ? ordinal - lists.get().start(lists.get().row(ordinal)) : 0;
  }

  /// Whether an exact search leaves out what was given before, and finds rows that [#rowsOf] counts.
  boolean leavesOutKnown() {
    return vectors.leavesOutKnown() && lists.isEmpty();
  }

  /// How many rows that may be found have one of `keys`. Not where vectors in lists are found.
  ///
  /// @param keys best in their order: then those of a segment are not looked for here and there
  long rowsOf(Set<Key> keys) {
    KeyView all = part.block().keys();
    long rows = 0;
    if (part.block().sortedByKey()) {
      for (Key key : keys) {
        int end = part.block().rowCount();
        for (int row = all.lowerBound(key); row < end && all.key(row).equals(key); row++) {
          rows += mayBeFound(row) ? 1 : 0;
        }
      }
      return rows;
    }
    for (int at = RowBits.next(ordinals, 0); at >= 0; at = RowBits.next(ordinals, at + 1)) {
      rows += keys.contains(all.key(row(at))) ? 1 : 0;
    }
    return rows;
  }

  private boolean mayBeFound(int row) {
    return validity.isPresent()
        ? validity.get().has(row) && RowBits.contains(ordinals, validity.get().rank(row))
        : RowBits.contains(ordinals, row);
  }

  /// Rows of equal score come in the order of their ordinals. Where that is the order of keys, k
  /// rows are enough; elsewhere one more shows whether rows as good as the last are held back.
  int firstWanted(int k) {
    int wanted = part.block().sortedByKey() ? k : k + 1;
    return Math.min(wanted, count);
  }
}
