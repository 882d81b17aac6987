package io.elanus.proxy;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.expr.Expr;
import io.elanus.common.expr.Literal;
import io.elanus.common.expr.Operand;
import io.elanus.common.model.Collection;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Columns;
import io.elanus.common.model.Field;
import io.elanus.common.model.Key;
import io.elanus.common.model.RowBatch;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.run.Deadline;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Wal;
import io.elanus.common.wal.Wal.WalReader;
import io.elanus.common.wal.Wal.WalRecord;
import io.elanus.proto.internal.NodeStatusRequest;
import io.elanus.proto.internal.NodeStatusResponse;
import io.elanus.proto.internal.PrepareSegmentsRequest;
import io.elanus.proto.internal.PrepareSegmentsResponse;
import io.elanus.proto.internal.QuerySegmentsRequest;
import io.elanus.proto.internal.QuerySegmentsResponse;
import io.elanus.proto.internal.QueryShardRequest;
import io.elanus.proto.internal.QueryShardResponse;
import io.elanus.proto.internal.ScoreRange;
import io.elanus.proto.internal.SearchSegmentsRequest;
import io.elanus.proto.internal.SearchSegmentsResponse;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proto.internal.SearchShardResponse;
import io.elanus.proto.internal.WriteVerdict;
import io.elanus.proto.internal.WriteVerdictsRequest;
import io.elanus.proto.internal.WriteVerdictsResponse;
import io.elanus.rpc.codec.ExprCodec;
import io.elanus.rpc.codec.FieldDataCodec;
import io.elanus.rpc.codec.KeysCodec;
import io.elanus.rpc.internal.QueryNodeApi;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// A query node that replays the log for every call and compares with every row. Knows equality, `in`
/// and L2.
final class MemoryShards implements QueryNodeApi {
  private record Row(Key key, RowBatch batch, int index) {
    Column column(long fieldId) {
      return Objects.requireNonNull(batch.columns().get(fieldId));
    }

    /// Of this row alone, which may be there longer than the field.
    Column value(Field field) {
      return batch.columns().containsKey(field.id())
          ? column(field.id()).select(new int[] {index})
          : Columns.absent(field, 1);
    }
  }

  private final Wal wal;
  private final Function<Long, Collection> collections;
  private int refusals;

  MemoryShards(Wal wal, Function<Long, Collection> collections) {
    this.wal = wal;
    this.collections = collections;
  }

  /// The next calls answer as a node does that has lost the shard.
  synchronized void refuse(int calls) {
    refusals = calls;
  }

  private synchronized void mayRefuse() {
    if (refusals > 0) {
      refusals--;
      throw ErrorCode.NODE_NOT_MATCH.because("not the leader");
    }
  }

  @Override
  public SearchShardResponse search(SearchShardRequest request) {
    mayRefuse();
    Collection collection = collections.apply(request.getCollectionId());
    List<Row> rows = rows(collection, request.getShard(), request.getAsOf());
    if (request.hasFilter()) {
      Expr filter = ExprCodec.decode(request.getFilter());
      rows = rows.stream().filter(row -> matches(filter, row, collection)).toList();
    }
    FloatBuffer vectors =
        request.getVectors().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    SearchShardResponse.Builder response = SearchShardResponse.newBuilder();
    List<Row> hits = new ArrayList<>();
    int dimension = vectors.remaining() / request.getVectorCount();
    for (int query = 0; query < request.getVectorCount(); query++) {
      float[] vector = new float[dimension];
      vectors.get(vector);
      List<Row> best =
          rows.stream()
              .sorted(
                  Comparator.<Row>comparingDouble(row -> l2(row, request.getFieldId(), vector))
                      .thenComparing(Row::key))
              .toList();
      best = page(request, best, row -> l2(row, request.getFieldId(), vector));
      best.forEach(row -> response.addScores(l2(row, request.getFieldId(), vector)));
      response.addHitCounts(best.size());
      hits.addAll(best);
    }
    response.setKeys(KeysCodec.encode(keys(collection, hits)));
    for (long field : request.getOutputFieldIdsList()) {
      response.addColumns(
          FieldDataCodec.encode(
              collection.schema().requireField(field), column(collection, field, hits)));
    }
    return response.build();
  }

