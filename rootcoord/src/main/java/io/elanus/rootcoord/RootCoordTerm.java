package io.elanus.rootcoord;

import io.elanus.common.meta.CommittedState;
import io.elanus.common.meta.Leadership;
import io.elanus.common.meta.Ledger;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.Database;
import io.elanus.common.run.Closer;
import io.elanus.common.run.CommandLoop;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.rootcoord.CatalogAnswer.Dropping;
import io.elanus.rootcoord.CatalogCommand.Fresh;
import java.util.List;
import java.util.function.Function;

/// Rootcoord from its election to its loss: the catalog, timestamps and ids, and the drops it found
/// unfinished.
final class RootCoordTerm implements AutoCloseable {
  /// Commands decided at once; what they change still goes into as few commits as fit.
  private static final int BATCH = 64;

  private final Run run;
  private final RootCoordConfig config;
  private final Leadership leadership;
  private final Allocator allocator;
  private final CommittedState<CatalogState, CatalogCommand, CatalogChange, CatalogAnswer> catalog;
  private final PendingDrops drops;
  private final Closer closer = new Closer();

  RootCoordTerm(RootCoordPorts ports, RootCoordConfig config, Leadership leadership) {
    this.run = ports.run();
    this.config = config;
    this.leadership = leadership;
    this.allocator = new Allocator(run, ports.meta(), leadership);
    Ledger ledger = new Ledger(run, ports.meta(), leadership, RootCoordRole.NAME);
    CatalogRules rules =
        new CatalogRules(
            new CatalogRules.Limits(
                config.maxDatabases(), config.maxCollections(), ports.wal().logCount()));
    CatalogState initial = bootstrapped(CatalogLoader.load(ports.meta()), rules, ledger);
    this.drops = new PendingDrops(run, ports.wal(), this::timestamp, this::forget);
    var limits = new CommandLoop.Limits(config.queuedCommands(), BATCH);
    var setup = new CommittedState.Setup<CatalogChange>("catalog", limits, this::observe);
    this.catalog = closer.add(CommittedState.start(run, ledger, rules, initial, setup));
    closer.add(drops);
    initial.dropping().forEach(drops::add);
  }

  /// The catalog as of an instant after this call began.
  CatalogState catalog() {
    leadership.confirm(deadline());
    return catalog.now();
  }

  long timestamps(int count) {
    return allocator.timestamps(count, deadline());
  }

  /// What collections were at an instant after [#timestamps], called before, was entered; that call has
  /// confirmed the leadership.
  List<Long> versions(List<Long> collections) {
    CatalogState now = catalog.now();
    return collections.stream()
        .map(id -> now.findCollection(new CollectionId(id)).map(Collection::version).orElse(0L))
        .toList();
  }

  long ids(int count) {
    return allocator.ids(count, deadline());
  }

  CatalogAnswer submit(CatalogCommand command) {
    return catalog.submit(command, deadline());
  }

  CatalogAnswer submitFresh(Function<Fresh, CatalogCommand> command) {
    return submit(command.apply(fresh(deadline())));
  }

  /// Waits while the name is held by a collection that is being dropped.
  CatalogAnswer create(Function<Fresh, CatalogCommand> command) {
    Deadline deadline = deadline();
    while (true) {
      CatalogAnswer answer = catalog.submit(command.apply(fresh(deadline)), deadline);
      if (!(answer instanceof Dropping(Collection holder))) {
        return answer;
      }
      drops.awaitFinished(holder, deadline);
    }
  }

  /// Returns when every shard's log says that the collection is gone, and its name is free.
  void drop(CatalogCommand.DropCollection command) {
    Deadline deadline = deadline();
    if (catalog.submit(command, deadline) instanceof Dropping(Collection collection)) {
      drops.awaitFinished(collection, deadline);
    }
  }

  @Override
  public void close() {
    closer.close();
  }

  private CatalogState bootstrapped(CatalogState found, CatalogRules rules, Ledger ledger) {
    if (found.databases().containsKey(Database.DEFAULT_ID)) {
      return found;
    }
    CatalogChange first = DatabaseRules.bootstrap(timestamp());
    ledger.commit(List.of(), List.of(rules.write(first)));
    return found.apply(List.of(first));
  }

  private Fresh fresh(Deadline deadline) {
    return new Fresh(allocator.timestamps(1, deadline), allocator.ids(Fresh.IDS, deadline));
  }

  private long timestamp() {
    return allocator.timestamps(1, deadline());
  }

  private void forget(Collection collection) {
    catalog.submit(new CatalogCommand.ForgetCollection(collection.id()), deadline());
  }

  private void observe(List<CatalogChange> changes) {
    for (CatalogChange change : changes) {
      if (change instanceof CatalogChange.PutCollection(var collection)
          && collection.state() == CollectionState.DROPPING) {
        drops.add(collection);
      } else if (change instanceof CatalogChange.RemoveCollection(var id)) {
        drops.finished(id);
      }
    }
  }

  private Deadline deadline() {
    return Deadline.after(run, config.requestTimeout());
  }
}
