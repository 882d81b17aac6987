package io.elanus.index;

/// Walks that score each neighbour by its vector or by its codes; of the latter the best are scored anew by their vectors.
final class LinkSearch implements GraphSearch {
  private final HnswLinks links;
  private final WalkPool<HnswWalk> walks;
  private final ExactScan scan;

  /// What walks look at: the vectors or codes of them.
  private final Scoring scoring;

  LinkSearch(HnswLinks links, Scoring scoring, ExactScan scan) {
    this.links = links;
    this.walks = new WalkPool<>(() -> new HnswWalk(links));
    this.scan = scan;
    this.scoring = scoring;
  }

  @Override
  public int candidates(int k, float refine) {
    return quantization().candidates(k, refine);
  }

  @Override
  public Neighbors nearest(
      float[] query, int k, SearchPlan.Walk plan, float refine, AcceptedRows accepted) {
    Scorer scorer = scoring.from(query);
    int wanted = Math.min(quantization().refined(k, refine), plan.ef());
    HnswWalk walk = walks.take();
    Neighbors found;
    try {
      int start = walk.descend(scorer, 0);
      found =
          switch (accepted) {
            case AcceptedRows.All _ -> walkAll(walk, scorer, start, wanted, plan);
            case AcceptedRows.Bitmap _ -> walkAccepted(walk, scorer, start, wanted, plan, accepted);
          };
    } finally {
      walks.giveBack(walk);
    }
    return quantization().coded() && found.size() >= plan.wanted()
        ? scan.nearest(query, k, found.ordinals())
        : found;
  }

  private Neighbors walkAll(HnswWalk walk, Scorer scorer, int start, int k, SearchPlan.Walk plan) {
    CandidatePool pool = walk.nearest(scorer, 0, start, plan.ef(), 0);
    return Neighbors.of(pool.keys(), Math.min(k, pool.size()), metric());
  }

  private Neighbors walkAccepted(
      HnswWalk walk, Scorer scorer, int start, int k, SearchPlan.Walk plan, AcceptedRows accepted) {
    NearestRows nearest = new NearestRows(plan.ef());
    boolean ended = walk.nearestAccepted(scorer, start, accepted, plan.budget(), nearest);
    return ended ? nearest.nearest(k, metric()) : Neighbors.NONE;
  }

  private Metric metric() {
    return links.header().metric();
  }

  private Quantization quantization() {
    return links.header().quantization();
  }
}
