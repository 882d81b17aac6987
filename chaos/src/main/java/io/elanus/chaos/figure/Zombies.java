package io.elanus.chaos.figure;

import io.elanus.chaos.check.Verdict;
import io.elanus.chaos.fault.Fault;
import io.elanus.chaos.figure.Rounds.Place;
import io.elanus.chaos.system.Deployment;
import io.elanus.chaos.system.Member;
import io.elanus.chaos.workload.Load;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/// R4: somebody stands still until others have taken over, then goes on where it was; or it is cut off from the
/// metastore for so long, and goes on all the while.
final class Zombies implements Figure {
  private static final List<String> KINDS = List.of("datanode", "querynode", "coord", "kafka");
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
    Member victim = victim(deployment, seed, random);
    Fault fault = fault(victim, random);
    try (Load _ = experiment.load()) {
      experiment.awaitSuccesses(random.nextInt(20, 400), LOAD_LIMIT);
      experiment.nemesis().hold(fault, PAUSE);
      Pause.between(random, 0, 4_000);
      experiment.awaitSuccesses(200, LOAD_LIMIT);
    }
    Verdict verdict = experiment.judge(PATIENCE);
    return load.outcome("zombie " + victim.name(), Map.of("zombies_" + victim.role(), 1L), verdict);
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

  /// A coordinator that leads; of the others any.
  private static Member victim(Deployment deployment, long seed, Random random) {
    String kind = KINDS.get((int) (seed % KINDS.size()));
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
