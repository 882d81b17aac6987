package io.elanus.common.expr;

import io.elanus.common.expr.Expr.Compare;
import io.elanus.common.expr.Expr.Comparison;
import io.elanus.common.expr.Expr.Exists;
import io.elanus.common.expr.Expr.Not;
import io.elanus.common.expr.Expr.Or;
import io.elanus.common.expr.Literal.IntLiteral;
import io.elanus.common.expr.Operand.FieldRef;
import io.elanus.common.model.Collection;
import java.util.List;
import java.util.Optional;

/// The field of a collection that says until when each of its rows lives: a Timestamptz, in microseconds since 1970. A row
/// that has none, or 0 or less, lives for ever. As Milvus ("entity level TTL");
/// docs/decisions/0104-ttl-field.md.
public record TtlField(FieldRef field) {
  /// Of a collection: the field's name.
  public static final String PROPERTY = "ttl_field";

  /// The field that the collection names; empty when it names none.
  public static Optional<TtlField> of(Collection collection) {
    return Optional.ofNullable(collection.properties().get(PROPERTY))
        .flatMap(collection.schema()::field)
        .map(field -> new TtlField(new FieldRef(field.id(), field.type())));
  }

  /// Rows that live on after this instant.
  public Expr livesAt(long micros) {
    return new Or(
        List.of(
            new Not(new Exists(field)),
            compare(Comparison.LESS_OR_EQUAL, 0),
            compare(Comparison.GREATER, micros)));
  }

  private Expr compare(Comparison comparison, long micros) {
    return new Compare(field, comparison, new IntLiteral(micros));
  }
}
