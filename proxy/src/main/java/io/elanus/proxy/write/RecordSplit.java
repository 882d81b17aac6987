package io.elanus.proxy.write;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.Column;
import io.elanus.common.model.Column.BoolColumn;
import io.elanus.common.model.Column.ByteVectorColumn;
import io.elanus.common.model.Column.BytesColumn;
import io.elanus.common.model.Column.DoubleColumn;
import io.elanus.common.model.Column.FloatColumn;
import io.elanus.common.model.Column.FloatVectorColumn;
import io.elanus.common.model.Column.Int32Column;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.ListColumn;
import io.elanus.common.model.NullableColumn;
import io.elanus.proxy.Invalid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Cuts the rows of a request into records: one per shard, and more where a shard's rows are too large
/// for one.
///
/// ```
///   rows    a b c d e f g h        shards   0 1 0 0 1 0 0 1
///   records (0: a c d) (0: f g) (1: b e h)
/// ```
final class RecordSplit {
  /// What a record holds besides values: header, counts, checksums, and a few bytes for each column.
  private static final int FIXED_BYTES = 1024;

  private static final int COLUMN_BYTES = 32;

  /// @param rows of the request that make up one record of the shard, in their order
  record Part(int shard, int[] rows) {}

  private RecordSplit() {}

  /// @param columns everything that goes into the record
  /// @param shards the shard of each row
  static List<Part> split(List<? extends Column> columns, int[] shards, int maxRecordBytes) {
    int room = maxRecordBytes - FIXED_BYTES - COLUMN_BYTES * columns.size();
    int[] bytes = rowBytes(columns, shards.length);
    List<Part> parts = new ArrayList<>();
    int shardCount = 1 + Arrays.stream(shards).max().orElse(0);
    for (int shard = 0; shard < shardCount; shard++) {
      cut(shard, shards, bytes, room, parts);
    }
    return parts;
  }

  private static void cut(int shard, int[] shards, int[] bytes, int room, List<Part> parts) {
    List<Integer> rows = new ArrayList<>();
    long used = 0;
    for (int row = 0; row < shards.length; row++) {
      if (shards[row] != shard) {
        continue;
      }
      requireFits(row, bytes[row], room);
      if (used + bytes[row] > room) {
        parts.add(part(shard, rows));
        rows.clear();
        used = 0;
      }
      rows.add(row);
      used += bytes[row];
    }
    if (!rows.isEmpty()) {
      parts.add(part(shard, rows));
    }
  }

  private static void requireFits(int row, int bytes, int room) {
    if (bytes > room) {
      throw Invalid.of(
          ErrorCode.PARAMETER_TOO_LARGE,
          "row %d has %d bytes, the log takes at most %d".formatted(row, bytes, room));
    }
  }

  private static Part part(int shard, List<Integer> rows) {
    return new Part(shard, rows.stream().mapToInt(Integer::intValue).toArray());
  }

  private static int[] rowBytes(List<? extends Column> columns, int rowCount) {
    int[] bytes = new int[rowCount];
    for (Column column : columns) {
      if (column instanceof NullableColumn nullable) {
        add(nullable, bytes);
        continue;
      }
      for (int row = 0; row < rowCount; row++) {
        bytes[row] += bytes(column, row);
      }
    }
    return bytes;
  }

  private static void add(NullableColumn column, int[] bytes) {
    int[] ranks = column.ranks();
    for (int row = 0; row < bytes.length; row++) {
      bytes[row] += column.valid()[row] ? 1 + bytes(column.values(), ranks[row]) : 1;
    }
  }

  private static int bytes(Column column, int row) {
    return switch (column) {
      case BoolColumn _ -> 1;
      case Int32Column _, FloatColumn _ -> 4;
      case Int64Column _, DoubleColumn _ -> 8;
      case VarCharColumn(String[] values) -> 4 + Utf8Length.of(values[row]);
      case BytesColumn(byte[][] values) -> 4 + values[row].length;
      case FloatVectorColumn(_, int dimension) -> 4 * dimension;
      case ByteVectorColumn(_, int rowBytes) -> rowBytes;
      case ListColumn(Column elements, int[] starts) ->
          4 + IntStream.range(starts[row], starts[row + 1]).map(i -> bytes(elements, i)).sum();
      case NullableColumn _ -> throw new IllegalArgumentException("nulls within nulls");
    };
  }
}
