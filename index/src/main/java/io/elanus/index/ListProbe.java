package io.elanus.index;

/// Looks through lists and keeps the nearest of their accepted rows, scoring some at a time. One search, one thread.
final class ListProbe {
  static final int BLOCK_ROWS = 256;

  private final IvfLists lists;
  private final ListScorer scorer;
  private final AcceptedRows accepted;
  private final NearestRows nearest;
  private final int[] block = new int[BLOCK_ROWS];
  private final float[] scores = new float[BLOCK_ROWS];
  private int size;
  private long scored;

  ListProbe(IvfLists lists, ListScorer scorer, AcceptedRows accepted, NearestRows nearest) {
    this.lists = lists;
    this.scorer = scorer;
    this.accepted = accepted;
    this.nearest = nearest;
  }

  void lookThrough(int list) {
    int[] rows = lists.rows();
    boolean all = accepted instanceof AcceptedRows.All;
    for (int place = lists.start(list); place < lists.end(list); place++) {
      if (all || accepted.accepts(rows[place])) {
        block[size++] = place;
        if (size == BLOCK_ROWS) {
          score(list);
        }
      }
    }
    score(list);
  }

  /// Rows scored.
  long scored() {
    return scored;
  }

  private void score(int list) {
    scorer.score(list, lists.start(list), block, size, scores);
    scored += size;
    for (int i = 0; i < size; i++) {
      nearest.offer(NearKey.of(scores[i], lists.rows()[block[i]]));
    }
    size = 0;
  }
}
