package io.elanus.chaos.figure;

import io.elanus.chaos.check.Verdict;
import io.elanus.chaos.check.Violation;
import io.elanus.chaos.fault.ClientLinks;
import io.elanus.chaos.fault.Fault;
import io.elanus.chaos.fault.Schedule;
import io.elanus.chaos.figure.Rounds.Place;
import io.elanus.chaos.system.Deployment;
import io.elanus.chaos.system.Member;
import io.elanus.chaos.workload.Catalog.Shape;
import io.elanus.chaos.workload.Load;
import io.elanus.chaos.workload.SharedKeys;
import io.milvus.v2.common.IndexParam.IndexType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/// R5, R6: one history per round, on a collection of its own, under whatever can go wrong.
final class Histories implements Figure {
  private static final int CLIENTS = 10;

  /// 10 clients at this pace make some 4,000 operations in 30 s: 200 for each key.
  private static final Duration PACE = Duration.ofMillis(75);

  private static final Duration FAULT_GAP = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Place place;
  private final Duration length;
  private final Site site;
  private final Deployment deployment;
  private final ClientLinks links;

  /// @param length of a history
  Histories(Place place, Duration length) {
    this.place = place;
    this.length = length;
    this.site = place.deploy(UnaryOperator.identity());
    this.deployment = site.deployment();
    this.links = new ClientLinks(deployment.uris());
  }

  @Override
  public Outcome round(long seed) {
    Random random = new Random(seed);
    Schedule schedule = Schedule.random(random.nextLong(), faults(), length, FAULT_GAP);
    schedule.steps().forEach(step -> System.out.println("  " + step));
    String name = "history_%d".formatted(seed);
    Shape shape = new Shape(1 + random.nextInt(2), 1, IndexType.FLAT);
    try (Experiment experiment =
        new Experiment(links::uris, name, shape, place.folder().resolve(name + ".jsonl"))) {
      for (int i = 0; i < CLIENTS; i++) {
        experiment.with(new SharedKeys(random.nextLong(), PACE));
      }
      try (Load _ = experiment.load()) {
        long start = System.nanoTime();
        experiment.nemesis().run(schedule);
        Pause.of(length.minusNanos(System.nanoTime() - start));
      }
      deployment.awaitAllReady();
      return outcome(experiment.judge(PATIENCE), schedule);
    }
  }

  private List<Fault> faults() {
    List<Fault> faults = new ArrayList<>(links.faults());
    site.wires().ifPresent(wires -> faults.addAll(wires.faults()));
    for (Member member : deployment.members()) {
      // as likely as the spoiled connections together
      for (int i = 0; i < 2; i++) {
        faults.add(Fault.crash(deployment, member));
        faults.add(Fault.pause(deployment, member, Duration.ofMillis(100), Duration.ofSeconds(4)));
      }
    }
    return faults;
  }

  private static Outcome outcome(Verdict verdict, Schedule schedule) {
    Map<String, Long> counts = new HashMap<>(verdict.counts());
    counts.put("faults", schedule.steps().size() / 2L);
    return new Outcome(
        "%d faults".formatted(schedule.steps().size() / 2),
        counts,
        Map.of(),
        verdict.violations().stream().map(Violation::toString).toList());
  }

  @Override
  public void close() {
    links.close();
    site.close();
  }
}
