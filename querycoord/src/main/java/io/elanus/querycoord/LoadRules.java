package io.elanus.querycoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.Decision;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.LoadScope;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.ReplicaId;
import io.elanus.common.run.Outcome;
import io.elanus.querycoord.ServingCommand.Wish;
import io.elanus.querycoord.placement.Observed;
import io.elanus.querycoord.placement.Placement;
import io.elanus.querycoord.placement.Plan.Shortage;
import io.elanus.querycoord.serving.Load;
import io.elanus.querycoord.serving.Replica;
import io.elanus.querycoord.serving.ReplicaKey;
import io.elanus.querycoord.serving.ResourceGroup;
import io.elanus.querycoord.serving.ServingChange;
import io.elanus.querycoord.serving.ServingState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What loading and releasing change, and when Milvus refuses.
final class LoadRules {
  /// Above what any number of zones and nodes makes sensible; keeps a load within one commit.
  static final int MAX_REPLICAS = 32;

  private static final int BYTES_PER_MIB = 1 << 20;

  private LoadRules() {}

  /// The same load again is success; one of more partitions adds them.
  static Decision<ServingChange, ServingAnswer> load(
      ServingState state, ServingCommand.Load command) {
    Optional<Load> loaded = Optional.ofNullable(state.loads().get(command.collection()));
    List<ServingChange> changes =
        loaded.isPresent() ? extend(state, loaded.get(), command) : begin(state, command);
    if (changes.isEmpty()) {
      return Decision.answer(ServingRules.DONE);
    }
    requireRoom(state.apply(changes), command);
    return Decision.<ServingChange, ServingAnswer>change(ServingRules.DONE, changes)
        .onlyIf(command.conditions(), Outcome.done(new ServingAnswer.CatalogMoved()));
  }

  // of a loaded collection

  private static List<ServingChange> extend(
      ServingState state, Load loaded, ServingCommand.Load command) {
    Wish wish = command.wish();
    String what = wish.partitions().isEmpty() ? "collection" : "partitions";
    if (wish.replicaNumber() != 0 && wish.replicaNumber() != loaded.replicaNumber()) {
      throw changed(
          "can't change the replica number for loaded " + what,
          loaded.replicaNumber(),
          wish.replicaNumber());
    }
    SortedSet<String> groups = new TreeSet<>();
    state.replicasOf(command.collection()).values().forEach(r -> groups.add(r.group()));
    if (!wish.groups().isEmpty() && !groups.equals(new TreeSet<>(wish.groups()))) {
      throw changed(
          "can't change the resource groups for loaded partitions",
          list(groups),
          list(wish.groups()));
    }
    if (!loaded.scope().fieldIds().equals(new TreeSet<>(wish.fieldIds()))) {
      throw changed(
          "can't change the load field list for loaded collection",
          list(loaded.scope().fieldIds()),
          list(wish.fieldIds()));
    }
    LoadScope more = loaded.scope().with(wish.partitions());
    return more.equals(loaded.scope())
        ? List.of()
        : List.of(new ServingChange.PutLoad(command.collection(), loaded.with(more)));
  }

  private static DbException changed(String reason, Object expected, Object actual) {
    return ErrorCode.INVALID_PARAMETER.because(
        "%s: %s",
        reason, ErrorCode.INVALID_PARAMETER.with("expected", expected, "actual", actual).text());
  }

  /// As Go prints a slice.
  private static String list(java.util.Collection<?> items) {
    return "[%s]".formatted(String.join(" ", items.stream().map(Object::toString).toList()));
  }

  // of one that is not

  private static List<ServingChange> begin(ServingState state, ServingCommand.Load command) {
    Wish wish = command.wish();
    int number = Math.max(1, wish.replicaNumber());
    SortedMap<String, Integer> byGroup = replicasByGroup(wish.groups(), number);
    requireNodes(state, command.observed(), byGroup, number);
    List<ServingChange> changes = new ArrayList<>();
    LoadScope scope = LoadScope.of(wish.partitions(), wish.fieldIds());
    changes.add(
        new ServingChange.PutLoad(
            command.collection(), new Load(number, command.shardCount(), scope)));
    long id = state.freeReplica().value();
    for (var entry : byGroup.entrySet()) {
      int count = entry.getValue();
      Replica replica =
          count == 1
              ? Replica.alone(entry.getKey())
              : Replica.sharing(entry.getKey(), new TreeSet<>());
      for (int i = 0; i < count; i++) {
        ReplicaKey key = new ReplicaKey(command.collection(), new ReplicaId(id++));
        changes.add(new ServingChange.PutReplica(key, replica));
      }
    }
    return changes;
  }

