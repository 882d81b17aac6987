package io.elanus.proxy.read;

import io.elanus.common.expr.Expr;
import io.elanus.common.expr.Literal;
import io.elanus.common.expr.Operand;
import io.elanus.common.model.Collection;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Columns;
import io.elanus.common.model.Field;
import io.elanus.common.model.Key;
import io.elanus.common.model.NullableColumn;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.Freshness;
import io.elanus.proto.internal.QueryShardRequest;
import io.elanus.proto.internal.QueryShardResponse;
import io.elanus.proto.milvus.IDs;
import io.elanus.proxy.Invalid;
import io.elanus.rpc.codec.ExprCodec;
import io.elanus.rpc.codec.FieldDataCodec;
import io.elanus.rpc.codec.KeysCodec;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The vectors of rows that are named by their keys, for searches that start from stored rows.
public final class KeyVectors {
  private final Run run;
  private final ShardCalls shards;

  public KeyVectors(Run run, ShardCalls shards) {
    this.run = run;
    this.shards = shards;
  }

  /// In the order of `ids`.
  QueryVectors find(Collection collection, Field field, IDs ids, Deadline deadline) {
    Field primaryKey = collection.schema().primaryKey();
    KeyColumn wanted = KeysCodec.decode(primaryKey, ids);
    ReadLimits.checkQueryCount(wanted.rowCount());
    QueryShardRequest plan =
        QueryShardRequest.newBuilder()
            .setCollectionId(collection.id().value())
            .setCollectionVersion(collection.version())
            .setDdlSequence(collection.ddlSequence())
            .setFreshness(Freshness.newBuilder().setLevel(Freshness.Level.STRONG))
            .setFilter(ExprCodec.encode(LivingRows.of(collection, in(primaryKey, wanted), run)))
            .addOutputFieldIds(field.id())
            .build();
    List<QueryShardResponse> answers =
        shards.all(
            collection,
            deadline,
            (node, shard, cold) ->
                node.query(plan.toBuilder().setShard(shard.index()).setCold(cold).build()));
    return QueryVectors.of(field, inOrder(wanted, primaryKey, field, answers));
  }

  private static Expr in(Field primaryKey, KeyColumn keys) {
    Set<Literal> values = new LinkedHashSet<>();
    for (int row = 0; row < keys.rowCount(); row++) {
      values.add(
          switch (keys.key(row)) {
            case Key.LongKey(long value) -> new Literal.IntLiteral(value);
            case Key.TextKey(String value) -> new Literal.TextLiteral(value);
          });
    }
    return new Expr.In(
        new Operand.FieldRef(primaryKey.id(), primaryKey.type()), List.copyOf(values));
  }

  private static Column inOrder(
      KeyColumn wanted, Field primaryKey, Field field, List<QueryShardResponse> answers) {
    KeyColumn keys =
        (KeyColumn)
            Columns.concat(
                answers.stream()
                    .map(answer -> KeysCodec.decode(primaryKey, answer.getKeys()))
                    .toList());
    Map<Key, Integer> rowOf = new HashMap<>();
    for (int row = 0; row < keys.rowCount(); row++) {
      rowOf.put(keys.key(row), row);
    }
    int[] rows = new int[wanted.rowCount()];
    for (int i = 0; i < rows.length; i++) {
      Integer row = rowOf.get(wanted.key(i));
      if (row == null) {
        throw Invalid.parameter(
            "some of the provided primary key IDs do not exist: %s", text(wanted.key(i)));
      }
      rows[i] = row;
    }
    Column vectors =
        Columns.concat(
                answers.stream()
                    .map(answer -> FieldDataCodec.decode(field, answer.getColumns(0)))
                    .toList())
            .select(rows);
    return vectors instanceof NullableColumn nullable ? present(wanted, nullable) : vectors;
  }

  private static Column present(KeyColumn wanted, NullableColumn vectors) {
    for (int row = 0; row < vectors.rowCount(); row++) {
      if (!vectors.valid()[row]) {
        throw Invalid.parameter("the vector of primary key %s is null", text(wanted.key(row)));
      }
    }
    return vectors.values();
  }

  private static String text(Key key) {
    return switch (key) {
      case Key.LongKey(long value) -> Long.toString(value);
      case Key.TextKey(String value) -> value;
    };
  }
}
