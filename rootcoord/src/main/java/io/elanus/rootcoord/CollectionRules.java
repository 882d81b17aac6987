package io.elanus.rootcoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Decision;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.Database;
import io.elanus.common.model.Partition;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.PendingDdl;
import io.elanus.rootcoord.CatalogAnswer.Begun;
import io.elanus.rootcoord.CatalogAnswer.Busy;
import io.elanus.rootcoord.CatalogAnswer.CollectionIs;
import io.elanus.rootcoord.CatalogAnswer.Done;
import io.elanus.rootcoord.CatalogCommand.CreateCollection;
import io.elanus.rootcoord.CatalogCommand.DropCollection;
import io.elanus.rootcoord.CatalogCommand.FinishDdl;
import io.elanus.rootcoord.CatalogCommand.ForgetCollection;
import io.elanus.rootcoord.CatalogCommand.TruncateCollection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Creating, emptying and dropping collections. A drop takes three steps, each of which a successor can finish:
///
/// ```
///  ACTIVE ── drop ──> DROPPING ── control record in every shard's log ──> forget ──> (gone)
///                     name not found, but not free
/// ```
///
/// A name is free only when its collection is gone: until then reads planned before the drop may still
/// be served, and must not be met by a second collection of that name.
///
/// Other changes that order against rows keep the collection, and have two steps: committed as pending, and
/// finished. A collection has one of them at a time, so that its control records reach each log in their order.
final class CollectionRules {
  /// Shards of one collection at most.
  static final int MAX_SHARDS = 16;

  private CollectionRules() {}

  static Decision<CatalogChange, CatalogAnswer> create(
      CatalogState state, CreateCollection command, CatalogRules.Limits limits) {
    Database database = state.requireDatabase(command.database());
    Optional<Collection> holder = state.holder(database, command.schema().name());
    if (holder.isPresent()) {
      return Decision.answer(existing(holder.get(), command));
    }
    if (state.aliased(database, command.schema().name()).isPresent()) {
      throw ErrorCode.ALIAS_NAME_CONFLICT.with(
          "database", database.name(), "alias", command.schema().name());
    }
    Optional<Collection> holding = state.holding(database, command.schema().name());
    if (holding.isPresent()) {
      return Decision.answer(new Busy(holding.get()));
    }
    checkLimits(state, command, limits);
    PropertyRules.requireOneLife(command.schema(), command.properties());
    Collection collection = collection(state, command, database, limits);
    return Decision.change(
        new CollectionIs(collection), List.of(new CatalogChange.PutCollection(collection)));
  }

  /// A name that is not there is success, once nobody reads by it; so is one that somebody else has by now.
  static Decision<CatalogChange, CatalogAnswer> drop(CatalogState state, DropCollection command) {
    Database database = state.requireDatabase(command.database());
    Optional<Collection> holder = state.holder(database, command.name());
    if (holder.isEmpty()) {
      if (state.aliased(database, command.name()).isPresent()) {
        throw ErrorCode.INVALID_PARAMETER.because(
            "cannot drop the collection via alias = %s", command.name());
      }
      return Decision.answer(CatalogAnswer.doneUnless(state.holding(database, command.name())));
    }
    return switch (holder.get().state()) {
      case DROPPING -> Decision.answer(new Begun(holder.get()));
      case RESTORING -> throw restoring(holder.get());
      case ACTIVE -> {
        if (command.only().filter(only -> !only.equals(holder.get().id())).isPresent()) {
          yield Decision.answer(new Done());
        }
        yield drop(holder.get());
      }
    };
  }

