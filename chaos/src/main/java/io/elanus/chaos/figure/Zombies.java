package io.elanus.chaos.figure;

import io.elanus.chaos.fault.Fault;
import io.elanus.chaos.fault.Nemesis;
import io.elanus.chaos.figure.Rounds.Place;
import io.elanus.chaos.system.Deployment;
import io.elanus.chaos.system.Member;
import io.elanus.chaos.workload.Load;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// R4: two processes stand still until others have taken over, then go on where they were; or are cut off from the
/// metastore for so long, and go on all the while.
final class Zombies implements Figure {
  private static final List<String> KINDS = List.of("datanode", "querynode", "coord", "kafka");
  private static final int PER_ROUND = 2;
  private static final Duration MAX_APART = Duration.ofSeconds(6);
  private static final Duration LOAD_LIMIT = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /// Once a lease must have run out, twice before everything waiting for it has.
  private static final Duration PAUSE = Deployment.LONGEST_LEASE.multipliedBy(2);

  private final Site site;
  private final RowLoad load;

  Zombies(Place place) {
    this.site = place.deploy(UnaryOperator.identity());
    this.load = new RowLoad(place, site.deployment());
  }

  @Override
  public Outcome round(long seed) {
    Deployment deployment = site.deployment();
    deployment.awaitAllReady();
    Random random = new Random(seed);
    Experiment experiment = load.current(seed);
    List<Member> victims = victims(deployment, seed, random);
    List<Fault> faults = victims.stream().map(victim -> fault(victim, random)).toList();
    Duration apart = Duration.ofMillis(random.nextLong(MAX_APART.toMillis()));
    try (Load _ = experiment.load()) {
      experiment.awaitSuccesses(random.nextInt(20, 400), LOAD_LIMIT);
      standStill(experiment.nemesis(), faults, apart);
      Pause.between(random, 0, 4_000);
      experiment.awaitSuccesses(200, LOAD_LIMIT);
    }
    Map<String, Long> zombies = new TreeMap<>();
    victims.forEach(victim -> zombies.merge("zombies_" + victim.role(), 1L, Long::sum));
    String story =
        victims.stream().map(Member::name).collect(Collectors.joining(", ", "zombies ", ""));
    return load.outcome(story, zombies, experiment.judge(PATIENCE));
  }

  /// One after the other, each for as long.
  private static void standStill(Nemesis nemesis, List<Fault> faults, Duration apart) {
    for (Fault fault : faults) {
      nemesis.inject(fault);
      Pause.of(apart);
    }
    Pause.of(PAUSE.minus(apart.multipliedBy(faults.size())));
    for (Fault fault : faults) {
      nemesis.heal(fault);
      Pause.of(apart);
    }
  }

  /// Brokers do not use the metastore, so they only stand still.
  private Fault fault(Member victim, Random random) {
    Fault pause = Fault.pause(site.deployment(), victim, PAUSE, PAUSE);
    boolean cut = !victim.role().equals("kafka") && random.nextBoolean();
    long pid = site.deployment().pid(victim);
    return site.wires()
        .filter(_ -> cut)
        .flatMap(wires -> wires.withoutMetastore(victim.name(), pid, PAUSE))
        .orElse(pause);
  }

  /// Of two kinds; the kinds in turn.
  private static List<Member> victims(Deployment deployment, long seed, Random random) {
    return IntStream.range(0, PER_ROUND)
        .mapToObj(i -> KINDS.get((int) ((seed * PER_ROUND + i) % KINDS.size())))
        .map(kind -> victim(deployment, kind, random))
        .distinct()
        .toList();
  }

  /// A coordinator that leads; of the others any.
  private static Member victim(Deployment deployment, String kind, Random random) {
    List<Member> candidates = kind.equals("coord") ? deployment.active() : deployment.members(kind);
    List<Member> some = candidates.isEmpty() ? deployment.members() : candidates;
    return some.get(random.nextInt(some.size()));
  }

  @Override
  public void close() {
    load.close();
    site.close();
  }
}
