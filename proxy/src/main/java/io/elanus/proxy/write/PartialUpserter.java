package io.elanus.proxy.write;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.expr.Expr;
import io.elanus.common.expr.Literal;
import io.elanus.common.expr.Operand;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Field;
import io.elanus.common.model.Key;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.RowBatch;
import io.elanus.common.model.ShardId;
import io.elanus.common.record.LogRecord;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.Freshness;
import io.elanus.proto.internal.QueryShardRequest;
import io.elanus.proto.internal.QueryShardResponse;
import io.elanus.proto.internal.WriteVerdict;
import io.elanus.proto.internal.WriteVerdictsRequest;
import io.elanus.proto.internal.WriteVerdictsResponse;
import io.elanus.proto.milvus.FieldPartialUpdateOp;
import io.elanus.proto.milvus.UpsertRequest;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.catalog.CollectionCache;
import io.elanus.proxy.catalog.LoadedPart;
import io.elanus.proxy.catalog.Loads;
import io.elanus.proxy.read.ShardCalls;
import io.elanus.proxy.write.ConfirmedWrite.Done;
import io.elanus.proxy.write.LogWriter.Appended;
import io.elanus.proxy.write.RecordSplit.Part;
import io.elanus.rpc.codec.ExprCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// Upserts that give some fields only. The rows are read, merged, and appended with the version they were read at:
/// every consumer of the log refuses a record of which a key may have been written since, and a leader says what
/// became of it. What was refused is read again, then with one record per row, so that a busy key keeps no other.
///
/// ```
/// read 1 2 3 at 90   append (1 2 3 | 90)   refused   read 1 2 3 at 95   append (1|95) (2|95) (3|95)
/// ```
public final class PartialUpserter {
  /// A key that loses so many races in a row is written all the time.
  private static final int MAX_TRIES = 20;

  /// Records of one row each that are on their way at once.
  private static final int MAX_ALONE = 256;

  private static final Backoff AGAIN = new Backoff(Duration.ofMillis(5), Duration.ofMillis(500));

  private final Run run;
  private final CollectionCache collections;
  private final ConfirmedWrite writes;
  private final LogWriter log;
  private final RowIds ids;
  private final Loads loads;
  private final ShardCalls shards;

  /// What all writes of a proxy share.
  public record Tools(
      CollectionCache collections, ConfirmedWrite writes, LogWriter log, RowIds ids) {}

  public PartialUpserter(Run run, Tools tools, Loads loads, ShardCalls shards) {
    this.run = run;
    this.collections = tools.collections();
    this.writes = tools.writes();
    this.log = tools.log();
    this.ids = tools.ids();
    this.loads = loads;
    this.shards = shards;
  }

  /// @param keys that the rows have from now on
  /// @param rows which rows of the request these are
  /// @param parts which of them each draft has
  private record Merged(
      Collection collection, KeyColumn keys, int[] rows, List<int[]> parts, List<Draft> drafts)
      implements ConfirmedWrite.Prepared {}

  /// @throws DbException `COLLECTION_NOT_LOADED`; `SERVICE_UNAVAILABLE` when others wrote the keys again and again;
  ///     `OUTCOME_UNKNOWN` when some rows are written and others not, or nobody knows
  Mutation upsert(String database, UpsertRequest request, Deadline deadline) {
    requireReplacing(request.getFieldOpsList());
    Map<Integer, Key> written = new HashMap<>();
    Optional<int[]> refused = Optional.empty();
    int fruitless = 0;
    while (fruitless < MAX_TRIES) {
      try {
        int before = written.size();
        Optional<int[]> waiting = refused;
        Optional<int[]> pending = waiting.map(PartialUpserter::first);
        Done<Merged> done =
            writes.run(
                deadline,
                () ->
                    collections.with(
                        database,
                        request.getCollectionName(),
                        view -> prepare(view.collection(), request, pending, deadline)));
        int[] again = settle(done, written, deadline);
        refused = Optional.of(waiting.map(all -> without(all, written)).orElse(again));
        if (refused.get().length == 0) {
          return new Mutation(keys(done.prepared().collection(), written), done.timestamp());
        }
        fruitless = written.size() > before ? 0 : fruitless + 1;
        run.sleep(AGAIN.fullJitter(fruitless + 1, run.random()));
      } catch (DbException e) {
        throw written.isEmpty() ? e : partly(written.size(), e);
      }
    }
    DbException lost =
        ErrorCode.SERVICE_UNAVAILABLE.because(
            "%d rows were written by others while they were merged, %d times in a row: %s",
            refused.map(rows -> rows.length).orElse(0),
            MAX_TRIES,
            ErrorCode.SERVICE_UNAVAILABLE.text());
    throw written.isEmpty() ? lost : partly(written.size(), lost);
  }

