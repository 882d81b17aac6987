package io.elanus.segment.shard;

import io.elanus.common.topk.Group;
import io.elanus.common.topk.Grouping;
import io.elanus.common.topk.Grouping.Extent;
import java.util.List;
import java.util.Set;

/// A search for groups of rows instead of rows.
///
/// @param fieldIds of bools, integers or texts: rows with the same values are a group
/// @param size rows of a group, at most
/// @param wanted of each query the groups whose rows are searched, and nothing else; empty for the nearest groups
public record GroupBy(List<Long> fieldIds, int size, List<Set<Group>> wanted) {
  public GroupBy {
    fieldIds = List.copyOf(fieldIds);
    wanted = wanted.stream().map(Set::copyOf).toList();
  }

  /// @param groups the nearest so many, when none are named
  Grouping grouping(int query, int groups) {
    return wanted.isEmpty()
        ? new Grouping(groups, size, Extent.NEARER_THAN_LAST)
        : new Grouping(Math.max(1, wanted.get(query).size()), size, Extent.FULL);
  }

  /// Whether a row of that group may be found.
  boolean wants(int query, Group group) {
    return wanted.isEmpty() || wanted.get(query).contains(group);
  }
}
