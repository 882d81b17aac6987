package io.elanus.rpc.codec;

import io.elanus.common.model.LoadScope;
import io.elanus.common.model.PartitionId;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Which part of a collection is served, as the metastore keeps it and as roles tell each other.
public final class LoadScopeCodec {
  private LoadScopeCodec() {}

  public static io.elanus.proto.internal.LoadScope encode(LoadScope scope) {
    return io.elanus.proto.internal.LoadScope.newBuilder()
        .addAllPartitionIds(values(scope.only()))
        .addAllReleasedPartitionIds(values(scope.released()))
        .addAllFieldIds(scope.fieldIds())
        .build();
  }

  public static LoadScope decode(io.elanus.proto.internal.LoadScope scope) {
    return new LoadScope(
        ids(scope.getPartitionIdsList()),
        ids(scope.getReleasedPartitionIdsList()),
        new TreeSet<>(scope.getFieldIdsList()));
  }

  private static List<Long> values(Set<PartitionId> partitions) {
    return partitions.stream().map(PartitionId::value).toList();
  }

  private static SortedSet<PartitionId> ids(List<Long> values) {
    return values.stream().map(PartitionId::new).collect(Collectors.toCollection(TreeSet::new));
  }
}
