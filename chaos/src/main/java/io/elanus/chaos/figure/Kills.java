package io.elanus.chaos.figure;

import io.elanus.chaos.fault.Fault;
import io.elanus.chaos.fault.Nemesis;
import io.elanus.chaos.figure.Rounds.Place;
import io.elanus.chaos.system.Deployment;
import io.elanus.chaos.system.Member;
import io.elanus.chaos.system.Topology;
import io.elanus.chaos.workload.Load;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/// R1: a kill under load, a restart, an audit of all rows since the collection was made.
final class Kills implements Figure {
  private static final Duration LOAD_LIMIT = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Site site;
  private final Deployment deployment;
  private final RowLoad load;

  Kills(Place place) {
    this.site = place.deploy(Topology::splitCoordinators);
    this.deployment = site.deployment();
    this.load = new RowLoad(place, deployment);
  }

  @Override
  public Outcome round(long seed) {
    deployment.awaitAllReady();
    Experiment experiment = load.current(seed);
    Random random = new Random(seed);
    Member victim = victim(seed, random);
    int kills;
    try (Load _ = experiment.load()) {
      experiment.awaitSuccesses(random.nextInt(20, 400), LOAD_LIMIT);
      kills = kill(experiment.nemesis(), victim, random);
      experiment.awaitSuccesses(random.nextInt(20, 200), LOAD_LIMIT);
    }
    return load.outcome(
        "kill -9 " + victim.name(), "kills_" + victim.role(), kills, experiment.judge(PATIENCE));
  }

  /// The roles in turn.
  private Member victim(long seed, Random random) {
    List<Member> members = deployment.members();
    List<String> roles = members.stream().map(Member::role).distinct().sorted().toList();
    String role = roles.get((int) (seed % roles.size()));
    List<Member> ofRole = deployment.members(role);
    return ofRole.get(random.nextInt(ofRole.size()));
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
    load.close();
    site.close();
  }
}
