package io.elanus.querycoord;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.querycoord.placement.Placement;
import io.elanus.querycoord.serving.GroupConfigCodec;
import io.elanus.querycoord.serving.Replica;
import io.elanus.querycoord.serving.ReplicaKey;
import io.elanus.querycoord.serving.ResourceGroup;
import io.elanus.querycoord.serving.ServingChange;
import io.elanus.querycoord.serving.ServingState;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Resource groups, as Milvus lets them be changed. Nodes follow the configuration: placement moves them.
final class GroupRules {
  static final int MAX_GROUPS = 1024;

  private GroupRules() {}

  static List<ServingChange> create(ServingState state, ServingCommand.CreateGroup command) {
    String name = command.name();
    if (name.isEmpty()) {
      throw ErrorCode.MISSING_PARAMETER.with(
          "missing_param", "resource group name couldn't be empty");
    }
    if (state.group(name).isPresent()) {
      if (state.group(name).get().config().equals(command.config())) {
        return List.of();
      }
      throw ErrorCode.RESOURCE_GROUP_EXISTS.with("rg", name);
    }
    if (state.groups().size() + 1 >= MAX_GROUPS) {
      throw ErrorCode.RESOURCE_GROUP_LIMIT_EXCEEDED.with("rg", name, "limit", MAX_GROUPS);
    }
    validate(state, name, command.config());
    return List.of(new ServingChange.PutGroup(ResourceGroup.empty(name, command.config())));
  }

  static List<ServingChange> update(ServingState state, Map<String, ResourceGroup.Config> configs) {
    return new TreeMap<>(configs)
        .entrySet().stream()
            .map(entry -> {
              ResourceGroup group = require(state, entry.getKey());
              validate(state, entry.getKey(), entry.getValue());
              return group.with(entry.getValue());
            })
            .<ServingChange>map(ServingChange.PutGroup::new)
            .toList();
  }

  private static ResourceGroup require(ServingState state, String name) {
    return state.group(name).orElseThrow(() -> ErrorCode.RESOURCE_GROUP_NOT_FOUND.with("rg", name));
  }

  private static void validate(ServingState state, String name, ResourceGroup.Config config) {
    if (config.requests() < 0 || config.limits() < 0) {
      throw illegal(name, config, "node num in `requests` or `limits` should not less than 0");
    }
    if (config.limits() < config.requests()) {
      throw illegal(name, config, "limits node num should not less than requests node num");
    }
    validate(state, name, config, "TransferFrom", config.from());
    validate(state, name, config, "TransferTo", config.to());
  }

  private static void validate(
      ServingState state,
      String name,
      ResourceGroup.Config config,
      String list,
      List<String> others) {
    for (String other : others) {
      if (other.equals(name)) {
        throw illegal(
            name, config, "resource group in `%s` %s should not be itself".formatted(list, name));
      }
      if (state.group(other).isEmpty()) {
        throw illegal(name, config, "resource group in `%s` %s not exist".formatted(list, other));
      }
    }
  }

  private static DbException illegal(String name, ResourceGroup.Config config, String reason) {
    String text = GroupConfigCodec.encode(config).toString().strip().replace('\n', ' ');
    return ErrorCode.RESOURCE_GROUP_ILLEGAL_CONFIG.because(
        "%s: %s",
        reason, ErrorCode.RESOURCE_GROUP_ILLEGAL_CONFIG.with("rg", name, "config", text).text());
  }

  static List<ServingChange> drop(ServingState state, String name) {
    if (name.equals(ResourceGroup.DEFAULT_NAME)) {
      throw undeletable(
          "default resource group is not deletable", "not default resource group", name);
    }
    if (state.group(name).isEmpty()) {
      return List.of();
    }
    state.replicas().entrySet().stream()
        .filter(entry -> entry.getValue().group().equals(name))
        .findFirst()
        .ifPresent(entry -> {
          throw undeletable(
              "some replicas still loaded in resource group[%s], release it first".formatted(name),
              "empty resource group",
              "resource group %s has collection %s loaded"
                  .formatted(name, entry.getKey().collection()));
        });
    if (require(state, name).config().limits() != 0) {
      throw undeletable(
          "resource group's limits node num is not 0", "not empty resource group", name);
    }
    state.groups().values().forEach(group -> requireUnused(group, name));
    return List.of(new ServingChange.RemoveGroup(name));
  }

