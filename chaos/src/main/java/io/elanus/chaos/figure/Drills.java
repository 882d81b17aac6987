package io.elanus.chaos.figure;

import io.elanus.chaos.fault.Fault;
import io.elanus.chaos.fault.HttpProxy;
import io.elanus.chaos.fault.HttpProxy.Storm;
import io.elanus.chaos.fault.Wires;
import io.elanus.chaos.figure.Drill.Situation;
import io.elanus.chaos.figure.Drill.Told;
import io.elanus.chaos.history.Event;
import io.elanus.chaos.history.Event.Call;
import io.elanus.chaos.history.Level;
import io.elanus.chaos.history.Outcome;
import io.elanus.chaos.system.Deployment;
import io.elanus.chaos.system.Member;
import io.elanus.chaos.system.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/// The drills.
final class Drills {
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
  private static final Duration MINUTE = Duration.ofSeconds(60);
  private static final Level[] ALL_LEVELS = {Level.STRONG, Level.BOUNDED, Level.EVENTUALLY};
  private static final UnaryOperator<Topology> AS_ASKED = UnaryOperator.identity();
  private static final long GIGABYTE = 1_000_000_000;
  private static final Duration EVEN_LIMIT = Duration.ofMinutes(2);
  private static final String QUERY_NODE = "querynode";
  private static final String COORDINATORS = "coord";

  static final List<Drill> ALL =
      List.of(
          new Drill(
              "R9",
              List.of(
                  "kill -9 of the coordinators that lead, and of those that do not; started again 2 s",
                  "later. No statement about the catalog and no write stalls longer than 10 s."),
              AS_ASKED,
              1,
              Drills::killCoordinator,
              List.of(
                  Demand.noDdlStalls(TEN_SECONDS),
                  Demand.noWriteStalls(TEN_SECONDS),
                  Demand.noSearchFails(ALL_LEVELS))),
          new Drill(
              "R10",
              List.of("All coordinators down for 60 s: no search on loaded data fails."),
              AS_ASKED,
              1,
              Drills::allCoordinatorsDown,
              List.of(
                  Demand.noSearchFails(ALL_LEVELS),
                  Demand.noWriteStalls(TEN_SECONDS).measuredOnly(),
                  Demand.noDdlStalls(TEN_SECONDS).measuredOnly())),
          new Drill(
              "R11",
              List.of(
                  "kill -9 of a query node with two replicas, started again 2 s later: no search fails with",
                  "the SDK's own retries, and all replicas are served again within 15 s."),
              topology -> topology.with("querynode", 3),
              2,
              Drills::killQueryNode,
              List.of(
                  Demand.noSearchFails(ALL_LEVELS),
                  Demand.noWriteStalls(TEN_SECONDS).measuredOnly())),
          new Drill(
              "R14",
              List.of(
                  "The broker down for 60 s: writes fail clearly or wait, and go on within 10 s of its return;",
                  "those of unknown outcome happened at most once; eventual searches do not notice."),
              AS_ASKED,
              1,
              Drills::brokerDown,
              List.of(
                  Demand.noSearchFails(Level.EVENTUALLY),
                  Demand.noWriteStalls(TEN_SECONDS).measuredOnly())),
          new Drill(
              "R15",
              List.of(
                  "S3 answers 30 % of all requests with 503 and the others 2 s late, for 60 s: no search on",
                  "loaded data fails, and less than 1.5 requests are sent for each that is carried out."),
              AS_ASKED,
              1,
              Drills::storm,
              List.of(
                  Demand.noSearchFails(ALL_LEVELS),
                  Demand.noWriteStalls(TEN_SECONDS).measuredOnly())),
          new Drill(
              "R16",
              List.of(
                  "The metastore is killed and started again, or cut off: no statement about the catalog is",
                  "lost or doubled, none stalls longer than 15 s beyond that time."),
              AS_ASKED,
              1,
              Drills::metastoreDown,
              List.of(
                  Demand.noDdlStalls(Duration.ofSeconds(15)),
                  Demand.noSearchFails(Level.EVENTUALLY, Level.BOUNDED))),
          new Drill(
              "disk",
              List.of(
                  "The disk of a standalone server without a free byte for 20 s (--data on a small file system",
                  "of its own): no search fails, writes fail clearly, and go on within 10 s of its end without a",
                  "restart."),
              AS_ASKED,
              1,
              Drills::fullDisk,
              List.of(
                  Demand.noSearchFails(ALL_LEVELS),
                  Demand.noWriteStalls(TEN_SECONDS).measuredOnly())),
          new Drill(
                  "R25",
                  List.of(
                      "A query node that holds 1 GB drains (SIGTERM) under load: no request fails, and it is gone",
                      "within 30 s."),
                  topology -> topology.with("querynode", 1),
                  1,
                  Drills::drainQueryNode,
                  List.of(
                      Demand.noSearchFails(ALL_LEVELS),
                      Demand.noWriteStalls(TEN_SECONDS).noneFails()))
              .withBallast(2 * GIGABYTE + GIGABYTE / 10),
          new Drill(
                  "scale",
                  List.of(
                      "Query nodes from 1 to 3 and back under load: no search fails, and what each of the three",
                      "holds differs by one segment at most, within two minutes."),
                  topology -> topology.with("querynode", 1),
                  1,
                  Drills::scaleOutAndIn,
                  List.of(Demand.noSearchFails(ALL_LEVELS), Demand.noWriteStalls(TEN_SECONDS)))
              .withBallast(GIGABYTE));