  private static SortedMap<String, Integer> replicasByGroup(List<String> groups, int number) {
    if (number > MAX_REPLICAS) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "replica number %d exceeds the limit of %d: invalid parameter", number, MAX_REPLICAS);
    }
    if (groups.size() > 1 && groups.size() != number) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "replica=[%d] resource group=[%s], resource group num can only be 0, 1 or same as"
              + " replica number",
          number, String.join(",", groups));
    }
    SortedMap<String, Integer> byGroup = new TreeMap<>();
    List<String> all = groups.isEmpty() ? List.of(ResourceGroup.DEFAULT_NAME) : groups;
    for (int i = 0; i < number; i++) {
      byGroup.merge(all.get(i % all.size()), 1, Integer::sum);
    }
    return byGroup;
  }

  private static void requireNodes(
      ServingState state, Observed observed, SortedMap<String, Integer> byGroup, int number) {
    byGroup.keySet().stream()
        .filter(name -> state.group(name).isEmpty())
        .findFirst()
        .ifPresent(name -> {
          throw ErrorCode.RESOURCE_GROUP_NOT_FOUND.with("rg", name);
        });
    int there = observed.stayingNodes().size();
    if (there < number) {
      throw ErrorCode.RESOURCE_INSUFFICIENT.because(
          "when load %d replica count: %s[currentStreamingNode=%d][expectedStreamingNode=%d]",
          number, ErrorCode.RESOURCE_INSUFFICIENT.text(), there, number);
    }
    SortedMap<String, ResourceGroup> groups = Placement.groups(state, observed);
    byGroup.forEach((name, replicas) -> {
      Set<NodeId> nodes =
          Optional.ofNullable(groups.get(name)).map(ResourceGroup::nodes).orElse(new TreeSet<>());
      if (nodes.size() < replicas) {
        throw ErrorCode.RESOURCE_GROUP_NODES_MISSING.with(
            "rg", name, "currentNodeNum", nodes.size(), "expectedNodeNum", replicas);
      }
    });
  }

  /// Whether everything would find a place.
  private static void requireRoom(ServingState next, ServingCommand.Load command) {
    Optional<Shortage> shortage =
        Optional.ofNullable(
            Placement.plan(next, command.observed()).shortages().get(command.collection()));
    shortage.ifPresent(lack -> {
      throw shortage(lack);
    });
  }

  static DbException shortage(Shortage lack) {
    return ErrorCode.MEMORY_LIMIT_EXCEEDED.with(
        "predict(MB)",
        Math.ceilDiv(lack.neededBytes(), BYTES_PER_MIB),
        "limit(MB)",
        lack.freeBytes() / BYTES_PER_MIB);
  }

  // releasing

  /// The load, and as many routes as fit; placement takes back the rest.
  static List<ServingChange> release(ServingState state, CollectionId collection) {
    List<ServingChange> changes = new ArrayList<>();
    if (state.loads().containsKey(collection)) {
      changes.add(new ServingChange.RemoveLoad(collection));
    }
    state.routesOf(collection).keySet().stream()
        .map(ServingChange.RemoveRoute::new)
        .forEach(changes::add);
    state.replicasOf(collection).keySet().stream()
        .map(ServingChange.RemoveReplica::new)
        .forEach(changes::add);
    return ServingRules.atOnce(changes);
  }

  static Decision<ServingChange, ServingAnswer> release(
      ServingState state, ServingCommand.ReleasePartitions command) {
    Optional<Load> loaded = Optional.ofNullable(state.loads().get(command.collection()));
    if (loaded.isEmpty()) {
      return Decision.answer(ServingRules.DONE);
    }
    LoadScope scope = loaded.get().scope();
    SortedSet<PartitionId> left = new TreeSet<>(command.known());
    left.removeIf(partition -> !scope.serves(partition));
    if (Collections.disjoint(left, command.partitions())) {
      return Decision.answer(ServingRules.DONE);
    }
    left.removeAll(command.partitions());
    List<ServingChange> changes =
        left.isEmpty()
            ? release(state, command.collection())
            : List.of(
                new ServingChange.PutLoad(
                    command.collection(), loaded.get().with(scope.without(command.partitions()))));
    return Decision.<ServingChange, ServingAnswer>change(ServingRules.DONE, changes)
        .onlyIf(command.conditions(), Outcome.done(new ServingAnswer.CatalogMoved()));
  }
}
