package io.elanus.proxy.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.model.Column.Int32Column;
import io.elanus.common.model.DataType;
import io.elanus.common.model.Field;
import io.elanus.common.model.ListColumn;
import io.elanus.common.model.NullableColumn;
import io.elanus.proto.milvus.FieldPartialUpdateOp.OpType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArrayMergeTest {
  private static final Optional<List<Integer>> NULL = Optional.empty();

  private static Field field(boolean nullable) {
    return new Field(
        105,
        "tags",
        "",
        DataType.ARRAY,
        false,
        false,
        false,
        false,
        nullable,
        Optional.empty(),
        Optional.of(DataType.INT32),
        Map.of("max_capacity", "4"));
  }

  @SafeVarargs
  private static NullableColumn column(Optional<List<Integer>>... rows) {
    boolean[] valid = new boolean[rows.length];
    List<Integer> elements = new ArrayList<>();
    List<Integer> starts = new ArrayList<>(List.of(0));
    for (int row = 0; row < rows.length; row++) {
      valid[row] = rows[row].isPresent();
      if (valid[row]) {
        elements.addAll(rows[row].get());
        starts.add(elements.size());
      }
    }
    return new NullableColumn(new ListColumn(new Int32Column(ints(elements)), ints(starts)), valid);
  }

  private static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }

  private static Optional<List<Integer>> of(Integer... elements) {
    return Optional.of(List.of(elements));
  }

  private static List<Optional<List<Integer>>> rows(NullableColumn column) {
    ListColumn lists = (ListColumn) column.values();
    int[] ranks = column.ranks();
    return IntStream.range(0, column.rowCount())
        .mapToObj(row ->
            column.valid()[row]
                ? Optional.of(
                    IntStream.of(((Int32Column) lists.row(ranks[row])).values()).boxed().toList())
                : NULL)
        .toList();
  }

  /// The second stored row comes first, then one that is not there, then the first, then a null.
  private static List<Optional<List<Integer>>> merged(OpType op) {
    NullableColumn stored = column(of(1, 2, 1), of(7), NULL);
    NullableColumn given = column(NULL, of(5), of(1, 3), of(9));
    return rows(
        (NullableColumn) ArrayMerge.merge(field(true), op, given, stored, new int[] {1, -1, 0, 2}));
  }

  @Test
  void elementsAreAppended() {
    assertThatThrownBy(() -> merged(OpType.ARRAY_APPEND))
        .hasMessageContaining("the length (5) of")
        .hasMessageContaining("exceeds max capacity (4)");
    NullableColumn appended =
        (NullableColumn)
            ArrayMerge.merge(
                field(true),
                OpType.ARRAY_APPEND,
                column(NULL, of(5), of(1, 3), of(9), NULL),
                column(of(1, 2), of(7), NULL),
                new int[] {1, -1, 0, 2, 2});
    assertThat(rows(appended)).containsExactly(of(7), of(5), of(1, 2, 1, 3), of(9), NULL);
  }

  @Test
  void everyOccurrenceIsRemoved() {
    assertThat(merged(OpType.ARRAY_REMOVE)).containsExactly(of(7), of(), of(2), of());
  }

  @ParameterizedTest
  @EnumSource(names = {"ARRAY_APPEND", "ARRAY_REMOVE"})
  void aFieldThatIsNotNullableStaysSo(OpType op) {
    assertThat(
            ArrayMerge.merge(
                field(false), op, column(of(5)).values(), column(of(4)).values(), new int[] {0}))
        .isInstanceOf(ListColumn.class);
  }
}
