package io.elanus.chaos.figure;

import io.elanus.chaos.check.Verdict;
import io.elanus.chaos.check.Violation;
import io.elanus.chaos.fault.Fault;
import io.elanus.chaos.fault.Nemesis;
import io.elanus.chaos.figure.Rounds.Place;
import io.elanus.chaos.system.Deployment;
import io.elanus.chaos.system.Member;
import io.elanus.chaos.workload.Catalog.Shape;
import io.elanus.chaos.workload.Load;
import io.elanus.chaos.workload.OwnKeys;
import io.elanus.chaos.workload.SharedKeys;
import io.milvus.v2.common.IndexParam.IndexType;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// R1: a kill under load, a restart, an audit of all rows since the collection was made.
final class Kills implements Figure {
  private static final int WRITERS = 4;
  private static final int SHARERS = 4;
  private static final Duration PACE = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /// Then a fresh collection: an audit reads everything.
  private static final int ROUNDS_PER_COLLECTION = 20;

  private final Place place;
  private final Deployment deployment;
  private @Nullable Experiment experiment;
  private Map<String, Long> countsBefore = Map.of();
  private int rounds;

  Kills(Place place) {
    this.place = place;
    this.deployment = place.deploy();
  }

  private Experiment current(long seed) {
    Experiment current = experiment;
    if (current == null || rounds % ROUNDS_PER_COLLECTION == 0) {
      closeExperiment();
      current = create(seed);
      experiment = current;
      countsBefore = Map.of();
    }
    rounds++;
    return current;
  }

  private Experiment create(long seed) {
    Random random = new Random(seed);
    String name = "kill_%d".formatted(seed);
    Shape shape =
        new Shape(1 + random.nextInt(3), 1, random.nextBoolean() ? IndexType.HNSW : IndexType.FLAT);
    Experiment fresh =
        new Experiment(deployment::uris, name, shape, place.folder().resolve(name + ".jsonl"));
    for (int i = 0; i < WRITERS; i++) {
      fresh.with(new OwnKeys(random.nextLong()));
    }
    for (int i = 0; i < SHARERS; i++) {
      fresh.with(new SharedKeys(random.nextLong(), PACE));
    }
    return fresh;
  }

  @Override
  public Outcome round(long seed) {
    Experiment experiment = current(seed);
    Random random = new Random(seed);
    List<Member> members = deployment.members();
    Member victim = members.get((int) (seed % members.size()));
    int kills;
    try (Load _ = experiment.load()) {
      Pause.between(random, 300, 3_000);
      kills = kill(experiment.nemesis(), victim, random);
      Pause.between(random, 300, 1_500);
    }
    Verdict verdict = experiment.judge(PATIENCE);
    Map<String, Long> counts = new HashMap<>();
    verdict
        .counts()
        .forEach((what, count) -> counts.put(what, count - countsBefore.getOrDefault(what, 0L)));
    countsBefore = verdict.counts();
    counts.put("kills_" + victim.role(), (long) kills);
    return new Outcome(
        "kill -9 " + victim.name(),
        counts,
        Map.of(),
        verdict.violations().stream().map(Violation::toString).toList());
  }

  private int kill(Nemesis nemesis, Member victim, Random random) {
    Fault kill = Fault.kill(deployment, victim);
    nemesis.inject(kill);
    int kills = 1;
    if (random.nextInt(4) == 0) {
      deployment.launch(victim);
      Pause.between(random, 100, 2_000);
      nemesis.inject(kill);
      kills++;
    }
    nemesis.heal(kill);
    return kills;
  }

  @Override
  public void close() {
    closeExperiment();
    deployment.close();
  }

  private void closeExperiment() {
    if (experiment != null) {
      experiment.close();
    }
  }
}