  private static List<Row> page(
      SearchShardRequest request, List<Row> sorted, ToDoubleFunction<Row> score) {
    ScoreRange range = request.getScores();
    List<Row> wanted =
        sorted.stream()
            .filter(row -> !range.hasFrom() || score.applyAsDouble(row) > range.getFrom())
            .filter(row -> !range.hasUntil() || score.applyAsDouble(row) < range.getUntil())
            .toList();
    int end = Math.min(request.getLimit(), wanted.size());
    while (request.getWithTies()
        && end > 0
        && end < wanted.size()
        && score.applyAsDouble(wanted.get(end)) == score.applyAsDouble(wanted.get(end - 1))) {
      end++;
    }
    return wanted.subList(0, end);
  }

  @Override
  public QueryShardResponse query(QueryShardRequest request) {
    mayRefuse();
    Collection collection = collections.apply(request.getCollectionId());
    Expr filter = request.hasFilter() ? ExprCodec.decode(request.getFilter()) : Expr.ALWAYS;
    Replay replay = replay(collection, request.getShard(), request.getAsOf());
    List<Row> rows =
        replay.rows().stream()
            .filter(row -> matches(filter, row, collection))
            .sorted(Comparator.comparing(Row::key))
            .limit(request.getLimit() == 0 ? Long.MAX_VALUE : request.getLimit())
            .toList();
    QueryShardResponse.Builder response =
        QueryShardResponse.newBuilder().setRowCount(rows.size()).setReadVersion(replay.version());
    if (!request.getCountOnly()) {
      response.setKeys(KeysCodec.encode(keys(collection, rows)));
      for (long field : request.getOutputFieldIdsList()) {
        response.addColumns(
            FieldDataCodec.encode(
                collection.schema().requireField(field), column(collection, field, rows)));
      }
    }
    return response.build();
  }

  @Override
  public NodeStatusResponse nodeStatus(NodeStatusRequest request) {
    return NodeStatusResponse.getDefaultInstance();
  }

