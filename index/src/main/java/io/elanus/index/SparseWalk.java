package io.elanus.index;

import io.elanus.index.kernel.Above;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One search through the postings of a query's terms, a window of rows at a time: the products of each term are added
/// to the sums of the window's rows, which stay in the first-level cache (SINDI, arXiv 2509.24815). Terms are added in
/// the order in which a scan adds them, so that sums are its scores to the bit. One thread.
final class SparseWalk {
  /// A step through the entries of a row costs as much as so many postings.
  private static final int POSTINGS_PER_ENTRY = 2;

  private final SparsePostings postings;
  private final AcceptedRows accepted;
  private final int count;

  /// By ascending term.
  private final List<Term> terms = new ArrayList<>();

  private final float[] sums = new float[SparseHeader.WINDOW_ROWS];
  private final int[] found = new int[SparseHeader.WINDOW_ROWS + Above.SLACK];

  /// One term of the query.
  private static final class Term {
    final int number;
    final float weight;

    /// Its postings in the window are those from here.
    int from;

    /// To before here.
    int to;

    Term(int number, float weight, int start) {
      this.number = number;
      this.weight = weight;
      this.from = start;
      this.to = start;
    }
  }

  /// @param count of the rows
  SparseWalk(SparsePostings postings, int count, SparseQuery query, AcceptedRows accepted) {
    this.postings = postings;
    this.count = count;
    this.accepted = accepted;
    for (int i = 0; i < query.size(); i++) {
      int number = postings.find(query.terms()[i]);
      if (number >= 0) {
        terms.add(new Term(number, query.weights()[i], postings.start(number)));
      }
    }
  }

  /// Whether scoring the accepted rows themselves is less work, with a query of so many entries.
  boolean isLongerThanScan(int queryEntries) {
    long walked = 0;
    for (Term term : terms) {
      walked += postings.end(term.number) - term.from;
    }
    long rowEntries = postings.size() / Math.max(1, count) + queryEntries;
    return POSTINGS_PER_ENTRY * rowEntries * accepted.cardinality(count) < walked;
  }

  /// The nearest `k` accepted rows whose inner product is above 0.
  Neighbors nearest(int k) {
    int wanted = Math.min(k, accepted.cardinality(count));
    if (wanted == 0 || terms.isEmpty()) {
      return Neighbors.NONE;
    }
    NearestRows nearest = new NearestRows(wanted);
    for (int window = 0, base = 0; base < count; window++, base += SparseHeader.WINDOW_ROWS) {
      int size = Math.min(SparseHeader.WINDOW_ROWS, count - base);
      for (Term term : terms) {
        term.from = term.to;
        term.to = postings.windowEnd(term.number, window, term.from);
      }
      if (start(base, size)) {
        addAll(base);
        offer(base, size, nearest);
      }
    }
    return nearest.nearest(wanted, Metric.INNER_PRODUCT);
  }

  /// Sums start at 0; those of rows that are not accepted at minus infinity, where they stay. Returns whether any row is
  /// accepted.
  private boolean start(int base, int size) {
    return switch (accepted) {
      case AcceptedRows.All _ -> {
        Arrays.fill(sums, 0, size, 0f);
        yield true;
      }
      case AcceptedRows.Bitmap(long[] words, _) -> {
        Arrays.fill(sums, 0, size, Float.NEGATIVE_INFINITY);
        long some = 0;
        int end = Math.min(words.length, (base + size + 63) >> 6);
        for (int w = base >> 6; w < end; w++) {
          some |= words[w];
          for (long bits = words[w]; bits != 0; bits &= bits - 1) {
            sums[(w << 6) - base + Long.numberOfTrailingZeros(bits)] = 0f;
          }
        }
        yield some != 0;
      }
    };
  }

  private void addAll(int base) {
    for (Term term : terms) {
      postings.add(term.from, term.to, term.weight, base, sums);
    }
  }

  /// Of rows of the same product, later ones are not wanted: those up to the threshold need no second look.
  private void offer(int base, int size, NearestRows nearest) {
    long limit = nearest.limit();
    float threshold = limit == Long.MAX_VALUE ? 0 : 0f - NearKey.distance(limit);
    int above = Above.find(sums, size, threshold, found);
    for (int i = 0; i < above; i++) {
      float sum = sums[found[i]];
      if (sum > 0) {
        nearest.offer(NearKey.of(0f - sum, base + found[i]));
      }
    }
  }
}