  private Drills() {}

  private static Told killCoordinator(Situation s) {
    Deployment deployment = s.site().deployment();
    List<Member> active = deployment.active();
    List<Member> choice =
        s.random().nextInt(4) > 0 && !active.isEmpty() ? active : deployment.members(COORDINATORS);
    Member victim = choice.get(s.random().nextInt(choice.size()));
    s.nemesis().hold(Fault.kill(deployment, victim), Duration.ofSeconds(2));
    return Told.of(
        "kill -9 %s (%s)".formatted(victim.name(), active.contains(victim) ? "active" : "standby"));
  }

  private static Told allCoordinatorsDown(Situation s) {
    Deployment deployment = s.site().deployment();
    List<Fault> kills =
        deployment.members(COORDINATORS).stream()
            .map(member -> Fault.kill(deployment, member))
            .toList();
    kills.forEach(s.nemesis()::inject);
    Pause.of(MINUTE);
    kills.forEach(s.nemesis()::heal);
    return Told.of("all coordinators down for 60 s");
  }

  private static Told killQueryNode(Situation s) {
    Deployment deployment = s.site().deployment();
    List<Member> nodes = deployment.members("querynode");
    Member victim = nodes.get(s.random().nextInt(nodes.size()));
    Fault kill = Fault.kill(deployment, victim);
    s.nemesis().inject(kill);
    long start = System.nanoTime();
    Pause.of(Duration.ofSeconds(2));
    s.nemesis().heal(kill);
    double seconds = Redundancy.of(s.scene()).awaitSeconds(start, 2, Duration.ofSeconds(60));
    return new Told(
        "kill -9 " + victim.name(),
        Map.of("redundant_after_s", seconds),
        seconds <= 15
            ? List.of()
            : List.of("all replicas were served again after %.1f s, limit 15".formatted(seconds)));
  }

  private static Told brokerDown(Situation s) {
    Deployment deployment = s.site().deployment();
    List<Member> brokers =
        deployment.members().stream().filter(m -> m.role().equals("kafka")).toList();
    Member broker = brokers.get(s.random().nextInt(brokers.size()));
    s.nemesis().hold(Fault.kill(deployment, broker), MINUTE);
    long back = System.nanoTime();
    Pause.of(TEN_SECONDS);
    return resumed(broker.name() + " down for 60 s", firstWriteAfter(s, back));
  }

  /// @param seconds until a write succeeded again
  private static Told resumed(String story, double seconds) {
    return seconds <= 10
        ? new Told(story, Map.of("writes_resumed_s", seconds), List.of())
        : new Told(story, Map.of(), List.of("no write succeeded within 10 s of its end"));
  }

