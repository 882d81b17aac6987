package io.elanus.rootcoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Decision;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.Database;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.Partition;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.PendingDdl;
import io.elanus.common.run.Outcome;
import io.elanus.rootcoord.CatalogAnswer.CollectionIs;
import io.elanus.rootcoord.CatalogAnswer.Done;
import io.elanus.rootcoord.CatalogCommand.AbortRestore;
import io.elanus.rootcoord.CatalogCommand.BeginRestore;
import io.elanus.rootcoord.CatalogCommand.FinishRestore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Collections that are made of snapshots:
///
/// ```
///  begin ── RESTORING ── all shards have their first manifests: finish ── ImportCommit in all logs ── ACTIVE
///               └────── abort ── gone
/// ```
/// Until it is visible nobody can write to it or read it; its name is taken.
final class RestoreRules {
  private RestoreRules() {}

  static Decision<CatalogChange, CatalogAnswer> begin(
      CatalogState state, BeginRestore command, CatalogRules.Limits limits) {
    Collection known = state.collections().get(command.id());
    if (known != null) {
      return Decision.answer(new CollectionIs(known));
    }
    Database database = state.requireDatabase(command.database());
    requireFree(state, database, command.name());
    CollectionRules.requireRoom(state, limits);
    Collection collection = collection(state, command, database, limits);
    List<CatalogChange> changes = new ArrayList<>();
    changes.add(new CatalogChange.PutCollection(collection));
    changes.addAll(indexes(command, collection));
    return Decision.<CatalogChange, CatalogAnswer>change(new CollectionIs(collection), changes)
        .onlyIf(List.of(command.wanted()), Outcome.failed(unwanted(command)));
  }

  private static DbException unwanted(BeginRestore command) {
    return ErrorCode.SERVICE_UNAVAILABLE.because(
        "the restore of collection %s goes on elsewhere", command.name());
  }

  private static void requireFree(CatalogState state, Database database, String name) {
    if (state.holder(database, name).isPresent() || state.holding(database, name).isPresent()) {
      throw ErrorCode.INVALID_PARAMETER.because("cannot restore to collection %s: it exists", name);
    }
    if (state.aliased(database, name).isPresent()) {
      throw ErrorCode.ALIAS_NAME_CONFLICT.with("database", database.name(), "alias", name);
    }
  }

  /// Fields keep their ids: that is how segments name them.
  private static Collection collection(
      CatalogState state, BeginRestore command, Database database, CatalogRules.Limits limits) {
    Collection source = command.source();
    long now = command.fresh().timestamp();
    return new Collection(
        command.id(),
        database.id(),
        database.name(),
        source.schema().called(command.name()),
        ShardLogs.assign(state.collections().values(), limits.logCount(), source.shardCount()),
        partitions(command),
        source.consistency(),
        source.properties(),
        now,
        0,
        now,
        now,
        CollectionState.RESTORING);
  }

  /// In the order of the source's.
  private static List<Partition> partitions(BeginRestore command) {
    List<Partition> partitions = new ArrayList<>();
    for (Partition partition : command.source().partitions()) {
      PartitionId id = new PartitionId(command.fresh().firstId() + partitions.size());
      partitions.add(new Partition(id, partition.name(), command.fresh().timestamp()));
    }
    return partitions;
  }

  private static List<CatalogChange> indexes(BeginRestore command, Collection collection) {
    long first = command.fresh().firstId() + collection.partitions().size();
    List<CatalogChange> changes = new ArrayList<>();
    for (IndexDefinition index : command.indexes()) {
      changes.add(
          new CatalogChange.PutIndex(
              new IndexDefinition(
                  new IndexId(first + changes.size()),
                  collection.id(),
                  index.fieldId(),
                  index.name(),
                  index.params(),
                  index.flatParams(),
                  command.fresh().timestamp())));
    }
    return changes;
  }

  /// One that is visible, or will be, is success.
  static Decision<CatalogChange, CatalogAnswer> finish(CatalogState state, FinishRestore command) {
    Optional<Collection> collection =
        Optional.ofNullable(state.collections().get(command.id()))
            .filter(c -> !CatalogState.isDropping(c));
    if (collection.isEmpty()) {
      throw ErrorCode.COLLECTION_NOT_FOUND.with("collection", command.id());
    }
    if (collection.get().state() == CollectionState.ACTIVE) {
      return Decision.answer(new Done());
    }
    if (command.versions().size() != collection.get().shardCount()) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "%d versions for %d shards", command.versions().size(), collection.get().shardCount());
    }
    PendingDdl imported = PendingDdl.of(new PendingDdl.Effect.Imported(command.versions()));
    return CollectionRules.begin(collection.get(), next -> next.pending(imported));
  }

  /// Its pointers and files are found and removed as those of any collection that is gone. No record of it is in a
  /// log.
  static Decision<CatalogChange, CatalogAnswer> abort(CatalogState state, AbortRestore command) {
    return Optional.ofNullable(state.collections().get(command.id()))
        .filter(c -> c.state() == CollectionState.RESTORING && c.pending().isEmpty())
        .map(c -> CollectionRules.forget(state, new CatalogCommand.ForgetCollection(c.id())))
        .orElseGet(() -> Decision.answer(new Done()));
  }
}
