package io.elanus.proxy.catalog;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Field;
import io.elanus.common.model.LoadScope;
import io.elanus.common.model.Partition;
import io.elanus.common.model.PartitionId;
import io.elanus.proxy.Invalid;
import java.util.List;
import java.util.Set;

/// What a read may look at: the partitions it named, all of which have to be loaded, else those that are.
///
/// @param partitions none: all of the collection
public record LoadedPart(LoadScope scope, List<PartitionId> partitions) {
  public LoadedPart {
    partitions = List.copyOf(partitions);
  }

  /// @param names of partitions; none: whatever is loaded
  /// @throws io.elanus.common.error.DbException `COLLECTION_NOT_LOADED`, `PARTITION_NOT_FOUND`,
  ///     `PARTITION_NOT_LOADED`
  public static LoadedPart of(Loads loads, Collection collection, List<String> names) {
    List<PartitionId> named = Partitions.all(collection, names);
    LoadScope scope = loads.remembered(collection).orElseGet(() -> loads.require(collection));
    if (!named.stream().allMatch(scope::serves)) {
      scope = loads.require(collection);
      requireLoaded(scope, named);
    }
    return new LoadedPart(scope, named.isEmpty() ? served(scope, collection) : named);
  }

  /// For what has to see every row: refuses where a partition is not loaded.
  public static LoadedPart whole(Loads loads, Collection collection, List<String> names) {
    if (!names.isEmpty()) {
      return of(loads, collection, names);
    }
    List<PartitionId> all = collection.partitions().stream().map(Partition::id).toList();
    LoadScope scope = loads.remembered(collection).orElseGet(() -> loads.require(collection));
    if (!all.stream().allMatch(scope::serves)) {
      scope = loads.require(collection);
      requireLoaded(scope, all);
    }
    return new LoadedPart(scope, List.of());
  }

  private static void requireLoaded(LoadScope scope, List<PartitionId> named) {
    List<PartitionId> missing = named.stream().filter(id -> !scope.serves(id)).toList();
    if (!missing.isEmpty()) {
      throw ErrorCode.PARTITION_NOT_LOADED.with("partition", missing);
    }
  }

  private static List<PartitionId> served(LoadScope scope, Collection collection) {
    if (scope.servesAllPartitions()) {
      return List.of();
    }
    List<PartitionId> all = collection.partitions().stream().map(Partition::id).toList();
    List<PartitionId> served = all.stream().filter(scope::serves).toList();
    if (served.isEmpty()) {
      throw ErrorCode.COLLECTION_NOT_LOADED.with("collection", collection.name());
    }
    return served.equals(all) ? List.of() : served;
  }

  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` when the field is not loaded
  public void require(Field field) {
    if (!serves(field)) {
      throw Invalid.parameter("field %s is not loaded, please reload the collection", field.name());
    }
  }

  /// As [#require], of several.
  public void require(CollectionSchema schema, Set<Long> fieldIds) {
    fieldIds.forEach(id -> require(schema.requireField(id)));
  }

  /// Keys are always there.
  public boolean serves(Field field) {
    return field.primaryKey() || scope.serves(field);
  }
}
