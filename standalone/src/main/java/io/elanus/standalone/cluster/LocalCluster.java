package io.elanus.standalone.cluster;

import io.elanus.common.run.Closer;
import io.elanus.servers.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The processes of a cluster on this machine. All of them end with this one.
///
/// Whoever holds it may kill, pause and start single processes; [#look] says what became of them. Thread-safe:
/// one call at a time.
public final class LocalCluster implements AutoCloseable {
  /// Handing over is for processes that leave others behind; here all go.
  private static final Duration END_GRACE = Duration.ofSeconds(5);

  /// Above the hard deadline of a process that hands over.
  private static final Duration LEAVE_GRACE = Duration.ofSeconds(120);

  private static final int LAST_LINES = 20;

  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rw-------");

  private final ClusterPlan plan;
  private final Consumer<String> news;
  private final Closer closer = new Closer();
  private final JvmCommand jvm = JvmCommand.ofThisProcess();
  private final Readyz readyz = closer.add(new Readyz());
  private final Foundation foundation;
  private final List<RoleChild> roles = new ArrayList<>();
  private final Map<String, Integer> made = new HashMap<>();
  private final Map<String, Seen> seen = new TreeMap<>();
  private final Set<String> leaving = new HashSet<>();

  /// What was last told of a process.
  private enum Seen {
    STARTING,
    READY,
    NOT_READY,
    DEAD
  }

  /// One line of the status.
  ///
  /// @param state `ready`, `starting`, `not ready`, `leaving`, `dead`
  public record ProcessStatus(
      String name, long pid, String state, String says, String addresses, Path output) {}

  /// Starts the servers, waits until they serve, and starts the role processes; [#awaitReady] waits for those.
  ///
  /// @param news is told what happens, a line at a time
  /// @throws IllegalStateException when a server is not installed or does not start
  public static LocalCluster start(ClusterPlan plan, Consumer<String> news) {
    return new LocalCluster(plan, news);
  }