  /// As many as a leader certainly remembers.
  private static int[] first(int[] rows) {
    return Arrays.copyOf(rows, Math.min(rows.length, MAX_ALONE));
  }

  private static int[] without(int[] rows, Map<Integer, Key> written) {
    return IntStream.of(rows).filter(row -> !written.containsKey(row)).toArray();
  }

  private static void requireReplacing(List<FieldPartialUpdateOp> ops) {
    for (FieldPartialUpdateOp op : ops) {
      if (op.getOp() != FieldPartialUpdateOp.OpType.REPLACE) {
        throw Invalid.notServed("%s of field %s".formatted(op.getOp(), op.getFieldName()));
      }
    }
  }

  private static DbException partly(int rows, DbException cause) {
    return new DbException(
        ErrorCode.OUTCOME_UNKNOWN,
        "%d rows are written, the others may be: %s: %s"
            .formatted(rows, cause.text(), ErrorCode.OUTCOME_UNKNOWN.text()),
        cause);
  }

  /// In the order of the request.
  private static KeyColumn keys(Collection collection, Map<Integer, Key> written) {
    List<Key> keys =
        IntStream.range(0, written.size()).mapToObj(row -> required(written, row)).toList();
    return KeyColumns.of(collection.schema().primaryKey(), keys);
  }

  private static Key required(Map<Integer, Key> written, int row) {
    return Optional.ofNullable(written.get(row)).orElseThrow();
  }

  private Merged prepare(
      Collection collection, UpsertRequest request, Optional<int[]> pending, Deadline deadline) {
    RowWriter.checkSchemaTimestamp(collection, request.getSchemaTimestamp());
    CollectionSchema schema = collection.schema();
    RowBatch given = given(collection, request);
    int[] wanted = pending.orElseGet(() -> IntStream.range(0, given.rowCount()).toArray());
    RowBatch rows = given.select(wanted);
    KeyColumn replaced = rows.keys(schema);
    StoredRows stored = read(collection, replaced, readFields(schema, given), deadline);
    var columns = RowMerge.merge(schema, rows, stored);
    int[] owners = KeyColumns.shards(replaced, collection.shardCount());
    Field primaryKey = schema.primaryKey();
    if (primaryKey.autoId()) {
      columns.put(
          primaryKey.id(),
          KeyColumns.of(primaryKey, ids.keys(primaryKey, owners, collection.shardCount())));
    }
    RowBatch merged = new RowBatch(wanted.length, columns);
    RowPartitions partitions = RowPartitions.of(collection, request.getPartitionName(), merged);
    int[] groups = partitions.groups(owners);
    List<Part> parts = pending.isPresent() ? oneByOne(groups) : together(merged, replaced, groups);
    return new Merged(
        collection,
        merged.keys(schema),
        wanted,
        parts.stream().map(Part::rows).toList(),
        parts.stream()
            .map(part -> draft(collection, partitions, part, replaced, merged, stored))
            .toList());
  }

  private static RowBatch given(Collection collection, UpsertRequest request) {
    Field primaryKey = collection.schema().primaryKey();
    var columns =
        RowDecoder.decodeGiven(collection, request.getFieldsDataList(), request.getNumRows());
    if (!columns.containsKey(primaryKey.id())) {
      throw Invalid.parameter("must assign pk when upsert, primary field: %s", primaryKey.name());
    }
    RowBatch given = new RowBatch(request.getNumRows(), columns);
    KeyColumns.requireDistinct(given.keys(collection.schema()));
    return given;
  }

  /// Those that are not given, and undeclared keys, which are merged.
  private static List<Long> readFields(CollectionSchema schema, RowBatch given) {
    return schema.fields().stream()
        .filter(field -> field.dynamic() || !given.columns().containsKey(field.id()))
        .map(Field::id)
        .toList();
  }

  private StoredRows read(
      Collection collection, KeyColumn keys, List<Long> fieldIds, Deadline deadline) {
    LoadedPart.whole(loads, collection, List.of())
        .require(collection.schema(), new TreeSet<>(fieldIds));
    QueryShardRequest plan =
        QueryShardRequest.newBuilder()
            .setCollectionId(collection.id().value())
            .setCollectionVersion(collection.version())
            .setDdlSequence(collection.ddlSequence())
            .setFreshness(Freshness.newBuilder().setLevel(Freshness.Level.STRONG))
            .setFilter(ExprCodec.encode(in(collection.schema().primaryKey(), keys)))
            .addAllOutputFieldIds(fieldIds)
            .build();
    List<QueryShardResponse> answers =
        shards.all(
            collection,
            deadline,
            (node, shard, cold) ->
                node.query(plan.toBuilder().setShard(shard.index()).setCold(cold).build()));
    return StoredRows.of(collection.schema(), fieldIds, answers);
  }

