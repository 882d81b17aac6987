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
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// R1: kills under load, one process after the other, restarts, an audit of all rows since the collection was made.
final class Kills implements Figure {
  private static final Duration LOAD_LIMIT = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Site site;
  private final Deployment deployment;
  private final RowLoad load;
  private final int killsPerRound;

  Kills(Place place, int killsPerRound) {
    this.killsPerRound = killsPerRound;
    this.site = place.deploy(Topology::splitCoordinators);
    this.deployment = site.deployment();
    this.load = new RowLoad(place, deployment);
  }

  @Override
  public Outcome round(long seed) {
    deployment.awaitAllReady();
    Experiment experiment = load.current(seed);
    Random random = new Random(seed);
    List<Member> victims = victims(seed, random);
    Map<String, Long> kills = new TreeMap<>();
    try (Load _ = experiment.load()) {
      experiment.awaitSuccesses(random.nextInt(20, 400), LOAD_LIMIT);
      for (Member victim : victims) {
        kills.merge(
            "kills_" + victim.role(), kill(experiment.nemesis(), victim, random), Long::sum);
        Pause.between(random, 0, 2_000);
      }
      victims.forEach(deployment::awaitReady);
      experiment.awaitSuccesses(random.nextInt(20, 200), LOAD_LIMIT);
    }
    String story =
        victims.stream().map(Member::name).collect(Collectors.joining(", ", "kill -9 ", ""));
    return load.outcome(story, kills, experiment.judge(PATIENCE));
  }

  /// The roles in turn.
  private List<Member> victims(long seed, Random random) {
    List<String> roles =
        deployment.members().stream().map(Member::role).distinct().sorted().toList();
    return LongStream.range(0, Math.min(killsPerRound, 2L * roles.size()))
        .mapToObj(i -> roles.get((int) ((seed * killsPerRound + i) % roles.size())))
        .map(deployment::members)
        .map(ofRole -> ofRole.get(random.nextInt(ofRole.size())))
        .toList();
  }

  /// The next may be killed before this one is ready again.
  private long kill(Nemesis nemesis, Member victim, Random random) {
    Fault crash = Fault.crash(deployment, victim);
    nemesis.inject(crash);
    long kills = 1;
    if (random.nextInt(4) == 0) {
      deployment.launch(victim);
      Pause.between(random, 100, 2_000);
      nemesis.inject(crash);
      kills++;
    }
    nemesis.heal(crash);
    return kills;
  }

  @Override
  public void close() {
    load.close();
    site.close();
  }
}
