package io.elanus.querycoord;

import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.SegmentId;
import io.elanus.querycoord.placement.Observed;
import io.elanus.querycoord.serving.ResourceGroup;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What somebody wants served, or what happened that changes who serves it.
sealed interface ServingCommand {
  /// @param wish what was asked for
  /// @param shardCount of the collection
  /// @param conditions under which the collection was found fit to be loaded
  record Load(
      CollectionId collection,
      Wish wish,
      int shardCount,
      List<Condition> conditions,
      Observed observed)
      implements ServingCommand {}

  /// @param replicaNumber 0: as loaded, else one
  /// @param partitions none: all
  /// @param fieldIds none: all
  /// @param groups none: as loaded, else the default one; one: for all replicas; else one for each
  record Wish(
      int replicaNumber, Set<PartitionId> partitions, Set<Long> fieldIds, List<String> groups) {}

  record Release(CollectionId collection) implements ServingCommand {}

  /// @param known all partitions of the collection
  /// @param conditions under which they are
  record ReleasePartitions(
      CollectionId collection,
      Set<PartitionId> partitions,
      Set<PartitionId> known,
      List<Condition> conditions)
      implements ServingCommand {}

  /// The collection seems to be gone from the catalog.
  record Forget(CollectionId collection) implements ServingCommand {}

  /// This is seen now: places what is not as it should be.
  record Place(Observed observed) implements ServingCommand {}

  /// @param targets none: any node of the replica
  /// @param segments none: all of the source
  record MoveSegments(
      CollectionId collection,
      NodeId source,
      Set<NodeId> targets,
      Set<SegmentId> segments,
      Observed observed)
      implements ServingCommand {}

  record CreateGroup(String name, ResourceGroup.Config config) implements ServingCommand {}

  record UpdateGroups(Map<String, ResourceGroup.Config> configs) implements ServingCommand {}

  record DropGroup(String name) implements ServingCommand {}

  record TransferNode(String source, String target, int count, Observed observed)
      implements ServingCommand {}

  record TransferReplica(String source, String target, CollectionId collection, long count)
      implements ServingCommand {}
}
