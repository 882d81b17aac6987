package io.elanus.chaos.figure;

import io.elanus.chaos.check.Availability;
import io.elanus.chaos.check.Verdict;
import io.elanus.chaos.check.Violation;
import io.elanus.chaos.figure.Drill.Situation;
import io.elanus.chaos.figure.Drill.Told;
import io.elanus.chaos.figure.Rounds.Place;
import io.elanus.chaos.history.Event;
import io.elanus.chaos.history.Level;
import io.elanus.chaos.workload.Ballast;
import io.elanus.chaos.workload.Catalog.Shape;
import io.elanus.chaos.workload.Client;
import io.elanus.chaos.workload.Ddl;
import io.elanus.chaos.workload.Load;
import io.elanus.chaos.workload.OwnKeys;
import io.elanus.chaos.workload.Searching;
import io.elanus.chaos.workload.SharedKeys;
import io.elanus.chaos.workload.StaticRows;
import io.milvus.v2.common.IndexParam.IndexType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/// Runs a [Drill], one harm per round, on one collection that grows over the rounds.
final class DrillFigure implements Figure {
  private static final int STATIC_ROWS = 3_000;
  private static final int LOADER = 900;
  private static final Duration SEARCH_PACE = Duration.ofMillis(50);
  private static final Duration WRITE_PACE = Duration.ofMillis(100);
  private static final Duration DDL_PACE = Duration.ofMillis(300);
  private static final Duration WARM_UP = Duration.ofSeconds(3);
  private static final Duration COOL_DOWN = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Drill drill;
  private final Site site;
  private final Experiment experiment;
  private Map<String, Long> countsBefore = Map.of();

  DrillFigure(Drill drill, Place place) {
    this.drill = drill;
    this.site = place.deploy(drill.topology());
    try {
      this.experiment = experiment(place);
      hire();
    } catch (RuntimeException e) {
      site.close();
      throw e;
    }
  }

  private Experiment experiment(Place place) {
    String name = drill.name().toLowerCase(Locale.ROOT);
    return new Experiment(
        site.deployment()::uris,
        name,
        new Shape(2, drill.replicas(), IndexType.FLAT),
        place.folder().resolve(name + ".jsonl"));
  }

  private void hire() {
    StaticRows rows;
    try (Client client = new Client(experiment.scene(), LOADER, Client.Retries.NONE)) {
      rows = StaticRows.insert(client, STATIC_ROWS);
      if (drill.ballastBytes() > 0) {
        experiment.with(Ballast.load(client, drill.ballastBytes()), Client.Retries.SDK_DEFAULT);
      }
    }
    for (Level level : Demand.searchLevels()) {
      experiment.with(
          new Searching(rows, level, level.ordinal(), SEARCH_PACE), Client.Retries.SDK_DEFAULT);
    }
    experiment.with(new OwnKeys(10, WRITE_PACE));
    experiment.with(new SharedKeys(11, WRITE_PACE)).with(new SharedKeys(12, WRITE_PACE));
    experiment.with(new Ddl(13, DDL_PACE)).with(new Ddl(14, DDL_PACE));
  }

  @Override
  public Outcome round(long seed) {
    site.deployment().awaitAllReady();
    Random random = new Random(seed);
    long start;
    Told told;
    try (Load _ = experiment.load()) {
      Pause.of(WARM_UP);
      start = System.nanoTime();
      told = drill.harm().on(new Situation(site, experiment.nemesis(), experiment.scene(), random));
      Pause.of(COOL_DOWN);
    }
    List<Event> during =
        experiment.history().events().stream().filter(e -> e.span().end() >= start).toList();
    Verdict verdict = experiment.judge(PATIENCE);
    return outcome(told, during, verdict);
  }

  private Outcome outcome(Told told, List<Event> during, Verdict verdict) {
    Map<String, Double> measures = new HashMap<>(told.measures());
    List<String> violations = new ArrayList<>(told.violations());
    verdict.violations().stream().map(Violation::toString).forEach(violations::add);
    Map<String, Long> counts = new HashMap<>();
    verdict
        .counts()
        .forEach((what, count) -> counts.put(what, count - countsBefore.getOrDefault(what, 0L)));
    countsBefore = verdict.counts();
    for (Demand demand : drill.demands()) {
      Availability seen = Availability.of(during, demand.requests());
      demand.violation(seen).ifPresent(violations::add);
      counts.put(demand.who(), seen.total());
      counts.put(demand.who() + "_failed", seen.failed());
      measures.put(demand.who() + "_stall_s", seen.longestStallSeconds());
      measures.put(demand.who() + "_p99_s", seen.p99Seconds());
    }
    return new Outcome(told.story(), counts, measures, violations);
  }

  @Override
  public void close() {
    experiment.close();
    site.close();
  }
}
