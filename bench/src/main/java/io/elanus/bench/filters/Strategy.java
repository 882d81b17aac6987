package io.elanus.bench.filters;

import io.elanus.index.AcceptedRows;
import io.elanus.index.Neighbors;
import io.elanus.index.SearchParams;
import io.elanus.index.VectorIndex;

/// A way to find the nearest `k` accepted rows.
enum Strategy {
  /// Whatever the index decides to do.
  OURS {
    @Override
    Neighbors search(VectorIndex index, float[] query, int k, int ef, AcceptedRows accepted) {
      return index.search(query, k, new SearchParams.Hnsw(ef), accepted);
    }
  },
  /// Score all accepted rows.
  SCAN {
    @Override
    Neighbors search(VectorIndex index, float[] query, int k, int ef, AcceptedRows accepted) {
      return index.search(query, k, new SearchParams.Exact(), accepted);
    }
  },
  /// Walk through all rows, and keep accepted ones.
  WALK {
    @Override
    Neighbors search(VectorIndex index, float[] query, int k, int ef, AcceptedRows accepted) {
      return index.search(query, k, new SearchParams.Walk(ef), accepted);
    }
  },
  /// Search as if there were no filter for as many rows as should hold `k` accepted ones, and for twice as many until they
  /// do. That is a scan, too, where a walk for so many costs more.
  FILTER_AFTER {
    @Override
    Neighbors search(VectorIndex index, float[] query, int k, int ef, AcceptedRows accepted) {
      int count = index.count();
      int matching = accepted.cardinality(count);
      long wanted = Math.ceilDiv((long) k * count, matching);
      while (true) {
        int rows = (int) Math.min(count, wanted);
        Neighbors found = index.search(query, rows, new SearchParams.Hnsw(ef), AcceptedRows.ALL);
        Neighbors left = filtered(found, k, accepted);
        if (left.size() >= Math.min(k, matching) || rows == count) {
          return left;
        }
        wanted *= 2;
      }
    }
  };

  abstract Neighbors search(VectorIndex index, float[] query, int k, int ef, AcceptedRows accepted);

  private static Neighbors filtered(Neighbors found, int k, AcceptedRows accepted) {
    int[] places = new int[k];
    int size = 0;
    for (int i = 0; i < found.size() && size < k; i++) {
      if (accepted.accepts(found.ordinals()[i])) {
        places[size++] = i;
      }
    }
    int[] ordinals = new int[size];
    float[] scores = new float[size];
    for (int i = 0; i < size; i++) {
      ordinals[i] = found.ordinals()[places[i]];
      scores[i] = found.scores()[places[i]];
    }
    return new Neighbors(ordinals, scores);
  }
}
