package io.elanus.segment.shard;

import io.elanus.common.expr.Expr;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.Expiry;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.memory.HeapShare;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Field;
import io.elanus.common.model.Metric;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.RowBatch;
import io.elanus.common.model.SegmentId;
import io.elanus.common.topk.Ranking;
import io.elanus.common.wal.Position;
import io.elanus.index.SearchParams;
import io.elanus.segment.column.RowBits;
import io.elanus.segment.delete.SegmentDeletes;
import io.elanus.segment.file.SegmentReader;
import io.elanus.segment.tail.TailBlock;
import io.elanus.segment.tail.TailView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/// A shard, or some segments of it, at one version, to be read by one request: all its reads agree. Work
/// is done on the calling thread. Holds references to its segments until closed.
public final class ShardSnapshot implements AutoCloseable {
  private final CollectionSchema schema;
  private final List<SegmentDeletes> segments;
  private final Elsewhere elsewhere;
  private final TailView tail;
  private final long version;
  private final List<Part> parts;
  private final AtomicBoolean closed = new AtomicBoolean();

  private ShardSnapshot(
      CollectionSchema schema,
      List<SegmentDeletes> segments,
      Elsewhere elsewhere,
      TailView tail,
      long version,
      List<Part> parts) {
    this.schema = schema;
    this.segments = segments;
    this.elsewhere = elsewhere;
    this.tail = tail;
    this.version = version;
    this.parts = parts;
  }

  /// @param segments the caller has a reference to each, which is given back by [#close]
  /// @param elsewhere segments of the shard that are not part of this
  /// @param tail holds every row and delete the segments do not know, up to `version` at least
  /// @param version to read at, from the checkpoint's horizon to the tail's `version`
  /// @throws IllegalArgumentException when the tail is not that far
  static ShardSnapshot of(
      CollectionSchema schema,
      List<SegmentDeletes> segments,
      Elsewhere elsewhere,
      TailView tail,
      long version) {
    if (version > tail.version()) {
      throw new IllegalArgumentException(
          "version %d is above %d".formatted(version, tail.version()));
    }
    List<SegmentDeletes> held = List.copyOf(segments);
    return tail.dropped()
        ? new ShardSnapshot(schema, held, Elsewhere.NOTHING, tail, version, List.of())
        : new ShardSnapshot(schema, held, elsewhere, tail, version, parts(held, tail, version));
  }

  /// Only these segments, as a holder reads them for the shard's leader.
  ///
  /// @param segments as for the whole shard; each knows all deletes through `version`
  /// @param expiredThrough rows up to this version are gone for this read
  /// @throws IllegalArgumentException when one does not
  public static ShardSnapshot of(
      CollectionSchema schema, List<SegmentDeletes> segments, long version, long expiredThrough) {
    for (SegmentDeletes segment : segments) {
      if (segment.through() < version) {
        throw new IllegalArgumentException(
            "segment %s knows deletes through %d, asked for %d"
                .formatted(segment.segment().entry().id(), segment.through(), version));
      }
    }
    Position nowhere = new Position(0, 0);
    Checkpoint at =
        new Checkpoint(
            nowhere,
            version,
            0,
            0,
            false,
            List.of(),
            List.of(),
            new Expiry(List.of(new Expiry.Step(version, Math.min(expiredThrough, version - 1)))));
    return of(schema, segments, Elsewhere.NOTHING, TailView.empty(schema, at), version);
  }

  private static List<Part> parts(List<SegmentDeletes> segments, TailView tail, long version) {
    long expired = tail.expiredThrough(version);
    List<Part> parts = new ArrayList<>();
    for (SegmentDeletes segment : segments) {
      if (segment.through() < version) {
        segment.advance(tail.deletes(segment.through(), tail.version()), tail.version());
      }
      parts.add(new Part.OfSegment(segment, version, expired));
    }
    long after = Math.max(tail.coveredFrom(), expired);
    int firstRow = 0;
    for (TailBlock block : tail.blocks()) {
      boolean complete = block != tail.blocks().getLast();
      parts.add(new Part.OfTail(block, firstRow, after, version, complete));
      firstRow += block.rowCount();
    }
    return parts;
  }

  public CollectionSchema schema() {
    return schema;
  }

  /// The version read at.
  public long version() {
    return version;
  }

  /// The segments that are read here.
  public List<SegmentReader> segments() {
    return segments.stream().map(SegmentDeletes::segment).toList();
  }

  /// Which rows are read here, of those the shard has.
  public Coverage coverage() {
    return new Coverage(
        version,
        point().coveredFrom(),
        tail.expiredThrough(version),
        segments().stream()
            .map(SegmentReader::entry)
            .filter(segment -> segment.minVersion() <= version)
            .map(SegmentEntry::id)
            .sorted()
            .toList(),
        tail.dropped());
  }

  /// Snapshots of one shard that have the same read the same rows.
  ///
  /// @param version read at
  /// @param coveredFrom later rows, up to that version, are in the tail
  /// @param expiredThrough rows up to it are gone
  /// @param segments that have rows of that version
  /// @param dropped whether there are none, as the collection is gone
  public record Coverage(
      long version,
      long coveredFrom,
      long expiredThrough,
      List<SegmentId> segments,
      boolean dropped) {}