  private LocalCluster(ClusterPlan plan, Consumer<String> news) {
    this.plan = plan;
    this.news = news;
    try {
      news.accept(
          "starting the servers; the first time caches are made, which takes half a minute");
      foundation = closer.add(Foundation.start(plan));
      writeConfig();
      plan.startOrder().forEach(group -> grow(group, plan.counts().getOrDefault(group, 0)));
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /// Waits until every process is ready.
  ///
  /// @return false when `limit` passed first
  /// @throws IllegalStateException when a process died, with its last words
  public boolean awaitReady(Duration limit) throws InterruptedException {
    long start = System.nanoTime();
    while (!look()) {
      requireNoDead();
      if (System.nanoTime() - start > limit.toNanos()) {
        return false;
      }
      Thread.sleep(100);
    }
    return true;
  }

  private synchronized void requireNoDead() {
    if (!plan.restartDead()) {
      parts().stream()
          .filter(part -> !part.isAlive())
          .findFirst()
          .ifPresent(part -> {
            throw new IllegalStateException(
                "%s ended:%n%s".formatted(part.name(), lastWords(part.output())));
          });
    }
  }

  private static String lastWords(Path output) {
    try {
      List<String> lines = Files.readAllLines(output);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    } catch (IOException e) {
      return "(its output cannot be read: %s)".formatted(e.getMessage());
    }
  }

  /// Looks at all processes, tells what changed, and starts dead ones again if the plan says so.
  ///
  /// @return whether all are ready
  public synchronized boolean look() {
    boolean allReady = true;
    for (Part part : parts()) {
      allReady &= look(part);
    }
    return allReady;
  }

  private boolean look(Part part) {
    if (leaving.contains(part.name())) {
      return true;
    }
    Seen before = seen.getOrDefault(part.name(), Seen.STARTING);
    if (!part.isAlive()) {
      tell(part, before, Seen.DEAD, "has died, see " + part.output());
      if (plan.restartDead()) {
        news.accept(part.name() + " is started again");
        part.restart();
        seen.put(part.name(), Seen.STARTING);
      }
      return false;
    }
    Part.Readiness now = part.readiness();
    if (now.ready()) {
      tell(part, before, Seen.READY, "is ready" + age(part) + ": " + part.addresses());
    } else if (before == Seen.READY || before == Seen.DEAD) {
      tell(part, before, Seen.NOT_READY, "is not ready: " + now.reason());
    }
    return now.ready();
  }

  private void tell(Part part, Seen before, Seen now, String what) {
    if (before != now) {
      seen.put(part.name(), now);
      news.accept("%s %s".formatted(part.name(), what));
    }
  }

  private static String age(Part part) {
    return part instanceof RoleChild child
        ? " after %.1f s".formatted(child.age().toMillis() / 1000.0)
        : "";
  }

  /// All processes as they are now, servers first.
  public synchronized List<ProcessStatus> status() {
    return parts().stream().map(this::status).toList();
  }

  private ProcessStatus status(Part part) {
    Part.Readiness now =
        part.isAlive() ? part.readiness() : new Part.Readiness(false, "see its output");
    return new ProcessStatus(
        part.name(), part.pid(), state(part, now), now.reason(), part.addresses(), part.output());
  }

  private String state(Part part, Part.Readiness now) {
    if (!part.isAlive()) {
      return "dead";
    }
    if (leaving.contains(part.name())) {
      return "leaving";
    }
    if (now.ready()) {
      return "ready";
    }
    return seen.getOrDefault(part.name(), Seen.STARTING) == Seen.STARTING
        ? "starting"
        : "not ready";
  }

  /// Of all processes, by name.
  public synchronized Map<String, Long> pids() {
    Map<String, Long> pids = new LinkedHashMap<>();
    parts().stream().filter(Part::isAlive).forEach(part -> pids.put(part.name(), part.pid()));
    return pids;
  }

  /// Where Milvus clients connect: one address per proxy that runs.
  public synchronized List<String> clientAddresses() {
    return proxies().map(RoleChild::clientAddress).toList();
  }

  /// Health and metrics of the first proxy.
  public synchronized String managementAddress() {
    return proxies().map(RoleChild::managementAddress).findFirst().orElse("nowhere");
  }

  private Stream<RoleChild> proxies() {
    return roles.stream().filter(child -> child.clientPort().isPresent());
  }

  /// Starts or stops processes until there are `count` of a role. Those that stop hand over first, the
  /// youngest first.
  ///
  /// @throws IllegalArgumentException when there is no such role, or the count is out of bounds
  public void scale(String role, int count) {
    String group = plan.group(role);
    ClusterPlan.requireCount(group, count);
    List<RoleChild> superfluous = grow(group, count);
    superfluous.parallelStream().forEach(this::leave);
  }

  /// @return those beyond `count`, which are to leave
  private synchronized List<RoleChild> grow(String group, int count) {
    while (of(group).size() < count) {
      add(group);
    }
    List<RoleChild> superfluous = of(group).stream().skip(count).toList();
    superfluous.forEach(child -> leaving.add(child.name()));
    return superfluous;
  }

  private void add(String group) {
    int number = made.merge(group, 1, Integer::sum);
    String name = "%s-%d".formatted(ClusterPlan.shortName(group), number);
    RoleChild child = new RoleChild(plan, jvm, readyz, group, name, clientPort(group));
    roles.add(child);
    news.accept("%s starts, pid %d".formatted(name, child.pid()));
  }

  /// The first port of the plan on that no proxy of ours has.
  private OptionalInt clientPort(String group) {
    if (!group.equals(ClusterPlan.PROXY)) {
      return OptionalInt.empty();
    }
    if (plan.port() == 0) {
      return OptionalInt.of(FreePorts.one());
    }
    Set<Integer> taken =
        proxies().map(child -> child.clientPort().orElseThrow()).collect(Collectors.toSet());
    return IntStream.iterate(plan.port(), port -> port + 1)
        .filter(port -> !taken.contains(port))
        .findFirst();
  }

  /// Holds no lock while the process hands over.
  private void leave(RoleChild child) {
    news.accept(child.name() + " hands over and stops");
    long start = System.nanoTime();
    boolean went = child.stop(LEAVE_GRACE);
    double seconds = (System.nanoTime() - start) / 1e9;
    news.accept(
        "%s %s after %.1f s".formatted(child.name(), went ? "has stopped" : "was killed", seconds));
    forget(child);
  }

  private synchronized void forget(RoleChild child) {
    roles.remove(child);
    seen.remove(child.name());
    leaving.remove(child.name());
  }

  /// Without those that leave.
  private List<RoleChild> of(String group) {
    return roles.stream()
        .filter(child -> child.group().equals(group) && !leaving.contains(child.name()))
        .toList();
  }

  /// `kill -9`.
  ///
  /// @throws IllegalArgumentException when there is no such process, as the next ones
  public synchronized void kill(String process) {
    require(process).kill();
  }

  /// SIGSTOP and SIGCONT.
  public synchronized void pause(String process, boolean paused) {
    require(process).pause(paused);
  }

  /// Starts a process again where it was; kills it before if it still runs.
  public synchronized void restart(String process) {
    require(process).restart();
    seen.put(process, Seen.STARTING);
  }

  private Part require(String process) {
    return parts().stream()
        .filter(part -> part.name().equals(process))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "there is no process '%s' here: %s"
                    .formatted(
                        process,
                        parts().stream().map(Part::name).collect(Collectors.joining(", ")))));
  }

  private List<Part> parts() {
    return Stream.concat(foundation.parts().stream(), roles.stream()).toList();
  }

  /// Ends everything: proxies first, so that calls of clients end, then all others together, then the servers.
  @Override
  public synchronized void close() {
    end(proxies().toList());
    end(List.copyOf(roles));
    closer.close();
  }

  private void end(List<RoleChild> children) {
    children.parallelStream().forEach(child -> child.stop(END_GRACE));
    roles.removeAll(children);
  }

  /// For the role processes; holds passwords, so nobody else may read it.
  private void writeConfig() {
    String text =
        foundation.settings().entrySet().stream()
            .sorted(Map.Entry.comparingByKey(Comparator.naturalOrder()))
            .map(entry -> "%s: \"%s\"%n".formatted(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining());
    try {
      Files.deleteIfExists(plan.configFile());
      Files.createFile(plan.configFile(), PosixFilePermissions.asFileAttribute(PRIVATE));
      Files.writeString(plan.configFile(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
