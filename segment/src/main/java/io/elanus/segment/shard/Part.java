package io.elanus.segment.shard;

import io.elanus.common.model.Field;
import io.elanus.common.model.Metric;
import io.elanus.common.model.PartitionId;
import io.elanus.index.SearchParams;
import io.elanus.index.VectorLists;
import io.elanus.segment.column.ColumnView;
import io.elanus.segment.column.ColumnView.Lists;
import io.elanus.segment.column.ColumnView.Nullables;
import io.elanus.segment.column.RowBlock;
import io.elanus.segment.column.Validity;
import io.elanus.segment.delete.SegmentDeletes;
import io.elanus.segment.file.SegmentReader;
import io.elanus.segment.shard.RowAddress.RowHint;
import io.elanus.segment.tail.TailBlock;
import java.util.Optional;
import java.util.Set;

/// A piece of a snapshot: rows in one block, with what says which of them are visible.
sealed interface Part {
  RowBlock block();

  /// The rows a reader at the snapshot's version sees; not to be changed.
  ///
  /// @param partitions all when empty
  long[] visible(Set<PartitionId> partitions);

  /// What finds neighbours among the vectors that are searched.
  VectorScan vectors(Field field, SearchRequest request);

  /// Which rows have a vector; empty when all have one.
  default Optional<Validity> validity(Field field) {
    return field.nullable() && block().column(field.id()) instanceof Nullables nullables
        ? Optional.of(nullables.validity())
        : Optional.empty();
  }

  /// The lists of vectors of a field that has such, by rank.
  default Optional<VectorLists> lists(Field field) {
    if (field.vectorType() == field.type()) {
      return Optional.empty();
    }
    ColumnView column = block().column(field.id());
    ColumnView values = column instanceof Nullables nullables ? nullables.values() : column;
    return values instanceof Lists lists ? Optional.of(VectorScan.rows(lists)) : Optional.empty();
  }

  /// Whether a search for `k` rows, if it has no filter, need not look at all vectors of the field.
  boolean hasIndex(Field field, Metric metric, SearchParams params, int k);

  /// What could be made of vectors that come to have an index only when they are searched a lot.
  default Optional<TailGraph> graph(Field field, Metric metric) {
    return Optional.empty();
  }

  RowHint hint(int row);

  /// The row a hint means, or -1 when it means another part.
  int row(RowHint hint);

  default boolean owns(RowHint hint) {
    return row(hint) >= 0;
  }

  default RowAddress address(int row) {
    RowBlock rows = block();
    return new RowAddress(
        rows.keys().key(row), rows.versions().get(row), rows.indexes().get(row), hint(row));
  }

  /// @param expiredThrough rows up to it are gone
  record OfSegment(SegmentDeletes deletes, long version, long expiredThrough) implements Part {
    @Override
    public RowBlock block() {
      return deletes.segment();
    }

    @Override
    public long[] visible(Set<PartitionId> partitions) {
      PartitionId partition = deletes.segment().entry().partition();
      return partitions.isEmpty() || partitions.contains(partition)
          ? deletes.live(version, expiredThrough)
          : new long[0];
    }

    @Override
    public VectorScan vectors(Field field, SearchRequest request) {
      SegmentReader segment = deletes.segment();
      if (!segment.has(field.id())) {
        return VectorScan.byLists(segment, field.id(), request.params());
      }
      ColumnView column = segment.column(field.id());
      return segment
          .index(field.id())
          .filter(index -> VectorScan.fits(index, request))
          .map(index -> VectorScan.over(index, field, column, request))
          .orElseGet(() -> VectorScan.exact(field, column, request));
    }

    @Override
    public boolean hasIndex(Field field, Metric metric, SearchParams params, int k) {
      return deletes.segment().index(field.id()).isPresent();
    }

    @Override
    public RowHint hint(int row) {
      return new RowHint(deletes.segment().entry().id().value(), row);
    }

    @Override
    public int row(RowHint hint) {
      boolean mine = hint.segment() == deletes.segment().entry().id().value();
      return mine && hint.row() < deletes.segment().rowCount() ? hint.row() : -1;
    }
  }

  /// @param firstRow of the block within all blocks of the tail
  /// @param after rows up to this version are in segments, or gone
  /// @param complete whether the block gets no more rows
  record OfTail(TailBlock block, int firstRow, long after, long version, boolean complete)
      implements Part {
    /// As rows do not lie in the order of their keys: see [VectorSource#firstWanted].
    private static final int ONE_MORE = 1;

    @Override
    public long[] visible(Set<PartitionId> partitions) {
      return block.visible(after, version, partitions);
    }

    @Override
    public VectorScan vectors(Field field, SearchRequest request) {
      VectorScan exact = VectorScan.exact(field, block.column(field.id()), request);
      return graph(field, request.metric())
          .flatMap(graph -> graph.scan(exact, request.params(), request.k() + ONE_MORE))
          .orElse(exact);
    }

    @Override
    public boolean hasIndex(Field field, Metric metric, SearchParams params, int k) {
      return graph(field, metric).filter(graph -> graph.serves(params, k + ONE_MORE)).isPresent();
    }

    @Override
    public Optional<TailGraph> graph(Field field, Metric metric) {
      return complete ? TailGraph.of(block, field, metric) : Optional.empty();
    }

    @Override
    public RowHint hint(int row) {
      return new RowHint(RowHint.TAIL, firstRow + row);
    }

    @Override
    public int row(RowHint hint) {
      int row = hint.row() - firstRow;
      return hint.segment() == RowHint.TAIL && row >= 0 && row < block.rowCount() ? row : -1;
    }
  }
}