  /// Seconds until a write succeeded after `instant`.
  private static double firstWriteAfter(Situation s, long instant) {
    Set<String> writes = Demand.noWriteStalls(TEN_SECONDS).requests();
    long first = Long.MAX_VALUE;
    for (Event event : s.scene().history().events()) {
      if (event instanceof Call call
          && call.outcome() == Outcome.OK
          && writes.contains(call.by().request())
          && call.span().end() > instant) {
        first = Math.min(first, call.span().end());
      }
    }
    return first == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : (first - instant) / 1e9;
  }

  private static Told storm(Situation s) {
    HttpProxy s3 = s.site().wires().map(Wires::s3).orElseThrow();
    long requests = s3.requests();
    long refusals = s3.refusals();
    s.nemesis().hold(Fault.storm("S3 storm", s3, new Storm(0.3, Duration.ofSeconds(2), 0)), MINUTE);
    long sent = s3.requests() - requests;
    long refused = s3.refusals() - refusals;
    double amplification = sent == refused ? sent : (double) sent / (sent - refused);
    return new Told(
        "S3 storm of 60 s, %d requests, %d refused".formatted(sent, refused),
        Map.of("amplification", amplification),
        amplification < 1.5
            ? List.of()
            : List.of("%.2f requests sent for each carried out".formatted(amplification)));
  }

  private static Told fullDisk(Situation s) {
    s.nemesis().hold(Fault.fullDisk(s.site().data()), Duration.ofSeconds(20));
    long end = System.nanoTime();
    Pause.of(TEN_SECONDS);
    return resumed("disk full for 20 s", firstWriteAfter(s, end));
  }

  private static Told metastoreDown(Situation s) {
    Deployment deployment = s.site().deployment();
    List<Fault> faults = new ArrayList<>();
    for (Member member : deployment.members()) {
      if (member.role().equals("mariadb") || member.role().equals("etcd")) {
        faults.add(Fault.kill(deployment, member));
      }
    }
    s.site().wires().ifPresent(wires -> faults.addAll(wires.metastoreFaults()));
    Fault fault = faults.get(s.random().nextInt(faults.size()));
    Duration hold = Duration.ofMillis(s.random().nextLong(500, 8_000));
    s.nemesis().hold(fault, hold);
    Pause.of(TEN_SECONDS);
    return Told.of("%s for %.1f s".formatted(fault.name(), hold.toMillis() / 1e3));
  }

  private static Told drainQueryNode(Situation s) {
    Deployment deployment = s.site().deployment();
    int count = deployment.members(QUERY_NODE).size();
    deployment.scale(QUERY_NODE, count + 1);
    Evenness even = Evenness.await(s.scene(), count + 1, EVEN_LIMIT);
    long start = System.nanoTime();
    deployment.scale(QUERY_NODE, count);
    double seconds = (System.nanoTime() - start) / 1e9;
    List<String> violations = new ArrayList<>();
    if (even.leastBytes() < GIGABYTE) {
      violations.add("the node held %,d bytes, not 1 GB".formatted(even.leastBytes()));
    }
    if (seconds > 30) {
      violations.add("drained in %.1f s, limit 30".formatted(seconds));
    }
    return new Told(
        "a query node with %,d bytes drained".formatted(even.leastBytes()),
        Map.of("drained_s", seconds, "held_gb", even.leastBytes() / 1e9),
        violations);
  }

  private static Told scaleOutAndIn(Situation s) {
    Deployment deployment = s.site().deployment();
    deployment.scale(QUERY_NODE, 3);
    Evenness even = Evenness.await(s.scene(), 3, EVEN_LIMIT);
    Pause.of(TEN_SECONDS);
    deployment.scale(QUERY_NODE, 1);
    return new Told(
        "query nodes from 1 to 3 to 1, holding %s at 3".formatted(even.bytesByNode()),
        Map.of("even_after_s", even.seconds(), "gap_mb", even.gapBytes() / 1e6),
        even.violation().stream().toList());
  }
}
