package io.elanus.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.Column.BytesColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.ConsistencyLevel;
import io.elanus.common.model.DataType;
import io.elanus.common.model.DatabaseId;
import io.elanus.common.model.Field;
import io.elanus.common.model.Partition;
import io.elanus.common.model.PartitionId;
import io.elanus.common.wal.LogId;
import io.elanus.proto.milvus.FieldData;
import io.elanus.rpc.codec.FieldDataCodec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The collection of the tests: id, title, vector of two, and whatever else comes.
public final class Films {
  public static final Field ID = field(100, "id", DataType.INT64, true, false, Map.of());
  public static final Field TITLE =
      field(101, "title", DataType.VARCHAR, false, false, Map.of("max_length", "10"));
  public static final Field VECTOR =
      field(102, "v", DataType.FLOAT_VECTOR, false, false, Map.of("dim", "2"));
  public static final Field META =
      field(103, Field.DYNAMIC_NAME, DataType.JSON, false, true, Map.of());

  public static final CollectionSchema SCHEMA =
      new CollectionSchema("films", "", List.of(ID, TITLE, VECTOR, META), 1);

  /// The same without undeclared keys.
  public static final CollectionSchema STRICT =
      new CollectionSchema("films", "", List.of(ID, TITLE, VECTOR), 1);

  private Films() {}

  public static Collection collection(CollectionSchema schema, int shardCount) {
    List<LogId> logs =
        java.util.stream.IntStream.range(0, shardCount).mapToObj(LogId::new).toList();
    return new Collection(
        new CollectionId(7),
        new DatabaseId(1),
        "default",
        schema,
        logs,
        List.of(new Partition(new PartitionId(8), Partition.DEFAULT_NAME, 5)),
        ConsistencyLevel.BOUNDED,
        Map.of(),
        3,
        0,
        5,
        6,
        CollectionState.ACTIVE);
  }

  public static FieldData ids(long... ids) {
    return FieldDataCodec.encode(ID, new Int64Column(ids));
  }

  public static FieldData titles(String... titles) {
    return FieldDataCodec.encode(TITLE, new VarCharColumn(titles));
  }

  public static FieldData vectors(float... values) {
    return FieldDataCodec.encode(VECTOR, new FloatVectorColumn(values, 2));
  }

  public static FieldData meta(String... objects) {
    byte[][] texts = Arrays.stream(objects).map(o -> o.getBytes(UTF_8)).toArray(byte[][]::new);
    return FieldDataCodec.encode(META, new BytesColumn(texts));
  }

  private static Field field(
      long id,
      String name,
      DataType type,
      boolean primaryKey,
      boolean dynamic,
      Map<String, String> params) {
    return new Field(id, name, "", type, primaryKey, false, false, dynamic, params);
  }
}
