package io.elanus.standalone;

import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Task;
import io.elanus.rpc.internal.DiscoveredPeers;
import io.elanus.rpc.management.Health;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Waits until every coordinator role is led, and says that it waits. Once all were there, a process stays
/// ready without them: reads need no coordinator, and what needs one waits by itself.
final class CoordinatorWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CoordinatorWatch.class);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final int LOOKS_PER_LINE = 200;

  private final Run run;
  private final DiscoveredPeers peers;
  private final Gate gate;
  private final Task task;

  // guarded by gate
  private List<String> missing = coordinators();

  CoordinatorWatch(Run run, DiscoveredPeers peers) {
    this.run = run;
    this.peers = peers;
    this.gate = run.gate();
    this.task = run.fork("await coordinators", this::awaitAll);
  }

  Health.Report report() {
    List<String> waitedFor = gate.read(() -> missing);
    return waitedFor.isEmpty()
        ? Health.Report.HEALTHY
        : new Health.Report(Health.State.INITIALIZING, waiting(waitedFor));
  }

  @Override
  public void close() {
    task.cancel();
    task.awaitEnd();
  }

  private void awaitAll() {
    for (long looks = 1; !look().isEmpty(); looks++) {
      if (looks % LOOKS_PER_LINE == 0) {
        log.info("{}", waiting(look()));
      }
      run.sleep(LOOK);
    }
  }

  private List<String> look() {
    List<String> now = coordinators().stream().filter(r -> peers.leader(r).isEmpty()).toList();
    return gate.change(() -> missing = now);
  }

  private static List<String> coordinators() {
    return Role.COORDINATORS.stream().sorted().map(Role::commandName).toList();
  }

  private static String waiting(List<String> roles) {
    return roles.stream().collect(Collectors.joining(", ", "waiting for ", " to be led"));
  }
}
