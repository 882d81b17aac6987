package io.elanus.querynode;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.expr.Expr;
import io.elanus.common.expr.FieldRefs;
import io.elanus.common.memory.HeapShare;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Field;
import io.elanus.common.model.Key;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.ShardId;
import io.elanus.proto.internal.Freshness;
import io.elanus.proto.internal.QuerySegmentsRequest;
import io.elanus.proto.internal.QuerySegmentsResponse;
import io.elanus.proto.internal.QueryShardRequest;
import io.elanus.proto.internal.QueryShardResponse;
import io.elanus.proto.internal.SegmentsRead;
import io.elanus.rpc.codec.ExprCodec;
import io.elanus.rpc.internal.QueryNodeApi;
import io.elanus.segment.shard.Cancellation;
import io.elanus.segment.shard.RowAddress;
import io.elanus.segment.shard.ShardSnapshot;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A query on its way through a snapshot: decodes the plan, counts or selects, fetches the fields.
record ShardQuery(QueryShardRequest request) implements ShardReading<QueryShardResponse> {
  /// Key, version and address of a row; an estimate.
  private static final long ROW_BYTES = 32;

  /// A scalar's value; an estimate that errs on the small side, [AnswerBytes] looks again.
  private static final long FIELD_BYTES = 8;

  @Override
  public ShardId shard() {
    return new ShardId(new CollectionId(request.getCollectionId()), request.getShard());
  }

  @Override
  public Freshness freshness() {
    return request.getFreshness();
  }

  @Override
  public Planned planned() {
    return new Planned(request.getCollectionVersion(), request.getDdlSequence());
  }

  @Override
  public OptionalLong asOf() {
    return request.getAsOf() == 0 ? OptionalLong.empty() : OptionalLong.of(request.getAsOf());
  }

  @Override
  public Set<PartitionId> partitions() {
    return request.getPartitionIdsList().stream().map(PartitionId::new).collect(Collectors.toSet());
  }

  @Override
  public Optional<Probing> probing() {
    return Optional.empty();
  }

  @Override
  public Set<Long> fieldIds() {
    Set<Long> ids = new TreeSet<>(request.getOutputFieldIdsList());
    ids.addAll(FieldRefs.of(filter()));
    return ids;
  }

  private Expr filter() {
    return request.hasFilter() ? ExprCodec.decode(request.getFilter()) : Expr.ALWAYS;
  }

  @Override
  public QueryShardResponse here(
      ShardSnapshot snapshot, Cancellation cancellation, HeapShare heap) {
    Expr filter = filter();
    QueryShardResponse.Builder response =
        QueryShardResponse.newBuilder().setReadVersion(snapshot.version());
    if (request.getCountOnly()) {
      return response.setRowCount(snapshot.count(filter, partitions(), cancellation)).build();
    }
    int most = mostRows(snapshot.schema());
    List<RowAddress> addresses =
        snapshot.query(filter, partitions(), limit(most), cancellation, heap);
    requireAtMost(most, addresses.size());
    addresses.forEach(
        address -> response.addVersions(address.version()).addIndexes(address.index()));
    ShardRows rows = ShardRows.fetch(snapshot, addresses, request.getOutputFieldIdsList(), heap);
    return response
        .setRowCount(addresses.size())
        .setKeys(rows.keys())
        .addAllColumns(rows.columns())
        .build();
  }

  @Override
  public Answer<QueryShardResponse> there(QueryNodeApi holder, SegmentsRead read) {
    QuerySegmentsResponse response =
        holder.querySegments(
            QuerySegmentsRequest.newBuilder().setRead(read).setQuery(request).build());
    return response.hasLacking()
        ? new Answer.Lacking<>(response.getLacking())
        : new Answer.Found<>(response.getFound());
  }

  /// Each part has its first keys, so the first of all parts are the first of all.
  @Override
  public QueryShardResponse merge(List<QueryShardResponse> parts, CollectionSchema schema) {
    QueryShardResponse.Builder response =
        QueryShardResponse.newBuilder().setReadVersion(parts.getFirst().getReadVersion());
    if (request.getCountOnly()) {
      return response
          .setRowCount(parts.stream().mapToLong(QueryShardResponse::getRowCount).sum())
          .build();
    }
    KeyColumn keys =
        ShardRows.keys(schema, parts.stream().map(QueryShardResponse::getKeys).toList());
    List<Version> versions = parts.stream().flatMap(Version::of).toList();
    int most = mostRows(schema);
    int[] chosen = firstKeys(keys, versions, limit(most));
    requireAtMost(most, chosen.length);
    for (int row : chosen) {
      response.addVersions(versions.get(row).version()).addIndexes(versions.get(row).index());
    }
    ShardRows rows =
        ShardRows.select(
            schema,
            keys,
            parts.stream().map(QueryShardResponse::getColumnsList).toList(),
            request.getOutputFieldIdsList(),
            chosen);
    return response
        .setRowCount(chosen.length)
        .setKeys(rows.keys())
        .addAllColumns(rows.columns())
        .build();
  }

  /// Among rows of one key the last one wins.
  private record Version(long version, int index) {
    static final Comparator<Version> ORDER =
        Comparator.comparingLong(Version::version).thenComparingInt(Version::index);

    static Stream<Version> of(QueryShardResponse part) {
      return IntStream.range(0, part.getVersionsCount())
          .mapToObj(row -> new Version(part.getVersions(row), part.getIndexes(row)));
    }
  }

  /// The newest rows of the first `limit` keys, in their order.
  private static int[] firstKeys(KeyColumn keys, List<Version> versions, int limit) {
    TreeMap<Key, Integer> newest = new TreeMap<>();
    for (int row = 0; row < versions.size(); row++) {
      newest.merge(
          keys.key(row),
          row,
          (a, b) -> Version.ORDER.compare(versions.get(a), versions.get(b)) < 0 ? b : a);
    }
    return newest.values().stream().mapToInt(Integer::intValue).limit(limit).toArray();
  }

  private static void requireAtMost(int most, int rows) {
    if (rows > most) {
      throw ErrorCode.PARAMETER_TOO_LARGE.because(
          "query results exceed the limit of %d bytes, about %d rows of these fields: use a limit",
          AnswerBytes.MAX, most);
    }
  }

  /// Rows of the fields asked for that fit an answer.
  private int mostRows(CollectionSchema schema) {
    long rowBytes =
        ROW_BYTES
            + request.getOutputFieldIdsList().stream()
                .map(schema::requireField)
                .mapToLong(ShardQuery::leastBytes)
                .sum();
    return (int) (AnswerBytes.MAX / rowBytes);
  }

  private static long leastBytes(Field field) {
    return switch (field.type().form()) {
      case FLOAT_VECTOR -> 4L * field.dimension();
      case BYTE_VECTOR -> field.vectorBytes();
      case BOOL, INT32, INT64, FLOAT, DOUBLE, TEXT, BYTES, LIST -> FIELD_BYTES;
    };
  }

  /// Without a limit one row more than fits, so that it shows.
  private int limit(int most) {
    long limit = request.getLimit() == 0 ? Long.MAX_VALUE : request.getLimit();
    return (int) Math.min(limit, most + 1L);
  }
}
