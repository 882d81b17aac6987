package io.elanus.adapters;

import com.sun.management.OperatingSystemMXBean;
import io.elanus.adapters.embedded.EmbeddedMetaStore;
import io.elanus.adapters.etcd.EtcdConfig;
import io.elanus.adapters.etcd.EtcdMetaStore;
import io.elanus.adapters.mysql.Credentials;
import io.elanus.adapters.mysql.MySqlConfig;
import io.elanus.adapters.mysql.MySqlMetaStore;
import io.elanus.common.meta.Election;
import io.elanus.common.meta.Leadership;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change.Put;
import io.elanus.common.meta.MetaStore.CommitOutcome.Committed;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.MetaStore.MetaWatch;
import io.elanus.common.meta.Watcher;
import io.elanus.common.run.Closer;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.common.run.Ticker;
import io.elanus.common.run.Together;
import io.elanus.servers.EtcdServer;
import io.elanus.servers.MariaDbServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/// How fast each metastore is, and what it costs when nothing happens: the numbers of
/// docs/results/metastore.md. About six minutes.
///
/// `java @docker/jvm.options -cp <test classpath of adapters> io.elanus.adapters.MetaStoreSpeed`
public final class MetaStoreSpeed {
  private static final byte[] VALUE = new byte[300];
  private static final Duration TTL = Duration.ofSeconds(5);
  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final int TAKEOVERS = 6;

  private final Run run = new SystemRun();
  private final String name;
  private final Supplier<MetaStore> opener;
  private final List<Long> serverPids;
  private int request;

  private MetaStoreSpeed(String name, List<Long> serverPids, Supplier<MetaStore> opener) {
    this.name = name;
    this.opener = opener;
    this.serverPids = serverPids;
  }

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("metastores");
    Run run = new SystemRun();
    MetaStore file = EmbeddedMetaStore.open(run, folder.resolve("meta.db"));
    new MetaStoreSpeed("embedded", List.of(), () -> file).measureAlone();
    file.close();

