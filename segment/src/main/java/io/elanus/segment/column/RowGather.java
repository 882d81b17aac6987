package io.elanus.segment.column;

import io.elanus.common.model.Column;
import io.elanus.common.model.Columns;
import io.elanus.common.model.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Copies values of one field out of several blocks into one column.
///
/// @param views the field's column in each block
public record RowGather(Field field, List<ColumnView> views) {
  public RowGather {
    views = List.copyOf(views);
  }

  /// About as many bytes as [#gather] copies.
  public long sizeBytes(int[] block, int[] row) {
    long bytes = 0;
    for (int i = 0; i < row.length; i++) {
      bytes += views.get(block[i]).sizeBytes(row[i]);
    }
    return bytes;
  }

  /// Each block gives its rows at once; then they are brought into their order.
  ///
  /// @param block number of a block for each row wanted
  /// @param row within that block
  public Column gather(int[] block, int[] row) {
    if (row.length == 0) {
      return Columns.empty(field);
    }
    if (views.size() == 1) {
      return views.getFirst().select(row);
    }
    int[] places = new int[row.length];
    List<Column> parts = new ArrayList<>();
    int placed = 0;
    for (int b = 0; b < views.size(); b++) {
      int number = b;
      int[] mine = IntStream.range(0, row.length).filter(i -> block[i] == number).toArray();
      for (int i : mine) {
        places[i] = placed++;
      }
      parts.add(views.get(b).select(IntStream.of(mine).map(i -> row[i]).toArray()));
    }
    return Columns.concat(parts).select(places);
  }
}
