package io.elanus.rpc.codec;

import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.KeyColumn;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.Field;
import io.elanus.proto.milvus.IDs;
import io.elanus.proto.milvus.LongArray;
import io.elanus.proto.milvus.StringArray;
import java.util.Arrays;

/// Columns of primary keys, as `IDs`.
public final class KeysCodec {
  private KeysCodec() {}

  public static IDs encode(KeyColumn keys) {
    return switch (keys) {
      case Int64Column(long[] values) -> {
        LongArray.Builder array = LongArray.newBuilder();
        for (long value : values) {
          array.addData(value);
        }
        yield IDs.newBuilder().setIntId(array).build();
      }
      case VarCharColumn(String[] values) ->
          IDs.newBuilder()
              .setStrId(StringArray.newBuilder().addAllData(Arrays.asList(values)))
              .build();
    };
  }

  /// @param primaryKey decides the type of an empty list
  public static KeyColumn decode(Field primaryKey, IDs ids) {
    return switch (primaryKey.type()) {
      case INT64 -> {
        long[] values = new long[ids.getIntId().getDataCount()];
        for (int i = 0; i < values.length; i++) {
          values[i] = ids.getIntId().getData(i);
        }
        yield new Int64Column(values);
      }
      default -> new VarCharColumn(ids.getStrId().getDataList().toArray(String[]::new));
    };
  }
}
