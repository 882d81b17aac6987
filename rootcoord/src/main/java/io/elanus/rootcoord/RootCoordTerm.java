package io.elanus.rootcoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
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
  private final CatalogExporter exporter;
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
    closer.add(new Expiries(run, ports.wal(), this::timestamp, this::activeCollections));
    var source =
        new CatalogExporter.Source(
            leadership.incarnation().id(),
            this::timestamp,
            this::nextId,
            catalog::now,
            rules::entries);
    this.exporter = closer.add(new CatalogExporter(run, ports.objects(), source));
    initial.dropping().forEach(drops::add);
  }

  /// An answer from the catalog as of an instant after this call began.
  <T> T answer(Function<CatalogState, T> question) {
    Deadline deadline = deadline();
    leadership.confirm(deadline);
    return exporter.answer(question, deadline);
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

  /// Returns when what the command changed is committed and in the bucket.
  CatalogAnswer submit(CatalogCommand command) {
    Deadline deadline = deadline();
    CatalogAnswer answer = catalog.submit(command, deadline);
    exporter.awaitExported(deadline);
    return answer;
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
        exporter.awaitExported(deadline);
        return answer;
      }
      drops.awaitFinished(holder, deadline);
    }
  }

  /// Returns when every shard's log says that the collection is gone, and its name is free.
  void drop(CatalogCommand.DropCollection command) {
    Deadline deadline = deadline();
    if (catalog.submit(command, deadline) instanceof Dropping(Collection collection)) {
      awaitBegunDrop(collection, deadline);
    }
    exporter.awaitExported(deadline);
  }

  /// What was begun goes on with the successor: to say that leadership was lost would mean that there was no
  /// effect.
  private void awaitBegunDrop(Collection collection, Deadline deadline) {
    try {
      drops.awaitFinished(collection, deadline);
    } catch (DbException e) {
      throw e.code() == ErrorCode.LEADERSHIP_LOST
          ? new DbException(ErrorCode.OUTCOME_UNKNOWN, e.text(), e)
          : e;
    }
  }

  CatalogCounts counts() {
    return CatalogCounts.of(catalog.now());
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

  /// The first id that was not given out yet.
  private long nextId() {
    return allocator.ids(0, deadline());
  }

  private List<Collection> activeCollections() {
    return catalog.now().collections().values().stream()
        .filter(collection -> collection.state() == CollectionState.ACTIVE)
        .toList();
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
