package io.elanus.index;

import io.elanus.index.kernel.BitKernel;
import io.elanus.index.kernel.BitQuery;
import io.elanus.index.kernel.BitRows;
import io.elanus.index.kernel.Prefetch;
import io.elanus.index.kernel.Touch;
import java.lang.foreign.MemorySegment;

/// A walk on level 0 by the codes beside the links. One thread, reused.
///
/// A row is scored when the walk stands on it, its neighbours are estimated then. The same row may be estimated from several
/// others, each time relative to another one, and is looked at once, at its best estimate.
///
/// Source: Gou, Gao, Xu and Long, SymphonyQG, 2025, algorithm 2.
final class LinkedBitsWalk {
  /// A row that the walk stands on costs as much as so many of a scan.
  private static final int COST_OF_HOP = 8;

  private final HnswHeader header;
  private final MemorySegment file;
  private final LinkedBits shape;
  private final BitKernel kernel;
  private final VisitedRows visited;
  private final ReadAhead ahead;
  private final Prefetch records;
  private final Prefetch vectors;
  private final CandidatePool pool = new CandidatePool();
  private final Frontier frontier = new Frontier();
  private final BitQuery query;
  private final BitRows neighbours = new BitRows();
  private final int[] row = new int[1];
  private final float[] distance = new float[1];
  private final int[] links;
  private final float[] estimates;
  private final int expectedBytes;
  private final int vectorBytes;

  private float perProduct;
  private int steps;

  /// @param vectors where rows are that do not lie in their records
  LinkedBitsWalk(HnswHeader header, MemorySegment file, DenseVectors vectors) {
    this.header = header;
    this.file = file;
    this.shape = header.linkedBits();
    this.kernel = new BitKernel(file, shape.words());
    this.visited = new VisitedRows(header.count());
    this.ahead = new ReadAhead(file, header);
    this.records = new Prefetch(file);
    this.vectors = new Prefetch(vectors.data());
    this.expectedBytes = header.paged() ? (int) header.baseStride() : shape.bytesOfWalk();
    this.vectorBytes = header.paged() ? 0 : (int) vectors.rowBytes();
    this.query = new BitQuery(shape.size());
    this.links = new int[shape.degree()];
    this.estimates = new float[shape.groups() * BitKernel.GROUP];
  }

  /// Rows that the last walk stood on.
  int steps() {
    return steps;
  }

  /// Takes a query from now on.
  ///
  /// @param fromMean the rotated query less the mean
  /// @param perProduct what products with `fromMean` are to be multiplied with
  void aim(float[] fromMean, float perProduct) {
    query.take(fromMean);
    this.perProduct = perProduct;
  }

  /// Offers to `nearest` the rows that a walk from `start` stands on, keeping the `ef` nearest by estimates; once it stood on the
  /// nearest `least` of them, only on such as have keys below `limit`.
  void nearest(Scorer exact, int start, int ef, int least, long limit, NearestRows nearest) {
    visited.clear();
    steps = 0;
    ahead.clear();
    pool.reset(ef, 0);
    pool.offer(Float.NEGATIVE_INFINITY, start);
    int stoodOn = 0;
    for (int at = pool.nextUnseen(); at >= 0; at = pool.nextUnseen()) {
      if (stoodOn >= least && pool.lastSeen() >= limit) {
        return;
      }
      if (visited.add(at)) {
        stoodOn++;
        ahead.begin(pool);
        expect(pool.likelyNext());
        nearest.offer(standOn(at, exact));
        ahead.end();
        for (int i = 0; i < links.length && links[i] != HnswLinks.END; i++) {
          if (pool.wants(estimates[i]) && !visited.has(links[i])) {
            pool.offer(estimates[i], links[i]);
          }
        }
      }
    }
  }

  /// Offers to `found` the rows that a walk from `start` stands on, until it wants none of those that are left by their estimates. Returns
  /// false if it was given up.
  ///
  /// @param limit keys from this one on are not wanted
  boolean nearestAccepted(Scorer exact, int start, long limit, FilteredRows found) {
    visited.clear();
    steps = 0;
    frontier.clear();
    frontier.add(NearKey.of(Float.NEGATIVE_INFINITY, start));
    int cost = 0;
    while (!frontier.isEmpty()) {
      long estimate = frontier.poll();
      int at = NearKey.ordinal(estimate);
      if (!visited.add(at)) {
        continue;
      }
      if (!found.stepOnto(estimate, limit)) {
        return true;
      }
      cost += COST_OF_HOP;
      if (found.isHopeless(cost)) {
        return false;
      }
      expect(frontier.isEmpty() ? -1 : NearKey.ordinal(frontier.nearest()));
      found.offer(standOn(at, exact));
      for (int i = 0; i < links.length && links[i] != HnswLinks.END; i++) {
        long next = NearKey.of(estimates[i], links[i]);
        if (!visited.has(links[i]) && found.wants(next)) {
          frontier.add(next);
          found.meet(next);
        }
      }
    }
    return true;
  }

  /// The walk probably stands on `next` after this; -1 for nothing known.
  private void expect(int next) {
    if (next >= 0) {
      records.lines(header.baseStart() + header.baseStride() * next, expectedBytes);
      vectors.lines((long) vectorBytes * next, vectorBytes);
    }
  }

  /// Scores row `at`, and reads its links and the estimates of those.
  private long standOn(int at, Scorer exact) {
    steps++;
    row[0] = at;
    long record = header.baseStart() + header.baseStride() * at;
    if (records.isPossible()) {
      expect(at);
    } else {
      Touch.lines(file, record, shape.bytesOfWalk());
    }
    exact.score(row, 1, distance);
    shape.loadLinks(file, record, links);
    neighbours.weigh(distance[0], perProduct, -perProduct);
    kernel.estimate(query, shape.rows(record, neighbours), shape.groups(), estimates);
    return NearKey.of(distance[0], at);
  }
}
