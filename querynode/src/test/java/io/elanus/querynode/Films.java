package io.elanus.querynode;

import com.google.protobuf.ByteString;
import io.elanus.common.expr.Expr;
import io.elanus.common.expr.Literal;
import io.elanus.common.expr.Operand;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.ConsistencyLevel;
import io.elanus.common.model.DataType;
import io.elanus.common.model.DatabaseId;
import io.elanus.common.model.Field;
import io.elanus.common.model.RowBatch;
import io.elanus.common.model.ShardId;
import io.elanus.common.wal.LogId;
import io.elanus.proto.internal.ExprNode;
import io.elanus.proto.internal.Freshness;
import io.elanus.proto.internal.Grouping;
import io.elanus.proto.internal.QueryShardRequest;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.rpc.codec.ExprCodec;
import io.elanus.rpc.codec.FieldDataCodec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// The collection the tests serve. A row's `tag` names the write that made it, and its vector follows
/// from the tag: small integers, so that distances are exact and sometimes equal.
final class Films {
  static final long ID = 100;
  static final long VECTOR = 101;
  static final long TAG = 102;
  static final int DIMENSION = 8;
  static final CollectionId COLLECTION = new CollectionId(7);
  static final Freshness STRONG = Freshness.newBuilder().setLevel(Freshness.Level.STRONG).build();

  private Films() {}

  static Collection collection(int shards, long version) {
    return new Collection(
        COLLECTION,
        new DatabaseId(1),
        "default",
        schema(),
        Collections.nCopies(shards, new LogId(0)),
        List.of(),
        ConsistencyLevel.STRONG,
        Map.of(),
        version,
        0,
        0,
        0,
        CollectionState.ACTIVE);
  }

  static CollectionSchema schema() {
    return new CollectionSchema(
        "films",
        "",
        List.of(
            field(ID, "id", DataType.INT64, true, Map.of()),
            field(VECTOR, "v", DataType.FLOAT_VECTOR, false, Map.of("dim", "" + DIMENSION)),
            field(TAG, "tag", DataType.INT64, false, Map.of())),
        0);
  }

  private static Field field(
      long id, String name, DataType type, boolean key, Map<String, String> params) {
    return new Field(id, name, "", type, key, false, false, false, params);
  }

  static RowBatch rows(long[] keys, long[] tags) {
    float[] vectors = new float[DIMENSION * keys.length];
    for (int i = 0; i < keys.length; i++) {
      System.arraycopy(vector(tags[i]), 0, vectors, DIMENSION * i, DIMENSION);
    }
    return new RowBatch(
        keys.length,
        new TreeMap<>(
            Map.of(
                ID, new Int64Column(keys),
                VECTOR, new FloatVectorColumn(vectors, DIMENSION),
                TAG, new Int64Column(tags))));
  }

  static float[] vector(long tag) {
    float[] vector = new float[DIMENSION];
    long bits = tag * 0x9E37_79B9_7F4A_7C15L;
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = bits >>> (16 * i) & 15;
    }
    return vector;
  }

  static float distance(float[] a, float[] b) {
    float sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return sum;
  }

  static QueryShardRequest.Builder query(ShardId shard) {
    return QueryShardRequest.newBuilder()
        .setCollectionId(shard.collection().value())
        .setShard(shard.index())
        .setFreshness(STRONG)
        .addOutputFieldIds(TAG);
  }

  static SearchShardRequest.Builder search(ShardId shard, float[] vector, int limit) {
    return search(shard, vector, 1, limit);
  }

  /// For the same vector several times.
  static SearchShardRequest.Builder search(ShardId shard, float[] vector, int times, int limit) {
    ByteBuffer bytes =
        ByteBuffer.allocate(4 * vector.length * times).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < times; i++) {
      bytes.asFloatBuffer().put(vector);
      bytes.position(bytes.position() + 4 * vector.length);
    }
    bytes.flip();
    return SearchShardRequest.newBuilder()
        .setCollectionId(shard.collection().value())
        .setShard(shard.index())
        .setFreshness(STRONG)
        .setFieldId(VECTOR)
        .setVectors(ByteString.copyFrom(bytes))
        .setVectorCount(times)
        .setLimit(limit)
        .setMetric("L2")
        .addOutputFieldIds(TAG);
  }

  /// By tag: the nearest, or some that are named.
  static Grouping grouping(RandomGenerator random, long tags) {
    Grouping.Builder grouping = Grouping.newBuilder().addFieldIds(TAG).setSize(1);
    if (random.nextBoolean()) {
      long[] wanted = random.longs(random.nextInt(10), 1, tags + 2).distinct().toArray();
      grouping
          .setSize(random.nextInt(1, 3))
          .addWantedCounts(wanted.length)
          .addWanted(FieldDataCodec.encode(schema().requireField(TAG), new Int64Column(wanted)));
    }
    return grouping.build();
  }

  /// `tag < bound`
  static ExprNode tagBelow(long bound) {
    return ExprCodec.encode(
        new Expr.Compare(
            new Operand.FieldRef(TAG, DataType.INT64),
            Expr.Comparison.LESS,
            new Literal.IntLiteral(bound)));
  }
}
