package io.elanus.rootcoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.CommittedState;
import io.elanus.common.meta.Leadership;
import io.elanus.common.meta.Ledger;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.Database;
import io.elanus.common.model.PartitionId;
import io.elanus.common.run.Closer;
import io.elanus.common.run.CommandLoop;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.ChangeSecurityRequest;
import io.elanus.rootcoord.CatalogAnswer.Begun;
import io.elanus.rootcoord.CatalogAnswer.Busy;
import io.elanus.rootcoord.CatalogAnswer.LoadMoved;
import io.elanus.rootcoord.CatalogCommand.Fresh;
import io.elanus.rootcoord.pin.PinTerm;
import io.elanus.rootcoord.security.SecurityTerm;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Rootcoord from its election to its loss: the catalog, security, timestamps and ids, and the changes it found
/// unfinished.
final class RootCoordTerm implements AutoCloseable {
  /// Commands decided at once; what they change still goes into as few commits as fit.
  private static final int BATCH = 64;

  /// How often a drop is prepared anew because the load changed under it.
  private static final int MAX_TRIES = 5;

  private final Run run;
  private final MetaStore store;
  private final RootCoordConfig config;
  private final Leadership leadership;
  private final Allocator allocator;
  private final CommittedState<CatalogState, CatalogCommand, CatalogChange, CatalogAnswer> catalog;
  private final SecurityTerm security;
  private final PinTerm pins;
  private final PendingDdls pending;
  private final CatalogExporter exporter;
  private final Closer closer = new Closer();

  RootCoordTerm(RootCoordPorts ports, RootCoordConfig config, Leadership leadership) {
    this.run = ports.run();
    this.store = ports.meta();
    this.config = config;
    this.leadership = leadership;
    this.allocator = new Allocator(run, ports.meta(), leadership);
    Ledger ledger = new Ledger(run, ports.meta(), leadership, RootCoordRole.NAME);
    CatalogRules rules =
        new CatalogRules(
            new CatalogRules.Limits(
                config.maxDatabases(), config.maxCollections(), ports.wal().logCount()));
    CatalogState initial = bootstrapped(CatalogLoader.load(ports.meta()), rules, ledger);
    this.pending =
        new PendingDdls(run, ports.wal(), this::timestamp, this::awaitExported, this::finish);
    var limits = new CommandLoop.Limits(config.queuedCommands(), BATCH);
    var setup = new CommittedState.Setup<CatalogChange>("catalog", limits, this::observe);
    this.catalog = closer.add(CommittedState.start(run, ledger, rules, initial, setup));
    closer.add(pending);
    var secured =
        new SecurityTerm.Setup(
            run, ports.meta(), config.security(), config.queuedCommands(), this::freshId);
    this.security = closer.add(new SecurityTerm(secured, leadership));
    var pinned =
        new PinTerm.Setup(
            run,
            ports.meta(),
            ports.wal(),
            this::timestamp,
            this::findActive,
            config.pins(),
            config.queuedCommands());
    this.pins = closer.add(new PinTerm(pinned, leadership));
    closer.add(new Expiries(run, ports.wal(), this::timestamp, this::activeCollections));
    var source =
        new CatalogExporter.Source(
            leadership.incarnation().id(),
            this::timestamp,
            this::nextId,
            catalog::now,
            rules::entries,
            security::now,
            security::entries);
    this.exporter = closer.add(new CatalogExporter(run, ports.objects(), source));
    initial.unfinished().forEach(pending::add);
  }

  /// An answer from the catalog as of an instant after this call began.
  <T> T answer(Function<CatalogState, T> question) {
    Deadline deadline = deadline();
    leadership.confirm(deadline);
    return exporter.answer(question, deadline);
  }

