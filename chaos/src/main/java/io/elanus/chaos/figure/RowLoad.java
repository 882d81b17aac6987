package io.elanus.chaos.figure;

import io.elanus.chaos.check.Verdict;
import io.elanus.chaos.check.Violation;
import io.elanus.chaos.figure.Figure.Outcome;
import io.elanus.chaos.figure.Rounds.Place;
import io.elanus.chaos.system.Deployment;
import io.elanus.chaos.workload.Catalog.Shape;
import io.elanus.chaos.workload.Ddl;
import io.elanus.chaos.workload.OwnKeys;
import io.elanus.chaos.workload.SharedKeys;
import io.milvus.v2.common.IndexParam.IndexType;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// The experiment of figures that are about rows: everything that can be done with them, on a collection that
/// several rounds share.
final class RowLoad implements AutoCloseable {
  private static final int WRITERS = 4;
  private static final int SHARERS = 4;
  private static final Duration PACE = Duration.ofMillis(50);
  private static final Duration DDL_PACE = Duration.ofMillis(500);

  /// Then a fresh collection: an audit reads everything.
  private static final int ROUNDS_PER_COLLECTION = 10;

  private final Place place;
  private final Deployment deployment;
  private @Nullable Experiment experiment;
  private Map<String, Long> countsBefore = Map.of();
  private int rounds;

  RowLoad(Place place, Deployment deployment) {
    this.place = place;
    this.deployment = deployment;
  }

  Experiment current(long seed) {
    Experiment current = experiment;
    if (current == null || rounds % ROUNDS_PER_COLLECTION == 0) {
      close();
      current = create(seed);
      experiment = current;
      countsBefore = Map.of();
    }
    rounds++;
    return current;
  }

  private Experiment create(long seed) {
    Random random = new Random(seed);
    String name = "rows_%d".formatted(seed);
    Shape shape =
        new Shape(
            1 + random.nextInt(3), 1, random.nextInt(4) > 0 ? IndexType.HNSW : IndexType.FLAT);
    Experiment fresh =
        new Experiment(deployment::uris, name, shape, place.folder().resolve(name + ".jsonl"));
    for (int i = 0; i < WRITERS; i++) {
      fresh.with(new OwnKeys(random.nextLong(), Duration.ZERO));
    }
    for (int i = 0; i < SHARERS; i++) {
      fresh.with(new SharedKeys(random.nextLong(), PACE));
    }
    return fresh.with(new Ddl(random.nextLong(), DDL_PACE));
  }

  /// What this round adds to the verdict on all rounds of the collection.
  ///
  /// @param harm how often what was done to whom
  Outcome outcome(String story, Map<String, Long> harm, Verdict verdict) {
    Map<String, Long> counts = new HashMap<>();
    verdict
        .counts()
        .forEach((what, sum) -> counts.put(what, sum - countsBefore.getOrDefault(what, 0L)));
    countsBefore = verdict.counts();
    counts.putAll(harm);
    return new Outcome(
        story, counts, Map.of(), verdict.violations().stream().map(Violation::toString).toList());
  }

  @Override
  public void close() {
    if (experiment != null) {
      experiment.close();
    }
  }
}
