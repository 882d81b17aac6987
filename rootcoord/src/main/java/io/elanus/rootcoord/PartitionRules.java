package io.elanus.rootcoord;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Decision;
import io.elanus.common.model.Collection;
import io.elanus.common.model.Field;
import io.elanus.common.model.Partition;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.PendingDdl;
import io.elanus.common.model.PendingDdl.Effect;
import io.elanus.common.run.Outcome;
import io.elanus.rootcoord.CatalogAnswer.Begun;
import io.elanus.rootcoord.CatalogAnswer.Busy;
import io.elanus.rootcoord.CatalogAnswer.Done;
import io.elanus.rootcoord.CatalogAnswer.LoadMoved;
import io.elanus.rootcoord.CatalogAnswer.PartitionIs;
import io.elanus.rootcoord.CatalogCommand.CreatePartition;
import io.elanus.rootcoord.CatalogCommand.DropPartition;
import java.util.List;
import java.util.Optional;

/// Making and dropping partitions. The control record of a drop removes the rows there are, and says that those
/// are none that come later: their writer had not heard of it. The next partition of the name has another id, and
/// is not made before that record is in all logs.
final class PartitionRules {
  /// Of one collection.
  static final int MAX_PARTITIONS = 1_024;

  private PartitionRules() {}

  /// One that exists is success.
  static Decision<CatalogChange, CatalogAnswer> create(
      CatalogState state, CreatePartition command) {
    Collection collection = state.requireCollection(command.collection());
    refuseByKey(collection, "create");
    Optional<Partition> same = collection.partition(command.name());
    if (same.isPresent()) {
      return Decision.answer(new PartitionIs(same.get()));
    }
    if (collection.pending().isPresent()) {
      return Decision.answer(new Busy(collection));
    }
    int count = collection.partitions().size();
    if (count >= MAX_PARTITIONS) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "partition number (%d) exceeds max configuration (%d), collection: %s",
          count, MAX_PARTITIONS, collection.name());
    }
    Partition partition =
        new Partition(
            new PartitionId(command.fresh().firstId()),
            command.name(),
            command.fresh().timestamp());
    return Decision.change(
        new PartitionIs(partition),
        List.of(NextCollection.of(collection).withPartition(partition).put()));
  }

  /// One that does not exist is success, once the drop of another one is finished: it may be the same that is asked
  /// for again. That it is not loaded is a condition of the commit: querycoord may be
  /// loading it right now.
  static Decision<CatalogChange, CatalogAnswer> drop(CatalogState state, DropPartition command) {
    Collection collection = state.requireCollection(command.collection());
    refuseByKey(collection, "drop");
    if (command.name().equals(Partition.DEFAULT_NAME)) {
      throw ErrorCode.INVALID_PARAMETER.because("default partition cannot be deleted");
    }
    Optional<Partition> partition =
        collection.partition(command.name()).filter(p -> p.id().equals(command.only()));
    if (partition.isEmpty()) {
      return Decision.answer(isDropping(collection) ? new Begun(collection) : new Done());
    }
    PendingDdl dropped = PendingDdl.of(new Effect.PartitionDropped(partition.get().id()));
    return CollectionRules.begin(
            collection, next -> next.withoutPartition(partition.get()).pending(dropped))
        .onlyIf(command.unloaded(), Outcome.done(new LoadMoved()));
  }

  private static boolean isDropping(Collection collection) {
    return collection
        .pending()
        .filter(pending -> pending.effect() instanceof Effect.PartitionDropped)
        .isPresent();
  }

  /// Partitions of a partition key are the server's own.
  private static void refuseByKey(Collection collection, String what) {
    if (collection.schema().fields().stream().anyMatch(Field::partitionKey)) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "disable %s partition if partition key mode is used", what);
    }
  }
}