  /// The collection of that name or alias, no older than this call. While the name is on its way from one to
  /// another, or to nobody, there may be readers that have not heard of it: waits for that.
  ///
  /// @throws DbException `COLLECTION_NOT_FOUND`, `DATABASE_NOT_FOUND`
  Collection require(String database, String name) {
    Deadline deadline = deadline();
    leadership.confirm(deadline);
    while (true) {
      Optional<Collection> leaving =
          exporter.answer(catalog -> catalog.leaving(database, name), deadline);
      if (leaving.isEmpty()) {
        return exporter.answer(catalog -> catalog.requireCollection(database, name), deadline);
      }
      pending.awaitFinished(leaving.get(), deadline);
    }
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

  /// Returns when what the command changed is committed and in the bucket, and if it orders against rows, when
  /// every shard's log says so. Waits while another change is in its way.
  CatalogAnswer submit(CatalogCommand command) {
    return submit(() -> command, deadline());
  }

  CatalogAnswer submitFresh(Function<Fresh, CatalogCommand> command) {
    return submitFresh(Fresh.IDS, command);
  }

  /// @param ids that the command needs
  CatalogAnswer submitFresh(int ids, Function<Fresh, CatalogCommand> command) {
    Deadline deadline = deadline();
    return submit(() -> command.apply(fresh(ids, deadline)), deadline);
  }

  private CatalogAnswer submit(Supplier<CatalogCommand> command, Deadline deadline) {
    while (true) {
      CatalogAnswer answer = catalog.submit(command.get(), deadline);
      if (answer instanceof Busy(Collection other)) {
        pending.awaitFinished(other, deadline);
      } else {
        if (answer instanceof Begun(Collection collection)) {
          awaitBegun(collection, deadline);
        }
        exporter.awaitExported(deadline);
        return answer;
      }
    }
  }

  /// @throws DbException `INVALID_PARAMETER` when the partition is loaded
  void dropPartition(CollectionId collection, String name, PartitionId partition) {
    Deadline deadline = deadline();
    for (int i = 0; i < MAX_TRIES; i++) {
      List<Condition> unloaded =
          isThere(collection, partition)
              ? LoadedPartitions.requireUnloaded(store, collection, partition)
              : List.of();
      var drop = new CatalogCommand.DropPartition(collection, name, partition, unloaded);
      if (!(submit(() -> drop, deadline) instanceof LoadMoved)) {
        return;
      }
    }
    throw ErrorCode.SERVICE_UNAVAILABLE.because(
        "the load of collection %s keeps changing", collection);
  }

  private boolean isThere(CollectionId collection, PartitionId partition) {
    return catalog
        .now()
        .findCollection(collection)
        .filter(c -> c.partitions().stream().anyMatch(p -> p.id().equals(partition)))
        .isPresent();
  }

  /// What was begun goes on with the successor: to say that leadership was lost would mean that there was no
  /// effect.
  private void awaitBegun(Collection collection, Deadline deadline) {
    try {
      pending.awaitFinished(collection, deadline);
    } catch (DbException e) {
      throw e.code() == ErrorCode.LEADERSHIP_LOST
          ? new DbException(ErrorCode.OUTCOME_UNKNOWN, e.text(), e)
          : e;
    }
  }

  /// Returns when what was asked is committed and in the bucket.
  void changeSecurity(ChangeSecurityRequest request) {
    Deadline deadline = deadline();
    security.change(request, deadline);
    exporter.awaitExported(deadline);
  }

  /// See [PinTerm#mark].
  long mark(CollectionId collection) {
    return pins.mark(collection, deadline());
  }

  /// See [PinTerm#touch].
  boolean touch(CollectionId collection, long mark, boolean last) {
    return pins.touch(collection, mark, last);
  }

  CatalogCounts counts() {
    return CatalogCounts.of(catalog.now(), pins.count());
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

  private Fresh fresh(int ids, Deadline deadline) {
    return new Fresh(allocator.timestamps(1, deadline), allocator.ids(ids, deadline));
  }

  private long freshId() {
    return allocator.ids(1, deadline());
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

  private Optional<Collection> findActive(CollectionId id) {
    return catalog
        .now()
        .findCollection(id)
        .filter(collection -> collection.state() == CollectionState.ACTIVE);
  }

  private void awaitExported() {
    exporter.awaitExported(deadline());
  }

  private void finish(Collection collection) {
    CatalogCommand second =
        switch (collection.state()) {
          case DROPPING -> new CatalogCommand.ForgetCollection(collection.id());
          case ACTIVE, RESTORING ->
              new CatalogCommand.FinishDdl(collection.id(), collection.ddlSequence());
        };
    catalog.submit(second, deadline());
  }

  private void observe(List<CatalogChange> changes) {
    for (CatalogChange change : changes) {
      if (change instanceof CatalogChange.PutCollection(var collection)) {
        pending.observe(collection);
      } else if (change instanceof CatalogChange.RemoveCollection(var id)) {
        pending.finished(id);
      }
    }
  }

  private Deadline deadline() {
    return Deadline.after(run, config.requestTimeout());
  }
}