  /// The segments of the shard that a read of it has to ask for elsewhere.
  public Elsewhere elsewhere() {
    return elsewhere;
  }

  /// How many rows a search of a field has to look at one by one.
  public long rowsWithoutIndex(long fieldId, Metric metric, SearchParams params, int k) {
    Field field = schema.requireField(fieldId);
    return parts.stream()
        .filter(part -> !part.hasIndex(field, metric, params, k))
        .mapToLong(part -> part.block().rowCount())
        .sum();
  }

  /// The first graph that is worth making, so many searches have missed it.
  public Optional<TailGraph> graphDue(long fieldId, Metric metric) {
    Field field = schema.requireField(fieldId);
    return parts.stream()
        .flatMap(part -> part.graph(field, metric).stream())
        .filter(TailGraph::isDue)
        .findFirst();
  }

  /// Where this is read, for those who hold the rest of the shard.
  public ReadPoint point() {
    return new ReadPoint(elsewhere.manifestVersion(), version, tail);
  }

  /// For each query its nearest keys, best first; of equal scores the smaller key first. A key's
  /// best row stands for it, or for it in each of its groups.
  ///
  /// @param heap asked for the hits before they are found
  public List<List<Hit>> search(SearchRequest request, Cancellation cancellation, HeapShare heap) {
    List<VectorSource> sources = sources(request, cancellation);
    return request
        .groups()
        .map(groups -> new GroupSearch(request, groups, sources, cancellation, heap).run())
        .orElseGet(() -> new VectorSearch(request, sources, cancellation, heap).run());
  }

  /// The ranking of the one query, from where its page begins: to the end of the page at least, and farther for as much as is known.
  ///
  /// @param request not for groups
  /// @param ahead hits after those of the page that are wanted, too, more or less
  public Ranking<Hit> ranking(
      SearchRequest request, int ahead, Cancellation cancellation, HeapShare heap) {
    List<VectorSource> sources = sources(request, cancellation);
    return new PageSearch(request, sources, ahead, cancellation, heap).run();
  }

  private List<VectorSource> sources(SearchRequest request, Cancellation cancellation) {
    Condition condition = condition(request.filter());
    Field field = schema.requireField(request.fieldId());
    List<VectorSource> sources = new ArrayList<>();
    for (Part part : parts) {
      cancellation.check();
      long[] rows = matching(part, condition, request.partitions());
      if (RowBits.count(rows) > 0) {
        VectorSource.of(part, field, request, rows).ifPresent(sources::add);
      }
    }
    return sources;
  }

  /// The first `limit` keys that match, in their order; of each key its newest matching row.
  ///
  /// @param partitions all when empty
  /// @param heap asked for the addresses before they are gathered
  public List<RowAddress> query(
      Expr filter,
      Set<PartitionId> partitions,
      int limit,
      Cancellation cancellation,
      HeapShare heap) {
    Condition condition = condition(filter);
    FirstKeys first = new FirstKeys(limit, heap);
    for (Part part : parts) {
      cancellation.check();
      first.add(part, matching(part, condition, partitions));
    }
    return first.addresses();
  }

  /// Rows that match; two rows of one key count twice.
  public long count(Expr filter, Set<PartitionId> partitions, Cancellation cancellation) {
    Condition condition = condition(filter);
    long count = 0;
    for (Part part : parts) {
      cancellation.check();
      count += RowBits.count(matching(part, condition, partitions));
    }
    return count;
  }

  /// The keys of all matching rows, each once, in their order: what a delete by expression removes.
  public KeyColumn keysMatching(
      Expr filter, Set<PartitionId> partitions, Cancellation cancellation) {
    return KeyColumns.of(
        schema.primaryKey(),
        query(filter, partitions, Integer.MAX_VALUE, cancellation, HeapShare.UNCOUNTED));
  }

  /// The values of `fieldIds` for the rows at `addresses`, in that order.
  ///
  /// @throws io.elanus.common.error.DbException `SEGMENT_NOT_LOADED` when a row is not here: the
  ///     request runs again on a new snapshot
  public RowBatch fetch(List<RowAddress> addresses, List<Long> fieldIds) {
    return fetch(addresses, fieldIds, HeapShare.UNCOUNTED);
  }

  /// As [#fetch(List, List)].
  ///
  /// @param heap asked once for the bytes of all values, before they are copied
  public RowBatch fetch(List<RowAddress> addresses, List<Long> fieldIds, HeapShare heap) {
    List<Field> fields = fieldIds.stream().map(schema::requireField).toList();
    return new RowFetch(parts).fetch(addresses, fields, heap);
  }

  private Condition condition(Expr filter) {
    return Condition.of(filter, schema.primaryKey());
  }

  private static long[] matching(Part part, Condition condition, Set<PartitionId> partitions) {
    long[] visible = part.visible(partitions);
    return visible.length == 0 ? visible : condition.matching(part.block(), visible);
  }

  /// Gives the segments back, once.
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      segments.forEach(segment -> segment.segment().release());
    }
  }
}
