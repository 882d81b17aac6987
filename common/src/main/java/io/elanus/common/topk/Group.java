package io.elanus.common.topk;

import io.elanus.common.expr.Literal;
import io.elanus.common.expr.Literal.BoolLiteral;
import io.elanus.common.expr.Literal.FloatLiteral;
import io.elanus.common.expr.Literal.IntLiteral;
import io.elanus.common.expr.Literal.ListLiteral;
import io.elanus.common.expr.Literal.TextLiteral;
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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Rows are of one group when they have the same values of the fields that they are grouped by: null is a value of its own.
///
/// @param values by field; empty for null
public record Group(List<Optional<Literal>> values) implements Comparable<Group> {
  public Group {
    values = List.copyOf(values);
  }

  /// Those of the rows of `columns`, in their order.
  ///
  /// @param columns of bools, integers or texts, at least one, equally long
  /// @throws IllegalArgumentException for columns of another kind
  public static List<Group> of(List<? extends Column> columns) {
    List<List<Optional<Literal>>> values = columns.stream().map(Group::values).toList();
    return IntStream.range(0, columns.getFirst().rowCount())
        .mapToObj(row -> new Group(values.stream().map(of -> of.get(row)).toList()))
        .toList();
  }

  /// An order like any other, for rows that nothing else puts in one.
  @Override
  public int compareTo(Group other) {
    for (int i = 0; i < values.size(); i++) {
      int order = compare(values.get(i), other.values.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int compare(Optional<Literal> a, Optional<Literal> b) {
    if (a.isEmpty() || b.isEmpty()) {
      return Boolean.compare(a.isPresent(), b.isPresent());
    }
    return switch (a.get()) {
      case BoolLiteral(boolean flag) when b.get() instanceof BoolLiteral(boolean other) ->
          Boolean.compare(flag, other);
      case IntLiteral(long number) when b.get() instanceof IntLiteral(long other) ->
          Long.compare(number, other);
      case TextLiteral(String text) when b.get() instanceof TextLiteral(String other) ->
          text.compareTo(other);
      case BoolLiteral _, IntLiteral _, TextLiteral _, FloatLiteral _, ListLiteral _ ->
          throw new IllegalArgumentException("%s and %s are not of one field".formatted(a, b));
    };
  }

  private static List<Optional<Literal>> values(Column column) {
    return switch (column) {
      case NullableColumn nullable -> {
        List<Optional<Literal>> present = values(nullable.values());
        int[] ranks = nullable.ranks();
        yield IntStream.range(0, ranks.length)
            .mapToObj(
                row -> nullable.valid()[row] ? present.get(ranks[row]) : Optional.<Literal>empty())
            .toList();
      }
      case BoolColumn(boolean[] flags) ->
          present(IntStream.range(0, flags.length).mapToObj(row -> new BoolLiteral(flags[row])));
      case Int32Column(int[] ints) -> present(Arrays.stream(ints).mapToObj(IntLiteral::new));
      case Int64Column(long[] longs) -> present(Arrays.stream(longs).mapToObj(IntLiteral::new));
      case VarCharColumn(String[] texts) -> present(Arrays.stream(texts).map(TextLiteral::new));
      case FloatColumn _,
          DoubleColumn _,
          BytesColumn _,
          FloatVectorColumn _,
          ByteVectorColumn _,
          ListColumn _ ->
          throw new IllegalArgumentException("rows are not grouped by " + column.form());
    };
  }

  private static List<Optional<Literal>> present(Stream<? extends Literal> values) {
    return values.map(value -> Optional.<Literal>of(value)).toList();
  }
}