  @Override
  public SearchSegmentsResponse searchSegments(SearchSegmentsRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public QuerySegmentsResponse querySegments(QuerySegmentsRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public PrepareSegmentsResponse prepareSegments(PrepareSegmentsRequest request) {
    throw new UnsupportedOperationException();
  }

  /// @param asOf only what came before this Mark; all for 0
  private List<Row> rows(Collection collection, int shard, long asOf) {
    return replay(collection, shard, asOf).rows();
  }

  @Override
  public WriteVerdictsResponse writeVerdicts(WriteVerdictsRequest request) {
    Collection collection = collections.apply(request.getCollectionId());
    Map<Long, Boolean> verdicts = replay(collection, request.getShard(), 0).verdicts();
    return WriteVerdictsResponse.newBuilder()
        .addAllVerdicts(
            request.getSequencesList().stream()
                .map(sequence ->
                    Optional.ofNullable(verdicts.get(sequence))
                        .map(yes -> yes ? WriteVerdict.TOOK_EFFECT : WriteVerdict.REFUSED)
                        .orElse(WriteVerdict.VERDICT_UNKNOWN))
                .toList())
        .build();
  }

  /// @param version of the last record that was read
  /// @param verdicts of partial upserts, by sequence; there is one writer
  private record Replay(List<Row> rows, long version, Map<Long, Boolean> verdicts) {}

  private Replay replay(Collection collection, int shard, long asOf) {
    List<Row> rows = new ArrayList<>();
    Map<Long, Boolean> verdicts = new HashMap<>();
    Map<Key, Long> written = new HashMap<>();
    long version = 0;
    for (WalRecord raw : raw(collection.log(collection.shard(shard)))) {
      LogRecord record = RecordCodec.decode(raw.bytes());
      if (!record.header().shard().equals(collection.shard(shard))) {
        continue;
      }
      if (record instanceof LogRecord.Mark(_, long mark) && mark == asOf) {
        return new Replay(rows, version, verdicts);
      }
      version = raw.next().offset();
      switch (record) {
        case LogRecord.Insert insert -> {
          note(insert.rows().keys(collection.schema()), version, written);
          add(collection, insert.rows(), rows);
        }
        case LogRecord.Upsert upsert -> {
          boolean current =
              upsert.readAt().isEmpty()
                  || newest(upsert.replaced(), written) <= upsert.readAt().get();
          verdicts.put(record.header().sequence(), current);
          if (current) {
            note(upsert.replaced(), version, written);
            remove(upsert.replaced(), rows);
            add(collection, upsert.rows(), rows);
          }
        }
        case LogRecord.Delete delete -> {
          note(delete.keys(), version, written);
          remove(delete.keys(), rows);
        }
        case LogRecord.DropCollection _,
            LogRecord.Truncate _,
            LogRecord.DropPartition _,
            LogRecord.Rename _,
            LogRecord.ImportCommit _,
            LogRecord.AddField _,
            LogRecord.Expire _,
            LogRecord.Mark _,
            LogRecord.Barrier _ -> {}
      }
    }
    if (asOf != 0) {
      throw ErrorCode.INVALID_PARAMETER.because("no mark %d", asOf);
    }
    return new Replay(rows, version, verdicts);
  }

  private static void note(KeyColumn keys, long version, Map<Key, Long> written) {
    for (int i = 0; i < keys.rowCount(); i++) {
      written.put(keys.key(i), version);
    }
  }

  private static long newest(KeyColumn keys, Map<Key, Long> written) {
    long newest = 0;
    for (int i = 0; i < keys.rowCount(); i++) {
      newest = Math.max(newest, written.getOrDefault(keys.key(i), 0L));
    }
    return newest;
  }

  /// Everything a log holds.
  List<LogRecord> records(LogId log) {
    return raw(log).stream().map(record -> RecordCodec.decode(record.bytes())).toList();
  }

  private List<WalRecord> raw(LogId log) {
    List<WalRecord> records = new ArrayList<>();
    try (WalReader reader = wal.tail(log, wal.start(log))) {
      while (reader.position().isBefore(wal.end(log))) {
        records.addAll(reader.poll(Deadline.NEVER));
      }
    }
    return records;
  }

  private static void add(Collection collection, RowBatch batch, List<Row> rows) {
    KeyColumn keys = batch.keys(collection.schema());
    for (int i = 0; i < batch.rowCount(); i++) {
      rows.add(new Row(keys.key(i), batch, i));
    }
  }

  private static void remove(KeyColumn keys, List<Row> rows) {
    for (int i = 0; i < keys.rowCount(); i++) {
      Key key = keys.key(i);
      rows.removeIf(row -> row.key().equals(key));
    }
  }

  private static boolean matches(Expr filter, Row row, Collection collection) {
    return switch (filter) {
      case Expr.Constant(boolean value) -> value;
      case Expr.And(List<Expr> operands) ->
          operands.stream().allMatch(operand -> matches(operand, row, collection));
      case Expr.Compare(
              Operand.FieldRef field,
              Expr.Comparison comparison,
              Literal.IntLiteral(long right))
          when comparison == Expr.Comparison.GREATER ->
          value(row, field, collection) instanceof Literal.IntLiteral(long left) && left > right;
      case Expr.Compare(Operand.FieldRef field, Expr.Comparison _, Literal value) ->
          value(row, field, collection).equals(value);
      case Expr.In(Operand.FieldRef field, List<Literal> values) ->
          values.contains(value(row, field, collection));
      default -> throw new IllegalArgumentException("cannot evaluate " + filter);
    };
  }

  private static Literal value(Row row, Operand.FieldRef ref, Collection collection) {
    Field field = collection.schema().requireField(ref.fieldId());
    KeyColumn column = (KeyColumn) row.batch().column(field);
    return switch (column.key(row.index())) {
      case Key.LongKey(long value) -> new Literal.IntLiteral(value);
      case Key.TextKey(String value) -> new Literal.TextLiteral(value);
    };
  }

  private static float l2(Row row, long fieldId, float[] vector) {
    FloatVectorColumn column = (FloatVectorColumn) row.column(fieldId);
    float sum = 0;
    for (int i = 0; i < vector.length; i++) {
      float difference = column.values()[row.index() * vector.length + i] - vector[i];
      sum += difference * difference;
    }
    return sum;
  }

  private static KeyColumn keys(Collection collection, List<Row> rows) {
    return (KeyColumn) column(collection, collection.schema().primaryKey().id(), rows);
  }

  private static Column column(Collection collection, long fieldId, List<Row> rows) {
    Field field = collection.schema().requireField(fieldId);
    return rows.isEmpty()
        ? Columns.empty(field)
        : Columns.concat(rows.stream().map(row -> row.value(field)).toList());
  }
}
