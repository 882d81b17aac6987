package io.elanus.querycoord;

import io.elanus.common.meta.Decision;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.Rules;
import io.elanus.common.model.CollectionId;
import io.elanus.common.run.Outcome;
import io.elanus.querycoord.placement.ManualMove;
import io.elanus.querycoord.placement.Placement;
import io.elanus.querycoord.placement.Plan;
import io.elanus.querycoord.serving.ServingChange;
import io.elanus.querycoord.serving.ServingEntries;
import io.elanus.querycoord.serving.ServingState;
import java.util.ArrayList;
import java.util.List;

/// What loading, releasing, resource groups and the coming and going of nodes change.
final class ServingRules
    implements Rules<ServingState, ServingCommand, ServingChange, ServingAnswer> {
  /// Changes of one commit: within the store's limit, and small enough that a mass move yields to loads.
  static final int MAX_CHANGES = 64;

  /// Half of what the store takes at once; a route of ten thousand segments has a hundred KiB.
  private static final int MAX_BYTES = 512 << 10;

  static final ServingAnswer DONE = new ServingAnswer.Done();

  @Override
  public Decision<ServingChange, ServingAnswer> decide(ServingState state, ServingCommand command) {
    return switch (command) {
      case ServingCommand.Load load -> LoadRules.load(state, load);
      case ServingCommand.Release(var collection) ->
          Decision.change(DONE, LoadRules.release(state, collection));
      case ServingCommand.ReleasePartitions release -> LoadRules.release(state, release);
      case ServingCommand.Forget(var collection) -> forget(state, collection);
      case ServingCommand.Place(var observed) -> place(Placement.plan(state, observed));
      case ServingCommand.MoveSegments move ->
          Decision.change(
              DONE,
              atOnce(
                  ManualMove.plan(
                      state,
                      move.observed(),
                      new ManualMove.Wish(
                          move.collection(), move.source(), move.targets(), move.segments()))));
      case ServingCommand.CreateGroup create ->
          Decision.change(DONE, GroupRules.create(state, create));
      case ServingCommand.UpdateGroups(var configs) ->
          Decision.change(DONE, GroupRules.update(state, configs));
      case ServingCommand.DropGroup(var name) ->
          Decision.change(DONE, GroupRules.drop(state, name));
      case ServingCommand.TransferNode transfer ->
          Decision.change(DONE, GroupRules.transfer(state, transfer));
      case ServingCommand.TransferReplica transfer ->
          Decision.change(DONE, GroupRules.transfer(state, transfer));
    };
  }

  @Override
  public ServingState apply(ServingState state, List<ServingChange> changes) {
    return state.apply(changes);
  }

  @Override
  public Change write(ServingChange change) {
    return ServingEntries.write(change);
  }

  /// Only what the catalog really has no more.
  private static Decision<ServingChange, ServingAnswer> forget(
      ServingState state, CollectionId collection) {
    List<ServingChange> release = LoadRules.release(state, collection);
    Decision<ServingChange, ServingAnswer> decision = Decision.change(DONE, release);
    return release.isEmpty()
        ? decision
        : decision.onlyIf(
            List.of(new Condition.Absent(MetaKeys.collection(collection))), Outcome.done(DONE));
  }

  private static Decision<ServingChange, ServingAnswer> place(Plan plan) {
    return Decision.change(
        new ServingAnswer.Placed(!plan.changes().isEmpty(), plan.shortages(), plan.inFlight()),
        atOnce(plan.changes()));
  }

  /// As many of the first ones as one commit takes.
  static List<ServingChange> atOnce(List<ServingChange> changes) {
    List<ServingChange> first = new ArrayList<>();
    int bytes = 0;
    for (ServingChange change : changes) {
      bytes += sizeBytes(ServingEntries.write(change));
      if (first.size() == MAX_CHANGES || (bytes > MAX_BYTES && !first.isEmpty())) {
        return first;
      }
      first.add(change);
    }
    return first;
  }

  private static int sizeBytes(Change change) {
    return switch (change) {
      case Change.Put put -> put.value().length;
      case Change.PutLeased put -> put.value().length;
      case Change.Remove _ -> 0;
    };
  }
}
