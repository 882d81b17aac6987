package io.elanus.querynode;

import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.memory.HeapShare;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Metric;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.ShardId;
import io.elanus.proto.internal.Freshness;
import io.elanus.proto.internal.SegmentsLacking;
import io.elanus.proto.internal.SegmentsRead;
import io.elanus.rpc.internal.QueryNodeApi;
import io.elanus.segment.shard.Cancellation;
import io.elanus.segment.shard.ShardSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// A read of a shard: what is done where its rows are, and how the parts become one answer.
sealed interface ShardReading<R> permits ShardSearch, ShardQuery {
  ShardId shard();

  Freshness freshness();

  /// The collection it was planned against.
  Planned planned();

  /// A collection at one moment.
  ///
  /// @param version 0 when the plan does not say; then `ddlSequence` means nothing
  /// @param ddlSequence of its last control record, which may have been on its way
  record Planned(long version, long ddlSequence) {
    /// Whether the catalog was older than `now` when the plan was made.
    boolean isBefore(Collection now) {
      return version != 0 && version < now.version();
    }

    /// Whether a control record that came later than the plan was applied.
    boolean isBefore(long appliedDdlSequence) {
      return version != 0 && ddlSequence < appliedDdlSequence;
    }
  }

  /// The mark it is a read as of; empty for a read of the present.
  OptionalLong asOf();

  /// Only rows of these partitions; all when empty.
  Set<PartitionId> partitions();

  /// Whether it reads rows of a segment.
  default boolean isIn(SegmentEntry entry) {
    return partitions().isEmpty() || partitions().contains(entry.partition());
  }

  /// The fields whose values are looked at or returned.
  Set<Long> fieldIds();

  /// The field whose values need not be looked at where there are lists of an index over it; empty when all of them may be needed.
  Optional<Probing> probing();

  /// A search of the lists nearest to its queries.
  record Probing(long fieldId, Metric metric) {}

  /// The part of what `snapshot` has, of which all columns it needs are there. Computes on the calling thread.
  ///
  /// @param heap asked for before it is taken
  /// @throws io.elanus.segment.shard.ListsLacking when it probes lists that are not there
  R here(ShardSnapshot snapshot, Cancellation cancellation, HeapShare heap);

  /// The part of segments that another node holds.
  Answer<R> there(QueryNodeApi holder, SegmentsRead read);

  /// The answer of all parts, of which there are two at least, read at one version.
  R merge(List<R> parts, CollectionSchema schema);

  /// What a holder says.
  sealed interface Answer<R> {
    record Found<R>(R part) implements Answer<R> {}

    record Lacking<R>(SegmentsLacking what) implements Answer<R> {}
  }
}
