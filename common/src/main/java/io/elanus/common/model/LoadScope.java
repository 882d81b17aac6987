package io.elanus.common.model;

import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// Which part of a collection is to be served.
///
/// @param only these partitions; empty: all but `released`, and all that are made later
/// @param released empty when `only` is not
/// @param fieldIds only these fields; empty: all
public record LoadScope(
    SortedSet<PartitionId> only, SortedSet<PartitionId> released, SortedSet<Long> fieldIds) {
  public static final LoadScope WHOLE =
      new LoadScope(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());

  public LoadScope {
    if (!only.isEmpty() && !released.isEmpty()) {
      throw new IllegalArgumentException("only %s and all but %s".formatted(only, released));
    }
    only = Collections.unmodifiableSortedSet(new TreeSet<>(only));
    released = Collections.unmodifiableSortedSet(new TreeSet<>(released));
    fieldIds = Collections.unmodifiableSortedSet(new TreeSet<>(fieldIds));
  }

  /// Some partitions, or all when none is named.
  public static LoadScope of(Set<PartitionId> partitions, Set<Long> fieldIds) {
    return new LoadScope(new TreeSet<>(partitions), new TreeSet<>(), new TreeSet<>(fieldIds));
  }

  public boolean serves(PartitionId partition) {
    return only.isEmpty() ? !released.contains(partition) : only.contains(partition);
  }

  public boolean serves(Field field) {
    return fieldIds.isEmpty() || fieldIds.contains(field.id());
  }

  /// Whether all partitions are served.
  public boolean servesAllPartitions() {
    return only.isEmpty() && released.isEmpty();
  }

  /// With `partitions` too; all when none is named.
  public LoadScope with(Set<PartitionId> partitions) {
    if (partitions.isEmpty()) {
      return new LoadScope(new TreeSet<>(), new TreeSet<>(), fieldIds);
    }
    TreeSet<PartitionId> more = new TreeSet<>(only);
    TreeSet<PartitionId> less = new TreeSet<>(released);
    less.removeAll(partitions);
    if (!only.isEmpty()) {
      more.addAll(partitions);
    }
    return new LoadScope(more, less, fieldIds);
  }

  /// Without `partitions`. Not to be asked for when nothing would be left.
  public LoadScope without(Set<PartitionId> partitions) {
    if (only.isEmpty()) {
      TreeSet<PartitionId> less = new TreeSet<>(released);
      less.addAll(partitions);
      return new LoadScope(only, less, fieldIds);
    }
    TreeSet<PartitionId> left = new TreeSet<>(only);
    left.removeAll(partitions);
    if (left.isEmpty()) {
      throw new IllegalArgumentException("nothing is left of " + only);
    }
    return new LoadScope(left, released, fieldIds);
  }
}
