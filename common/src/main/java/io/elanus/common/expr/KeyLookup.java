package io.elanus.common.expr;

import io.elanus.common.expr.Expr.Comparison;
import io.elanus.common.expr.Literal.BoolLiteral;
import io.elanus.common.expr.Literal.FloatLiteral;
import io.elanus.common.expr.Literal.IntLiteral;
import io.elanus.common.expr.Literal.ListLiteral;
import io.elanus.common.expr.Literal.TextLiteral;
import io.elanus.common.expr.Operand.FieldRef;
import io.elanus.common.model.Field;
import io.elanus.common.model.Key;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// What a filter asks for when it names primary keys: `pk == 1`, `pk in [1, 2]`, or one of these
/// and more.
///
/// @param keys no other row can match; may be empty
/// @param rest what a row of these keys must fulfil besides; `ALWAYS` when the keys say it all
public record KeyLookup(SortedSet<Key> keys, Expr rest) {
  public KeyLookup {
    keys = Collections.unmodifiableSortedSet(new TreeSet<>(keys));
  }

  /// Empty when the filter does not name keys.
  public static Optional<KeyLookup> of(Expr filter, Field primaryKey) {
    List<Expr> rest = new ArrayList<>();
    Optional<SortedSet<Key>> keys = Optional.empty();
    List<Expr> operands = filter instanceof Expr.And(List<Expr> all) ? all : List.of(filter);
    for (Expr operand : operands) {
      Optional<SortedSet<Key>> named = keysOf(operand, primaryKey);
      if (named.isEmpty()) {
        rest.add(operand);
      } else {
        keys.ifPresent(earlier -> named.get().retainAll(earlier));
        keys = named;
      }
    }
    return keys.map(named -> new KeyLookup(named, Logic.and(rest)));
  }

  private static Optional<SortedSet<Key>> keysOf(Expr expr, Field primaryKey) {
    FieldRef key = new FieldRef(primaryKey.id(), primaryKey.type());
    if (expr instanceof Expr.Compare(Operand left, Comparison comparison, Literal right)
        && left.equals(key)
        && comparison == Comparison.EQUAL) {
      return keysOf(List.of(right));
    }
    if (expr instanceof Expr.In(Operand operand, List<Literal> values) && operand.equals(key)) {
      return keysOf(values);
    }
    return Optional.empty();
  }

  private static Optional<SortedSet<Key>> keysOf(List<Literal> values) {
    SortedSet<Key> keys = new TreeSet<>();
    for (Literal value : values) {
      switch (value) {
        case IntLiteral l -> keys.add(Key.of(l.value()));
        case TextLiteral l -> keys.add(Key.of(l.value()));
        case BoolLiteral _, FloatLiteral _, ListLiteral _ -> {
          return Optional.empty();
        }
      }
    }
    return Optional.of(keys);
  }
}