  private static void requireUnused(ResourceGroup group, String name) {
    String list =
        group.config().from().contains(name)
            ? "TransferFrom"
            : group.config().to().contains(name) ? "TransferTo" : "";
    if (!list.isEmpty()) {
      throw undeletable(
          "resource group %s is used by %s's `%s`, remove that configuration first"
              .formatted(name, group.name(), list),
          "not `%s` of resource group".formatted(list),
          name);
    }
  }

  private static DbException undeletable(String reason, String expected, String actual) {
    return ErrorCode.INVALID_PARAMETER.because(
        "%s: %s",
        reason, ErrorCode.INVALID_PARAMETER.with("expected", expected, "actual", actual).text());
  }

  /// Moves requests, and with them nodes; the way clients did it before groups had a configuration.
  static List<ServingChange> transfer(ServingState state, ServingCommand.TransferNode command) {
    requireDifferent(command.source(), command.target());
    int count = command.count();
    if (count <= 0) {
      throw ErrorCode.INVALID_PARAMETER.with(
          "expected", "NumNode > 0", "actual", "invalid NumNode " + count);
    }
    ResourceGroup source = require(state, command.source());
    ResourceGroup target = require(state, command.target());
    int there =
        Placement.groups(state, command.observed())
            .getOrDefault(source.name(), source)
            .nodes()
            .size();
    if (there < count) {
      throw ErrorCode.RESOURCE_GROUP_NODES_MISSING.with(
          "rg", source.name(), "currentNodeNum", there, "expectedNodeNum", count);
    }
    return List.of(
        new ServingChange.PutGroup(source.with(less(source, count))),
        new ServingChange.PutGroup(target.with(more(target.config(), count))));
  }

  private static ResourceGroup.Config less(ResourceGroup group, int count) {
    ResourceGroup.Config config = group.config();
    int limits = group.isDefault() ? config.limits() : Math.max(0, config.limits() - count);
    return new ResourceGroup.Config(
        Math.max(0, config.requests() - count), limits, config.from(), config.to());
  }

  private static ResourceGroup.Config more(ResourceGroup.Config config, int count) {
    int requests = config.requests() + count;
    return new ResourceGroup.Config(
        requests, Math.max(config.limits(), requests), config.from(), config.to());
  }

  private static void requireDifferent(String source, String target) {
    if (source.equals(target)) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "source resource group and target resource group should not be the same,"
              + " resource group: %s: %s",
          source, ErrorCode.INVALID_PARAMETER.text());
    }
  }

  static List<ServingChange> transfer(ServingState state, ServingCommand.TransferReplica command) {
    requireThere(state, "source", command.source());
    requireThere(state, "target", command.target());
    requireDifferent(command.source(), command.target());
    if (command.count() <= 0) {
      throw ErrorCode.INVALID_PARAMETER.with(
          "expected", "NumReplica > 0", "actual", "invalid NumReplica " + command.count());
    }
    if (!state.loads().containsKey(command.collection())) {
      throw ErrorCode.COLLECTION_NOT_LOADED.with("collection", command.collection());
    }
    List<ReplicaKey> replicas =
        state.replicasOf(command.collection()).entrySet().stream()
            .filter(entry -> entry.getValue().group().equals(command.source()))
            .map(Map.Entry::getKey)
            .toList();
    if (replicas.size() < command.count()) {
      throw ErrorCode.INVALID_PARAMETER.with(
          "expected",
          "NumReplica not greater than the number of replica in source resource group",
          "actual",
          "only found [%d] replicas in source resource group [%s]"
              .formatted(replicas.size(), command.source()));
    }
    Replica moved = Replica.sharing(command.target(), new TreeSet<>());
    return replicas.stream()
        .limit(command.count())
        .<ServingChange>map(key -> new ServingChange.PutReplica(key, moved))
        .toList();
  }

  private static void requireThere(ServingState state, String which, String name) {
    if (state.group(name).isEmpty()) {
      throw ErrorCode.RESOURCE_GROUP_NOT_FOUND.because(
          "the %s resource group[%s] doesn't exist: %s",
          which, name, ErrorCode.RESOURCE_GROUP_NOT_FOUND.with("rg", name).text());
    }
  }
}
