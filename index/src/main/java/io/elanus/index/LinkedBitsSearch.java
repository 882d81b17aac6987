package io.elanus.index;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Walks that estimate the neighbours of a row by the codes beside its links, and score by its vector only the row that they
/// stand on.
final class LinkedBitsSearch implements GraphSearch {
  /// Estimates put some of the nearest rows behind others: with half as many again, as many are found as by vectors.
  private static final float MORE = 1.5f;

  /// Walks begin where the way down ends on this level. Further down, each step would read the vectors of a whole list, which costs
  /// more than the few rows on which the walk then gets there.
  private static final int START_LEVEL = 1;

  private final HnswHeader header;
  private final Distances distances;
  private final Rotation rotation;
  private final LinkedMean mean;
  private final WalkPool<HnswWalk> descents;
  private final WalkPool<LinkedBitsWalk> walks;

  LinkedBitsSearch(HnswLinks links, Distances distances, MemorySegment file) {
    this.header = links.header();
    this.distances = distances;
    this.rotation = header.rotation();
    this.mean = LinkedMean.read(header.codes(file), header.dimension());
    this.descents = new WalkPool<>(() -> new HnswWalk(links));
    this.walks = new WalkPool<>(() -> new LinkedBitsWalk(header, file, distances.vectors()));
  }

  @Override
  public int candidates(int k, float refine) {
    return 5 * k / 2;
  }

  @Override
  public int refined(int k, float refine) {
    return k;
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
    Scorer exact = distances.from(query);
    int start = start(exact);
    LinkedBitsWalk walk = walks.take();
    try {
      float stretch = stretch(query);
      boolean products = header.metric() == Metric.INNER_PRODUCT;
      walk.aim(fromMean(query, stretch), products ? 1 / stretch : 1);
      int ef = (int) Math.min((long) (MORE * plan.ef()), header.count());
      int least = (int) (MORE * plan.least());
      Optional<Neighbors> found =
          switch (accepted) {
            case AcceptedRows.All _ -> {
              NearestRows nearest = new NearestRows(k);
              walk.nearest(exact, start, ef, least, limit, nearest);
              yield Optional.of(nearest.nearest(k, header.metric()));
            }
            case AcceptedRows.Bitmap _ -> {
              FilteredRows rows = new FilteredRows(accepted, plan, ef, least);
              yield walk.nearestAccepted(exact, start, limit, rows)
                  ? Optional.of(rows.nearest(k, header.metric()))
                  : Optional.empty();
            }
          };
      work.walked(walk.steps(), walk.steps());
      return found;
    } finally {
      walks.giveBack(walk);
    }
  }

  private int start(Scorer exact) {
    HnswWalk descent = descents.take();
    try {
      return descent.descend(exact, START_LEVEL);
    } finally {
      descents.giveBack(descent);
    }
  }

  /// The query as the codes see it, `stretch` times as long.
  private float[] fromMean(float[] query, float stretch) {
    float[] values = query.clone();
    RowValues.scale(values, stretch);
    float[] rotated = rotation.apply(values);
    for (int i = 0; i < rotated.length; i++) {
      rotated[i] -= mean.values()[i];
    }
    return rotated;
  }

  /// Makes a query as long as rows are, where its length decides nothing: estimates err the less the nearer it is to them.
  private float stretch(float[] query) {
    float inverse = header.metric() == Metric.L2 ? 1 : InverseNorms.of(query, 0, query.length);
    float length = header.metric() == Metric.INNER_PRODUCT ? mean.length() : 1;
    return inverse * length > 0 ? inverse * length : 1;
  }
}