    try (MariaDbServer server = MariaDbServer.start(folder.resolve("mariadb"))) {
      server.createDatabase("elanus", "elanus", "secret");
      MySqlConfig config =
          new MySqlConfig(
              new MySqlConfig.Server(server.host(), server.port(), "elanus"),
              new Credentials.Password("elanus", "secret"),
              new MySqlConfig.Tls.Off(),
              "speed",
              true,
              MySqlConfig.Timing.DEFAULT);
      new MetaStoreSpeed(
              "MariaDB", List.of(server.process().pid()), () -> MySqlMetaStore.open(run, config))
          .measureShared();
    }
    for (int nodes : List.of(1, 3)) {
      try (EtcdServer server = EtcdServer.start(folder.resolve("etcd" + nodes), nodes)) {
        EtcdConfig config =
            new EtcdConfig(
                server.endpoints().stream().map(EtcdConfig.Endpoint::parse).toList(),
                Optional.empty(),
                new EtcdConfig.Tls.Off(),
                "speed",
                EtcdConfig.DEFAULT_CALL_TIMEOUT);
        List<Long> pids = new ArrayList<>();
        for (int node = 0; node < nodes; node++) {
          pids.add(server.node(node).pid());
        }
        new MetaStoreSpeed("etcd, nodes: " + nodes, pids, () -> EtcdMetaStore.open(run, config))
            .measureShared();
      }
    }
  }

  private void measureAlone() throws IOException {
    MetaStore store = opener.get();
    measureCalls(store);
    measureWatch(store, store);
    measureIdle(store);
  }

  private void measureShared() throws IOException {
    try (MetaStore store = opener.get();
        MetaStore other = opener.get()) {
      measureCalls(store);
      measureWatch(store, other);
    }
    try (MetaStore store = opener.get()) {
      measureIdle(store);
    }
    measureTakeover();
  }

  private void measureCalls(MetaStore store) {
    time(500, () -> put(store, "warm"));
    say("commit, one after the other", time(2_000, () -> put(store, "a")));
    long begun = run.nanoTime();
    List<long[]> together = Together.run(run, 16, i -> time(500, () -> put(store, "k" + i)));
    double seconds = (run.nanoTime() - begun) / 1e9;
    say("commit, 16 at once", together.stream().flatMapToLong(Arrays::stream).toArray());
    System.out.printf(
        Locale.ROOT, "%s | commits per second, 16 at once | %.0f%n", name, 8_000 / seconds);
    say("get", time(5_000, () -> store.get("a")));
    for (int i = 0; i < 1_000; i += 50) {
      int first = i;
      List<MetaStore.Change> fifty = new ArrayList<>();
      for (int j = first; j < first + 50; j++) {
        fifty.add(new Put("range/%04d".formatted(j), VALUE));
      }
      store.commit(next(), List.of(), fifty);
    }
    time(50, () -> store.range("range/"));
    say("range of 1,000", time(300, () -> store.range("range/")));
  }

  /// From before a commit of one process until another process's watcher has the change.
  private void measureWatch(MetaStore watching, MetaStore committing) {
    long[] nanos = new long[200];
    try (MetaWatch watch = watching.watch("w", watching.range("w").revision())) {
      for (int i = 0; i < nanos.length; i++) {
        run.sleep(Duration.ofMillis(run.random().nextInt(60)));
        long begun = run.nanoTime();
        var seen = new long[1];
        var watcher =
            run.fork(
                "watch",
                () -> {
                  watch.poll(Deadline.NEVER);
                  seen[0] = run.nanoTime();
                });
        put(committing, "w");
        watcher.awaitEnd();
        nanos[i] = seen[0] - begun;
      }
    }
    say("watch: commit begun to change seen elsewhere", nanos);
  }

  /// Seven watchers, three leases, nothing else.
  private void measureIdle(MetaStore store) throws IOException {
    Closer closer = new Closer();
    for (int i = 0; i < 7; i++) {
      closer.add(Watcher.start(run, store, "idle/" + i + "/", new Silent()));
    }
    for (int i = 0; i < 3; i++) {
      MetaStore.Lease lease = closer.add(store.lease(Duration.ofSeconds(10)));
      closer.add(Ticker.start(run, "renew", Duration.ofMillis(3_333), lease::renew));
    }
    run.sleep(Duration.ofSeconds(3));
    double client = clientSeconds();
    double server = serverSeconds();
    run.sleep(IDLE);
    System.out.printf(
        Locale.ROOT,
        "%s | idle, 7 watchers and 3 leases of 10 s | client %.2f %% of a core, server %.2f %%%n",
        name,
        100 * (clientSeconds() - client) / IDLE.toSeconds(),
        100 * (serverSeconds() - server) / IDLE.toSeconds());
    closer.close();
  }

  /// From the death of the leader's process until another one leads.
  private void measureTakeover() {
    long[] nanos = new long[TAKEOVERS];
    for (int i = 0; i < TAKEOVERS; i++) {
      MetaStore dying = opener.get();
      Election<Term> first = candidate(dying);
      first.awaitLeading(Deadline.NEVER);
      try (MetaStore store = opener.get();
          Election<Term> second = candidate(store)) {
        run.sleep(TTL.multipliedBy(100 + run.random().nextInt(34)).dividedBy(100));
        long diedAt = run.nanoTime();
        dying.close();
        second.awaitLeading(Deadline.NEVER);
        nanos[i] = run.nanoTime() - diedAt;
      }
      first.close();
    }
    say("takeover after the leader's death, lease of 5 s", nanos);
  }

  private Election<Term> candidate(MetaStore store) {
    return Election.start(
        run, store, new Election.Candidate("speed", VALUE, TTL), MetaStoreSpeed.Term::new);
  }

  private record Term(Leadership leadership) implements AutoCloseable {
    @Override
    public void close() {}
  }

  private static final class Silent implements Watcher.Listener {
    @Override
    public void listed(List<MetaEntry> entries) {}

    @Override
    public void changed(List<MetaEvent> events) {}
  }

  private void put(MetaStore store, String key) {
    if (!(store.commit(next(), List.of(), List.of(new Put(key, VALUE))) instanceof Committed)) {
      throw new IllegalStateException("commit failed");
    }
  }

  private synchronized String next() {
    return "speed-%d-%016x".formatted(++request, run.random().nextLong());
  }

  private long[] time(int count, Runnable action) {
    long[] nanos = new long[count];
    for (int i = 0; i < count; i++) {
      long begun = run.nanoTime();
      action.run();
      nanos[i] = run.nanoTime() - begun;
    }
    return nanos;
  }

  private void say(String what, long[] nanos) {
    double[] millis = LongStream.of(nanos).sorted().mapToDouble(n -> n / 1e6).toArray();
    System.out.printf(
        Locale.ROOT,
        "%s | %s | p50 %.2f ms, p99 %.2f ms, worst %.2f ms%n",
        name,
        what,
        millis[millis.length / 2],
        millis[Math.min(millis.length - 1, millis.length * 99 / 100)],
        millis[millis.length - 1]);
  }

  private static double clientSeconds() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }

  private double serverSeconds() throws IOException {
    double seconds = 0;
    for (long pid : serverPids) {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      seconds += (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
    }
    return seconds;
  }
}
