package io.elanus.index;

import java.util.Optional;

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
  public int refined(int k, float refine) {
    return quantization().refined(k, refine);
  }

  @Override
  public Optional<Neighbors> nearest(
      float[] query,
      int k,
      SearchPlan.Walk plan,
      float refine,
      AcceptedRows accepted,
      long limit,
      SearchWork work) {
    Scorer scorer = scoring.from(query);
    HnswWalk walk = walks.take();
    try {
      int start = walk.descend(scorer, 0);
      int wanted = Math.min(refined(k, refine), plan.ef());
      Optional<Neighbors> found =
          switch (accepted) {
            case AcceptedRows.All _ -> {
              CandidatePool pool = walk.nearest(scorer, start, plan.ef(), plan.least(), limit);
              int size = Math.min(wanted, pool.size());
              yield Optional.of(Neighbors.of(pool.keys(), size, metric()));
            }
            case AcceptedRows.Bitmap _ -> {
              FilteredRows rows = new FilteredRows(accepted, plan, plan.ef(), plan.least());
              yield walk.nearestAccepted(scorer, start, limit, rows)
                  ? Optional.of(rows.nearest(wanted, metric()))
                  : Optional.empty();
            }
          };
      work.walked(walk.steps(), walk.met());
      return quantization().coded()
          ? found.map(byCodes -> scan.refine(query, k, byCodes, limit, work))
          : found;
    } finally {
      walks.giveBack(walk);
    }
  }

  /// The accepted rows that a walk meets, best first, as long as it is not given up.
  NeighborCursor cursor(float[] query, SearchPlan.Walk plan, float refine, AcceptedRows accepted) {
    Scorer scorer = scoring.from(query);
    HnswWalk descent = walks.take();
    int start;
    try {
      start = descent.descend(scorer, 0);
    } finally {
      walks.giveBack(descent);
    }
    NeighborCursor walk = new WalkCursor(links, scorer, start, accepted, plan);
    return quantization().coded()
        ? new RefinedCursor(walk, scan, query, quantization(), refine)
        : walk;
  }

  private Metric metric() {
    return links.header().metric();
  }

  private Quantization quantization() {
    return links.header().quantization();
  }
}
