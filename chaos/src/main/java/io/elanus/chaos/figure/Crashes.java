package io.elanus.chaos.figure;

import io.elanus.chaos.fault.Fault;
import io.elanus.chaos.fault.Nemesis;
import io.elanus.chaos.figure.Rounds.Place;
import io.elanus.chaos.system.BackgroundWork;
import io.elanus.chaos.system.Deployment;
import io.elanus.chaos.system.Member;
import io.elanus.chaos.system.Topology;
import io.elanus.chaos.system.VolatileDisk;
import io.elanus.chaos.workload.Load;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// R1, and power: one process after the other ends without warning under load, while segments are merged, indexed and swept;
/// restarts, an audit of all rows since the collection was made.
final class Crashes implements Figure {
  private static final Duration LOAD_LIMIT = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Site site;
  private final Deployment deployment;
  private final RowLoad load;
  private final BackgroundWork work;
  private final int crashesPerRound;
  private final BiFunction<Deployment, Member, Fault> crash;

  private Crashes(
      Place place, Site site, int crashesPerRound, BiFunction<Deployment, Member, Fault> crash) {
    this.site = site;
    this.deployment = site.deployment();
    this.load = new RowLoad(place, deployment);
    this.work = new BackgroundWork(deployment);
    this.crashesPerRound = crashesPerRound;
    this.crash = crash;
  }

  /// By `kill -9`.
  static Figure kills(Place place, int killsPerRound) {
    return new Crashes(
        place, place.deploy(Topology::splitCoordinators), killsPerRound, Fault::crash);
  }

  /// By a loss of power, of a standalone server: what was not synced is gone, too.
  static Figure powerLosses(Place place) {
    if (!place.on().equals("standalone")) {
      throw new IllegalArgumentException("no power loss of %s".formatted(place.on()));
    }
    VolatileDisk disk = VolatileDisk.in(place.folder());
    Site site = place.withData(disk.mounted().resolve("data")).deploy(UnaryOperator.identity());
    return new Crashes(
        place, site.over(disk), 2, (on, member) -> Fault.powerLoss(on, member, disk));
  }

  @Override
  public Outcome round(long seed) {
    deployment.awaitAllReady();
    Experiment experiment = load.current(seed);
    Random random = new Random(seed);
    List<Member> victims = victims(seed, random);
    Map<String, Long> harm = new TreeMap<>();
    try (Load _ = experiment.load()) {
      experiment.awaitSuccesses(random.nextInt(20, 400), LOAD_LIMIT);
      for (Member victim : victims) {
        harm.merge(
            "kills_" + victim.role(), crash(experiment.nemesis(), victim, random), Long::sum);
        Pause.between(random, 0, 2_000);
      }
      victims.forEach(deployment::awaitReady);
      experiment.awaitSuccesses(random.nextInt(20, 200), LOAD_LIMIT);
      harm.putAll(work.take());
    }
    String story =
        victims.stream().map(Member::name).collect(Collectors.joining(", ", "end of ", ""));
    return load.outcome(story, harm, experiment.judge(PATIENCE));
  }

  /// The roles in turn.
  private List<Member> victims(long seed, Random random) {
    List<String> roles =
        deployment.members().stream().map(Member::role).distinct().sorted().toList();
    return LongStream.range(0, Math.min(crashesPerRound, 2L * roles.size()))
        .mapToObj(i -> roles.get((int) ((seed * crashesPerRound + i) % roles.size())))
        .map(deployment::members)
        .map(ofRole -> ofRole.get(random.nextInt(ofRole.size())))
        .toList();
  }

  /// The next may end before this one is ready again.
  private long crash(Nemesis nemesis, Member victim, Random random) {
    work.look(victim);
    Fault fault = crash.apply(deployment, victim);
    nemesis.inject(fault);
    long crashes = 1;
    if (random.nextInt(4) == 0) {
      deployment.launch(victim);
      Pause.between(random, 100, 2_000);
      nemesis.inject(fault);
      crashes++;
    }
    nemesis.heal(fault);
    return crashes;
  }

  @Override
  public void close() {
    load.close();
    work.close();
    site.close();
  }
}
