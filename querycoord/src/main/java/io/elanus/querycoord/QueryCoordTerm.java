package io.elanus.querycoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.CommittedState;
import io.elanus.common.meta.Leadership;
import io.elanus.common.meta.Ledger;
import io.elanus.common.meta.LiveNodes;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.Watcher;
import io.elanus.common.model.CollectionId;
import io.elanus.common.run.Closer;
import io.elanus.common.run.CommandLoop;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Ticker;
import io.elanus.rpc.codec.MemberCodec;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Querycoord from its election to its loss: loads and routes, and the loop that keeps every wanted
/// shard on a live node. The loop sleeps until a node comes or goes, a load changes or a collection is
/// removed.
final class QueryCoordTerm implements AutoCloseable {
  private static final int BATCH = 64;

  /// Wakes do the work; this only bounds how long a defect in them could last.
  private static final Duration SAFETY_NET = Duration.ofMinutes(10);

  private final Run run;
  private final Duration timeout;
  private final CommittedState<ServingState, ServingCommand, ServingChange, ServingAnswer> serving;
  private final LiveNodes nodes;
  private final Gate gate;
  private final Closer closer = new Closer();

  /// Absent while the term is being made: it looks at everything when it starts.
  private volatile @Nullable Ticker placing;

  // guarded by gate: collections the catalog has lost, whose loads are to be forgotten
  private final Set<CollectionId> suspects = new TreeSet<>();

  QueryCoordTerm(QueryCoordPorts ports, QueryCoordConfig config, Leadership leadership) {
    this.run = ports.run();
    this.timeout = config.requestTimeout();
    this.gate = run.gate();
    Ledger ledger = new Ledger(run, ports.meta(), leadership, QueryCoordRole.NAME);
    ServingState initial = ServingLoader.load(ports.meta());
    var limits = new CommandLoop.Limits(config.queuedCommands(), BATCH);
    var setup = new CommittedState.Setup<ServingChange>("serving", limits, _ -> {});
    this.serving =
        closer.add(CommittedState.start(run, ledger, new ServingRules(), initial, setup));
    this.nodes =
        closer.add(
            LiveNodes.watch(run, ports.meta(), "querynode", MemberCodec::decode, this::wake));
    closer.add(Watcher.start(run, ports.meta(), MetaKeys.COLLECTIONS, new Removals()));
    this.placing = closer.add(Ticker.start(run, "placing", SAFETY_NET, this::reconcile));
    wake(); // news that came before there was anybody to wake
  }

  ServingAnswer submit(ServingCommand command) {
    ServingAnswer answer = serving.submit(command, Deadline.after(run, timeout));
    wake();
    return answer;
  }

  @Override
  public void close() {
    closer.close();
  }

  private void reconcile() {
    try {
      forgetSuspects();
      place();
    } catch (DbException e) {
      if (e.code() != ErrorCode.LEADERSHIP_LOST) {
        throw e;
      }
    }
  }

  private void forgetSuspects() {
    for (CollectionId suspect : suspects()) {
      serving.submit(new ServingCommand.Forget(suspect), Deadline.after(run, timeout));
      gate.change(() -> suspects.remove(suspect));
    }
  }

  private void place() {
    ServingAnswer placed = ServingAnswer.MORE;
    while (placed == ServingAnswer.MORE) {
      var place = new ServingCommand.Place(nodes.now());
      placed = serving.submit(place, Deadline.after(run, timeout));
    }
  }

  private void wake() {
    Ticker started = placing;
    if (started != null) {
      started.wake();
    }
  }

  /// A command that fails leaves them for the next time.
  private Set<CollectionId> suspects() {
    return gate.read(() -> Set.copyOf(suspects));
  }

  private void suspect(Stream<CollectionId> gone) {
    List<CollectionId> found = gone.toList();
    if (!found.isEmpty()) {
      gate.change(() -> suspects.addAll(found));
      wake();
    }
  }

  /// Tells which loaded collections the catalog has no more.
  private final class Removals implements Watcher.Listener {
    @Override
    public void listed(List<MetaEntry> entries) {
      Set<CollectionId> there =
          entries.stream().map(entry -> collection(entry.key())).collect(Collectors.toSet());
      suspect(serving.now().loads().keySet().stream().filter(id -> !there.contains(id)));
    }

    /// Not only of loads seen by now: the one just being committed counts, too.
    @Override
    public void changed(List<MetaEvent> events) {
      suspect(
          events.stream()
              .filter(event -> event.value().isEmpty())
              .map(event -> collection(event.key())));
    }

    private static CollectionId collection(String key) {
      return new CollectionId(Long.parseLong(key.substring(MetaKeys.COLLECTIONS.length())));
    }
  }
}
