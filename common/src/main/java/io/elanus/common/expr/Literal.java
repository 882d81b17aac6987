package io.elanus.common.expr;

import java.util.List;

/// A constant of a filter.
public sealed interface Literal {
  record BoolLiteral(boolean value) implements Literal {}

  record IntLiteral(long value) implements Literal {}

  record FloatLiteral(double value) implements Literal {}

  record TextLiteral(String value) implements Literal {}

  record ListLiteral(List<Literal> values) implements Literal {
    public ListLiteral {
      values = List.copyOf(values);
    }
  }
}