  private static Expr in(Field primaryKey, KeyColumn keys) {
    List<Literal> values = new ArrayList<>();
    for (int row = 0; row < keys.rowCount(); row++) {
      values.add(
          switch (keys.key(row)) {
            case Key.LongKey(long value) -> new Literal.IntLiteral(value);
            case Key.TextKey(String value) -> new Literal.TextLiteral(value);
          });
    }
    return new Expr.In(new Operand.FieldRef(primaryKey.id(), primaryKey.type()), values);
  }

  private List<Part> together(RowBatch merged, KeyColumn replaced, int[] groups) {
    List<Column> columns = new ArrayList<>(merged.columns().values());
    columns.add(replaced);
    return RecordSplit.split(columns, groups, log.maxRecordBytes());
  }

  private static List<Part> oneByOne(int[] groups) {
    return IntStream.range(0, groups.length)
        .mapToObj(row -> new Part(groups[row], new int[] {row}))
        .toList();
  }

  private static Draft draft(
      Collection collection,
      RowPartitions partitions,
      Part part,
      KeyColumn replaced,
      RowBatch merged,
      StoredRows stored) {
    int shard = partitions.shard(part.shard());
    PartitionId partition = partitions.partition(part.shard());
    KeyColumn old = replaced.select(part.rows());
    RowBatch rows = merged.select(part.rows());
    Optional<Long> readAt = Optional.of(stored.versions().get(shard));
    return new Draft(
        collection.shard(shard),
        header -> new LogRecord.Upsert(header, partition, old, rows, readAt));
  }

  /// Asks what became of the records.
  ///
  /// @return the rows that were refused
  private int[] settle(Done<Merged> done, Map<Integer, Key> written, Deadline deadline) {
    Merged merged = done.prepared();
    Map<Appended, WriteVerdict> verdicts = verdicts(done, deadline);
    List<Integer> refused = new ArrayList<>();
    int unknown = 0;
    for (int i = 0; i < done.appended().size(); i++) {
      WriteVerdict verdict =
          verdicts.getOrDefault(done.appended().get(i), WriteVerdict.VERDICT_UNKNOWN);
      for (int row : merged.parts().get(i)) {
        switch (verdict) {
          case TOOK_EFFECT -> written.put(merged.rows()[row], merged.keys().key(row));
          case REFUSED -> refused.add(merged.rows()[row]);
          case VERDICT_UNKNOWN, UNRECOGNIZED -> unknown++;
        }
      }
    }
    if (unknown > 0) {
      throw unknown("nobody knows what became of %d rows".formatted(unknown), Optional.empty());
    }
    return refused.stream().mapToInt(Integer::intValue).sorted().toArray();
  }

  private Map<Appended, WriteVerdict> verdicts(Done<Merged> done, Deadline deadline) {
    Collection collection = done.prepared().collection();
    Map<ShardId, List<Appended>> byShard = new HashMap<>();
    for (Appended record : done.appended()) {
      byShard.computeIfAbsent(record.shard(), _ -> new ArrayList<>()).add(record);
    }
    List<WriteVerdictsResponse> answers;
    try {
      answers =
          shards.all(
              collection,
              deadline,
              (node, shard, cold) -> {
                List<Appended> asked = byShard.getOrDefault(shard, List.of());
                return asked.isEmpty()
                    ? WriteVerdictsResponse.getDefaultInstance()
                    : node.writeVerdicts(question(asked).setCold(cold).build());
              });
    } catch (DbException e) {
      throw unknown(e.text(), Optional.of(e));
    }
    Map<Appended, WriteVerdict> verdicts = new HashMap<>();
    byShard.forEach((shard, asked) -> {
      WriteVerdictsResponse answer = answers.get(shard.index());
      for (int i = 0; i < Math.min(asked.size(), answer.getVerdictsCount()); i++) {
        verdicts.put(asked.get(i), answer.getVerdicts(i));
      }
    });
    return verdicts;
  }

  private static WriteVerdictsRequest.Builder question(List<Appended> asked) {
    Appended first = asked.getFirst();
    return WriteVerdictsRequest.newBuilder()
        .setCollectionId(first.shard().collection().value())
        .setShard(first.shard().index())
        .setWriter(first.writer())
        .addAllSequences(asked.stream().map(Appended::sequence).toList());
  }

  private static DbException unknown(String why, Optional<DbException> cause) {
    return new DbException(
        ErrorCode.OUTCOME_UNKNOWN,
        "the write may have taken effect, read before writing again (%s): %s"
            .formatted(why, ErrorCode.OUTCOME_UNKNOWN.text()),
        cause.orElse(null));
  }
}
