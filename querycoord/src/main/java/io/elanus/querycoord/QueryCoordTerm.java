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
import io.elanus.common.model.LoadScope;
import io.elanus.common.run.Closer;
import io.elanus.common.run.CommandLoop;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Ticker;
import io.elanus.querycoord.ServingAnswer.Placed;
import io.elanus.querycoord.placement.Observed;
import io.elanus.querycoord.placement.Plan.InFlight;
import io.elanus.querycoord.serving.Load;
import io.elanus.querycoord.serving.ServingChange;
import io.elanus.querycoord.serving.ServingEntries;
import io.elanus.querycoord.serving.ServingState;
import io.elanus.rpc.codec.MemberCodec;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Querycoord from its election to its loss: what is served by whom, and the loop that keeps that as it should
/// be. The loop sleeps until a node comes, goes or reports, a load changes, a shard has a new manifest, or a
/// collection is removed.
final class QueryCoordTerm implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(QueryCoordTerm.class);
  private static final int BATCH = 64;

  /// Wakes do the work; this only bounds how long a defect in them could last.
  private static final Duration SAFETY_NET = Duration.ofMinutes(10);

  /// Between two rounds of placing: news come in swarms, and each round looks at everything.
  private static final Duration ROUND_PAUSE = Duration.ofMillis(100);

  /// Commits of one round; above what any change but a mass move takes, which goes on with the next round.
  private static final int MAX_STEPS = 100;

  private final Run run;
  private final Duration timeout;
  private final Leadership leadership;
  private final CommittedState<ServingState, ServingCommand, ServingChange, ServingAnswer> serving;
  private final LiveNodes nodes;
  private final NodeReports reports;
  private final LoadedShards shards;
  private final Gate gate;
  private final Closer closer = new Closer();

  /// Absent while the term is being made: each looks at everything when it starts.
  private volatile @Nullable Ticker reading;

  private volatile @Nullable Ticker placing;

  private volatile Placed placed = new Placed(false, new TreeMap<>(), new InFlight(0, 0, 0));

  // guarded by gate: collections the catalog has lost, whose loads are to be forgotten
  private final Set<CollectionId> suspects = new TreeSet<>();

  QueryCoordTerm(QueryCoordPorts ports, QueryCoordConfig config, Leadership leadership) {
    this.run = ports.run();
    this.timeout = config.requestTimeout();
    this.leadership = leadership;
    this.gate = run.gate();
    Ledger ledger = new Ledger(run, ports.meta(), leadership, QueryCoordRole.NAME);
    ServingState initial = ServingEntries.load(ports.meta());
    var limits = new CommandLoop.Limits(config.queuedCommands(), BATCH);
    var setup = new CommittedState.Setup<ServingChange>("serving", limits, _ -> {});
    this.serving =
        closer.add(CommittedState.start(run, ledger, new ServingRules(), initial, setup));
    this.reports =
        closer.add(new NodeReports(run, ports.peers(), config.statusWait(), () -> wake(placing)));
    this.nodes =
        closer.add(
            LiveNodes.watch(
                run, ports.meta(), "querynode", MemberCodec::decode, () -> wake(placing)));
    this.shards =
        closer.add(new LoadedShards(run, ports.meta(), ports.objects(), () -> wake(reading)));
    closer.add(Watcher.start(run, ports.meta(), MetaKeys.COLLECTIONS, new Removals()));
    this.reading = closer.add(Ticker.start(run, "reading manifests", SAFETY_NET, this::read));
    this.placing = closer.add(Ticker.start(run, "placing", SAFETY_NET, this::reconcile));
    wake(reading); // news that came before there was anybody to wake
    wake(placing);
  }

  ServingAnswer submit(ServingCommand command) {
    ServingAnswer answer = serving.submit(command, deadline());
    wake(reading);
    wake(placing);
    return answer;
  }

  /// The newest committed state, no older than this call.
  ServingState confirmed() {
    leadership.confirm(deadline());
    return serving.now();
  }

  /// What is seen now.
  Observed observed() {
    return new Observed(nodes.members(), reports.now(), shards.contents(serving.now().loads()));
  }

  /// What is seen now, with what `collection` is made of, whether it is loaded or not.
  Observed observed(CollectionId collection, int shardCount) {
    shards.readNow(collection);
    var loads = new TreeMap<>(serving.now().loads());
    loads.put(collection, new Load(1, shardCount, LoadScope.WHOLE));
    return new Observed(nodes.members(), reports.now(), shards.contents(loads));
  }

  /// What became of the last round.
  Placed placed() {
    return placed;
  }

  ServingCounts counts() {
    ServingState now = serving.now();
    Placed last = placed;
    return new ServingCounts(
        now.loads().size(),
        now.replicas().size(),
        nodes.members().size(),
        last.inFlight().segments(),
        last.inFlight().leaders(),
        last.inFlight().leaderless(),
        last.shortages().size());
  }

  @Override
  public void close() {
    closer.close();
  }

  private void read() {
    if (shards.readNew(serving.now().loads())) {
      wake(placing);
    }
  }

  private void reconcile() {
    try {
      reports.follow(nodes.members().keySet());
      forgetSuspects();
      place();
    } catch (DbException e) {
      if (e.code() != ErrorCode.LEADERSHIP_LOST) {
        throw e;
      }
    }
    run.sleep(ROUND_PAUSE);
  }

  private void forgetSuspects() {
    for (CollectionId suspect : suspects()) {
      serving.submit(new ServingCommand.Forget(suspect), deadline());
      gate.change(() -> suspects.remove(suspect));
    }
  }

  private void place() {
    for (int step = 0; step < MAX_STEPS; step++) {
      var answer = serving.submit(new ServingCommand.Place(observed()), deadline());
      if (answer instanceof Placed done) {
        placed = done;
        if (!done.changed()) {
          return;
        }
      }
    }
    log.info("placement goes on in another round steps={}", MAX_STEPS);
    wake(placing);
  }

  private Deadline deadline() {
    return Deadline.after(run, timeout);
  }

  private static void wake(@Nullable Ticker ticker) {
    if (ticker != null) {
      ticker.wake();
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
      wake(placing);
    }
  }

  /// Tells which loaded collections the catalog has no more.
  private final class Removals implements Watcher.Listener {
    @Override
    public void listed(List<MetaEntry> entries) {
      Set<CollectionId> there =
          entries.stream()
              .map(entry -> MetaKeys.collectionOf(entry.key()))
              .collect(Collectors.toSet());
      suspect(serving.now().loads().keySet().stream().filter(id -> !there.contains(id)));
    }

    /// Not only of loads seen by now: the one just being committed counts, too.
    @Override
    public void changed(List<MetaEvent> events) {
      suspect(
          events.stream()
              .filter(event -> event.value().isEmpty())
              .map(event -> MetaKeys.collectionOf(event.key())));
    }
  }
}