  private static Decision<CatalogChange, CatalogAnswer> drop(Collection collection) {
    if (!collection.aliases().isEmpty()) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "unable to drop the collection [%s] because it has associated aliases [%s],"
              + " please remove all aliases before dropping the collection",
          collection.name(), String.join(" ", collection.aliases()));
    }
    return begin(collection, NextCollection::dropping);
  }

  /// Begins a change that needs a control record, unless another one is under way.
  static Decision<CatalogChange, CatalogAnswer> begin(
      Collection collection, UnaryOperator<NextCollection> change) {
    if (collection.pending().isPresent()) {
      return Decision.answer(new Busy(collection));
    }
    Collection next = change.apply(NextCollection.of(collection)).collection();
    return Decision.change(new Begun(next), List.of(new CatalogChange.PutCollection(next)));
  }

  static Decision<CatalogChange, CatalogAnswer> truncate(
      CatalogState state, TruncateCollection command) {
    PendingDdl truncated = PendingDdl.of(new PendingDdl.Effect.Truncated());
    return begin(state.requireCollection(command.id()), next -> next.pending(truncated));
  }

  /// The second half of every change with a control record but a drop.
  static Decision<CatalogChange, CatalogAnswer> finish(CatalogState state, FinishDdl command) {
    return Optional.ofNullable(state.collections().get(command.id()))
        .filter(c -> !CatalogState.isDropping(c))
        .filter(c -> c.pending().isPresent() && c.ddlSequence() == command.ddlSequence())
        .map(c ->
            Decision.<CatalogChange, CatalogAnswer>change(
                new Done(), List.of(NextCollection.of(c).finished().put())))
        .orElseGet(() -> Decision.answer(new Done()));
  }

  static Decision<CatalogChange, CatalogAnswer> forget(
      CatalogState state, ForgetCollection command) {
    List<CatalogChange> changes = new ArrayList<>();
    if (state.collections().containsKey(command.id())) {
      changes.add(new CatalogChange.RemoveCollection(command.id()));
    }
    state.indexesOf(command.id()).forEach(i -> changes.add(new CatalogChange.RemoveIndex(i)));
    return Decision.change(new Done(), changes);
  }

  private static CatalogAnswer existing(Collection holder, CreateCollection command) {
    if (holder.state() == CollectionState.DROPPING) {
      return new Busy(holder);
    }
    if (holder.state() == CollectionState.RESTORING) {
      throw restoring(holder);
    }
    boolean same =
        holder.schema().equals(command.schema().numbered())
            && holder.shardCount() == command.shardCount()
            && (command.partitionCount() == 0
                || holder.partitions().size() == command.partitionCount())
            && holder.consistency() == command.consistency()
            && holder.properties().equals(command.properties());
    if (!same) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "create duplicate collection with different parameters, collection: %s", holder.name());
    }
    return new CollectionIs(holder);
  }

  private static DbException restoring(Collection collection) {
    return ErrorCode.INVALID_PARAMETER.because(
        "collection %s is being restored from a snapshot", collection.name());
  }

  private static void checkLimits(
      CatalogState state, CreateCollection command, CatalogRules.Limits limits) {
    if (command.shardCount() < 1 || command.shardCount() > MAX_SHARDS) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "maximum shards's number should be limited to %d", MAX_SHARDS);
    }
    if (command.partitionCount() > CatalogCommand.MAX_KEYED_PARTITIONS) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "partition number (%d) exceeds max configuration (%d)",
          command.partitionCount(), CatalogCommand.MAX_KEYED_PARTITIONS);
    }
    requireRoom(state, limits);
  }

  static void requireRoom(CatalogState state, CatalogRules.Limits limits) {
    if (state.collections().size() >= limits.maxCollections()) {
      throw ErrorCode.COLLECTION_LIMIT_EXCEEDED.with("limit", limits.maxCollections());
    }
  }

  private static Collection collection(
      CatalogState state, CreateCollection command, Database database, CatalogRules.Limits limits) {
    long now = command.fresh().timestamp();
    return new Collection(
        new CollectionId(command.fresh().firstId()),
        database.id(),
        database.name(),
        command.schema().numbered(),
        ShardLogs.assign(state.collections().values(), limits.logCount(), command.shardCount()),
        partitions(command),
        command.consistency(),
        command.properties(),
        now,
        0,
        now,
        now,
        CollectionState.ACTIVE);
  }

  private static List<Partition> partitions(CreateCollection command) {
    long now = command.fresh().timestamp();
    long firstId = command.fresh().firstId() + 1;
    List<Partition> partitions = new ArrayList<>();
    for (int i = 0; i < command.partitionCount(); i++) {
      partitions.add(new Partition(new PartitionId(firstId + i), Partition.keyed(i), now));
    }
    return partitions.isEmpty()
        ? List.of(new Partition(new PartitionId(firstId), Partition.DEFAULT_NAME, now))
        : partitions;
  }
}
