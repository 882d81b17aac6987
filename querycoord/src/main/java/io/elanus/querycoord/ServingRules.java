package io.elanus.querycoord;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Decision;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.Rules;
import io.elanus.common.model.CollectionId;
import io.elanus.common.run.Outcome;
import io.elanus.proto.internal.LoadMeta;
import io.elanus.proto.internal.RouteMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What loading, releasing and the coming and going of nodes change.
final class ServingRules
    implements Rules<ServingState, ServingCommand, ServingChange, ServingAnswer> {
  /// Moves of one commit: within the store's limit, and small enough that a mass move yields to loads.
  static final int MAX_MOVES = 64;

  @Override
  public Decision<ServingChange, ServingAnswer> decide(ServingState state, ServingCommand command) {
    return switch (command) {
      case ServingCommand.Load load -> load(state, load);
      case ServingCommand.Release(var collection) -> release(state, collection);
      case ServingCommand.Forget(var collection) -> forget(release(state, collection), collection);
      case ServingCommand.Place(var nodes) -> place(Placement.plan(state, nodes));
    };
  }

  @Override
  public ServingState apply(ServingState state, List<ServingChange> changes) {
    return state.apply(changes);
  }

  @Override
  public Change write(ServingChange change) {
    return switch (change) {
      case ServingChange.PutLoad(var collection, var load) ->
          new Change.Put(
              MetaKeys.load(collection),
              LoadMeta.newBuilder()
                  .setCollectionId(collection.value())
                  .setReplicaNumber(load.replicaNumber())
                  .build()
                  .toByteArray());
      case ServingChange.RemoveLoad(var collection) -> new Change.Remove(MetaKeys.load(collection));
      case ServingChange.PutRoute(var shard, var node) ->
          new Change.Put(
              MetaKeys.route(shard),
              RouteMeta.newBuilder().setNodeId(node.value()).build().toByteArray());
      case ServingChange.RemoveRoute(var shard) -> new Change.Remove(MetaKeys.route(shard));
    };
  }

  /// The same load again is success.
  private static Decision<ServingChange, ServingAnswer> load(
      ServingState state, ServingCommand.Load command) {
    int replicas = command.load().replicaNumber();
    if (replicas != 1) {
      throw ErrorCode.UNSUPPORTED.because(
          "replica number %d is not supported, a shard is led by one node", replicas);
    }
    Optional<ServingState.Load> loaded =
        Optional.ofNullable(state.loads().get(command.collection()));
    if (loaded.isPresent()) {
      requireSameReplicas(loaded.get(), replicas);
      return Decision.answer(ServingAnswer.DONE);
    }
    ServingChange put = new ServingChange.PutLoad(command.collection(), command.load());
    return Decision.<ServingChange, ServingAnswer>change(ServingAnswer.DONE, List.of(put))
        .onlyIf(command.conditions(), Outcome.done(ServingAnswer.CATALOG_MOVED));
  }

  private static void requireSameReplicas(ServingState.Load loaded, int replicas) {
    if (loaded.replicaNumber() != replicas) {
      throw ErrorCode.COLLECTION_LOADED.because(
          "can't change the replica number for loaded collection[expected=%d][actual=%d]",
          loaded.replicaNumber(), replicas);
    }
  }

  private static Decision<ServingChange, ServingAnswer> release(
      ServingState state, CollectionId collection) {
    List<ServingChange> changes = new ArrayList<>();
    if (state.loads().containsKey(collection)) {
      changes.add(new ServingChange.RemoveLoad(collection));
    }
    state.routesOf(collection).keySet().stream()
        .map(ServingChange.RemoveRoute::new)
        .forEach(changes::add);
    return Decision.change(ServingAnswer.DONE, changes);
  }

  /// Only what the catalog really has no more.
  private static Decision<ServingChange, ServingAnswer> forget(
      Decision<ServingChange, ServingAnswer> release, CollectionId collection) {
    return release.changes().isEmpty()
        ? release
        : release.onlyIf(
            List.of(new Condition.Absent(MetaKeys.collection(collection))),
            Outcome.done(ServingAnswer.DONE));
  }

  private static Decision<ServingChange, ServingAnswer> place(List<ServingChange> moves) {
    boolean more = moves.size() > MAX_MOVES;
    return Decision.change(
        more ? ServingAnswer.MORE : ServingAnswer.DONE, more ? moves.subList(0, MAX_MOVES) : moves);
  }
}
