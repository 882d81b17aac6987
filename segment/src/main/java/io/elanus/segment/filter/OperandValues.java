package io.elanus.segment.filter;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.expr.Literal;
import io.elanus.common.expr.Literal.BoolLiteral;
import io.elanus.common.expr.Literal.FloatLiteral;
import io.elanus.common.expr.Literal.IntLiteral;
import io.elanus.common.expr.Literal.TextLiteral;
import io.elanus.common.expr.Operand;
import io.elanus.common.expr.Operand.Arithmetic;
import io.elanus.common.expr.Operand.ArithmeticOp;
import io.elanus.common.expr.Operand.FieldRef;
import io.elanus.common.expr.Operand.JsonPath;
import io.elanus.segment.column.Blobs;
import io.elanus.segment.column.ColumnView;
import io.elanus.segment.column.ColumnView.Bools;
import io.elanus.segment.column.ColumnView.ByteStrings;
import io.elanus.segment.column.ColumnView.ByteVectors;
import io.elanus.segment.column.ColumnView.Doubles;
import io.elanus.segment.column.ColumnView.Floats;
import io.elanus.segment.column.ColumnView.Ints;
import io.elanus.segment.column.ColumnView.Lists;
import io.elanus.segment.column.ColumnView.Longs;
import io.elanus.segment.column.ColumnView.Nullables;
import io.elanus.segment.column.ColumnView.Texts;
import io.elanus.segment.column.ColumnView.Vectors;
import io.elanus.segment.column.RowBlock;
import io.elanus.segment.column.Validity;

/// The values of an operand, row by row. For what has no faster way; see [ColumnScan]. Used by one
/// thread.
sealed interface OperandValues {
  RowValue at(int row);

  static OperandValues of(Operand operand, RowBlock block) {
    return switch (operand) {
      case FieldRef field -> ofColumn(block.column(field.fieldId()));
      case JsonPath path -> ofJson(block.column(path.fieldId()), path);
      case Arithmetic arithmetic ->
          new OfArithmetic(of(arithmetic.left(), block), arithmetic.op(), arithmetic.right());
    };
  }

  private static OperandValues ofJson(ColumnView column, JsonPath path) {
    return column instanceof Nullables(ColumnView values, Validity validity)
        ? new OfNullables(ofJson(values, path), validity)
        : new OfJson(((ByteStrings) column).bytes(), new JsonPathReader(path.steps()));
  }

  private static OperandValues ofColumn(ColumnView column) {
    return switch (column) {
      case Nullables(ColumnView values, Validity validity) ->
          new OfNullables(ofColumn(values), validity);
      case Floats floats -> new OfFloats(floats);
      case Bools bools -> new OfBools(bools);
      case Ints ints -> new OfInts(ints);
      case Longs longs -> new OfLongs(longs);
      case Doubles doubles -> new OfDoubles(doubles);
      case Texts texts -> new OfTexts(texts);
      case ByteStrings _, Vectors _, ByteVectors _, Lists _ ->
          throw ErrorCode.QUERY_PLAN_FAILED.because(
              "a filter cannot compare a whole column of form %s", ColumnView.formOf(column));
    };
  }

  record OfBools(Bools view) implements OperandValues {
    @Override
    public RowValue at(int row) {
      return RowValue.of(new BoolLiteral(view.get(row)));
    }
  }

  record OfInts(Ints view) implements OperandValues {
    @Override
    public RowValue at(int row) {
      return RowValue.of(new IntLiteral(view.get(row)));
    }
  }

  record OfLongs(Longs view) implements OperandValues {
    @Override
    public RowValue at(int row) {
      return RowValue.of(new IntLiteral(view.get(row)));
    }
  }

  record OfFloats(Floats view) implements OperandValues {
    @Override
    public RowValue at(int row) {
      return RowValue.of(new FloatLiteral(view.get(row)));
    }
  }

  /// @param values by rank
  record OfNullables(OperandValues values, Validity validity) implements OperandValues {
    @Override
    public RowValue at(int row) {
      return validity.has(row) ? values.at(validity.rank(row)) : RowValue.missing();
    }
  }

  record OfDoubles(Doubles view) implements OperandValues {
    @Override
    public RowValue at(int row) {
      return RowValue.of(new FloatLiteral(view.get(row)));
    }
  }

  record OfTexts(Texts view) implements OperandValues {
    @Override
    public RowValue at(int row) {
      return RowValue.of(new TextLiteral(view.get(row)));
    }
  }

  record OfArithmetic(OperandValues left, ArithmeticOp op, Literal right) implements OperandValues {
    @Override
    public RowValue at(int row) {
      return left.at(row) instanceof RowValue.Present present
          ? Numbers.calculate(present.value(), op, right)
          : RowValue.missing();
    }
  }

  final class OfJson implements OperandValues {
    private final Blobs texts;
    private final JsonPathReader path;
    private byte[] buffer = new byte[1024];

    OfJson(Blobs texts, JsonPathReader path) {
      this.texts = texts;
      this.path = path;
    }

    @Override
    public RowValue at(int row) {
      int length = texts.copy(row, buffer);
      if (length > buffer.length) {
        buffer = new byte[Integer.highestOneBit(length) * 2];
        texts.copy(row, buffer);
      }
      return path.find(buffer, length);
    }
  }
}
