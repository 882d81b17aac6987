package io.elanus.segment.filter;

import io.elanus.common.expr.Literal;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The values of an IN, looked up by hash. Numbers of equal value are equal, whatever their kind.
///
/// @param kinds the families there are among the values: a row of another is neither in nor out
record LiteralSet(Set<Literal> values, Set<Class<?>> kinds) {
  static LiteralSet of(List<Literal> values) {
    Set<Literal> normalized =
        values.stream().map(Numbers::normalized).collect(Collectors.toUnmodifiableSet());
    Set<Class<?>> kinds =
        values.stream().map(LiteralSet::kind).collect(Collectors.toUnmodifiableSet());
    return new LiteralSet(normalized, kinds);
  }

  Truth contains(RowValue value) {
    if (!(value instanceof RowValue.Present present) || !kinds.contains(kind(present.value()))) {
      return Truth.UNKNOWN;
    }
    return Truth.of(values.contains(Numbers.normalized(present.value())));
  }

  /// Integers and doubles are one family.
  private static Class<?> kind(Literal literal) {
    return Numbers.isNumber(literal) ? Number.class : literal.getClass();
  }
}
