package io.elanus.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/// A filter and what it means. Three-valued, as in SQL: a comparison with a null is neither true nor false.
///
/// @param truth of a row; empty where it is unknown
record ModelFilter(String text, Function<Row, Optional<Boolean>> truth) {
  /// In every comparison: the operator, and which signs of `left.compareTo(right)` it is true for.
  private enum Comparison {
    EQUAL("==", sign -> sign == 0),
    DIFFERENT("!=", sign -> sign != 0),
    LESS("<", sign -> sign < 0),
    AT_MOST("<=", sign -> sign <= 0),
    MORE(">", sign -> sign > 0),
    AT_LEAST(">=", sign -> sign >= 0);

    private final String text;
    private final IntPredicate holds;

    Comparison(String text, IntPredicate holds) {
      this.text = text;
      this.holds = holds;
    }
  }

  boolean accepts(Row row) {
    return truth.apply(row).orElse(false);
  }

  /// Empty now and then: then every row matches.
  static Optional<ModelFilter> drawn(
      ModelSchema schema, List<Object> keys, RandomGenerator random) {
    return random.nextInt(6) == 0 ? Optional.empty() : Optional.of(some(schema, keys, random, 2));
  }

  /// @param keys some that are there, to be asked for
  static ModelFilter some(
      ModelSchema schema, List<Object> keys, RandomGenerator random, int depth) {
    if (depth == 0 || random.nextInt(3) == 0) {
      return random.nextInt(5) == 0 ? onKeys(schema, keys, random) : onField(schema, random);
    }
    ModelFilter left = some(schema, keys, random, depth - 1);
    ModelFilter right = some(schema, keys, random, depth - 1);
    return random.nextBoolean()
        ? new ModelFilter(
            "(%s and %s)".formatted(left.text, right.text),
            row -> and(left.truth.apply(row), right.truth.apply(row)))
        : new ModelFilter(
            "(%s or %s)".formatted(left.text, right.text),
            row -> not(and(not(left.truth.apply(row)), not(right.truth.apply(row)))));
  }

  private static Optional<Boolean> and(Optional<Boolean> left, Optional<Boolean> right) {
    if (left.equals(Optional.of(false)) || right.equals(Optional.of(false))) {
      return Optional.of(false);
    }
    return left.isPresent() && right.isPresent() ? Optional.of(true) : Optional.empty();
  }

  private static Optional<Boolean> not(Optional<Boolean> truth) {
    return truth.map(yes -> !yes);
  }

  static ModelFilter ofKeys(ModelSchema schema, List<Object> keys) {
    String list = String.join(", ", keys.stream().map(ModelFilter::literal).toList());
    return new ModelFilter(
        "%s in [%s]".formatted(schema.key().name(), list),
        row -> Optional.of(keys.contains(row.key())));
  }

  private static ModelFilter onKeys(ModelSchema schema, List<Object> keys, RandomGenerator random) {
    List<Object> some = keys.stream().filter(_ -> random.nextInt(3) == 0).limit(10).toList();
    return ofKeys(schema, some.isEmpty() ? List.of(schema.freshKey(random)) : some);
  }

  private static ModelFilter onField(ModelSchema schema, RandomGenerator random) {
    List<ModelField> fields =
        schema.fields().stream()
            .filter(f -> !f.kind().isVector() && f.kind() != Kind.STRUCTS)
            .filter(f -> !f.kind().isArray() || f.isNullable())
            .toList();
    if (schema.isDynamic() && random.nextInt(5) == 0) {
      return onUndeclared(random);
    }
    ModelField field = fields.get(random.nextInt(fields.size()));
    if (field.kind().isArray() || (field.isNullable() && random.nextInt(5) == 0)) {
      boolean wanted = random.nextBoolean();
      return new ModelFilter(
          "%s is %snull".formatted(field.name(), wanted ? "" : "not "),
          row -> Optional.of(row.value(field.name()).isEmpty() == wanted));
    }
    ModelFilter leaf = leaf(field, random);
    return field.kind() != Kind.JSON && random.nextInt(4) == 0
        ? new ModelFilter("(not (%s))".formatted(leaf.text), row -> not(leaf.truth.apply(row)))
        : leaf;
  }

  private static ModelFilter leaf(ModelField field, RandomGenerator random) {
    return switch (field.kind()) {
      case BOOL -> {
        boolean wanted = random.nextBoolean();
        yield of(field, "%s == " + wanted, value -> value.equals(wanted));
      }
      case INT8, INT16, INT32, INT64, FLOAT, DOUBLE, VARCHAR ->
          random.nextInt(3) == 0 ? in(field, random) : compared(field, random);
      case JSON -> {
        long number = Kind.integer(random);
        yield of(field, "%s[\"x\"] == " + number, value -> isNumber((JsonNode) value, number));
      }
      default -> throw new IllegalArgumentException("no filter on " + field);
    };
  }

  private static boolean isNumber(JsonNode object, long number) {
    JsonNode found = object.path("x");
    return found.isNumber() && found.asLong() == number;
  }

  private static ModelFilter compared(ModelField field, RandomGenerator random) {
    Comparison comparison = Comparison.values()[random.nextInt(Comparison.values().length)];
    Object with = field.kind().draw(random);
    if (field.kind() == Kind.VARCHAR && random.nextInt(4) == 0) {
      return of(field, "%s like \"" + with + "%%\"", v -> ((String) v).startsWith((String) with));
    }
    return of(
        field,
        "%s " + comparison.text + " " + literal(with),
        value -> comparison.holds.test(compare(value, with)));
  }

  private static int compare(Object left, Object right) {
    return switch (left) {
      case String text -> text.compareTo((String) right);
      case Number number -> Double.compare(number.doubleValue(), ((Number) right).doubleValue());
      default -> throw new IllegalArgumentException("" + left);
    };
  }

  private static ModelFilter in(ModelField field, RandomGenerator random) {
    var values = new TreeSet<Object>();
    for (int i = 0; i < 3; i++) {
      values.add(field.kind().draw(random));
    }
    String list = String.join(", ", values.stream().map(ModelFilter::literal).toList());
    return of(field, "%s in [" + list + "]", values::contains);
  }

  private static ModelFilter onUndeclared(RandomGenerator random) {
    long number = Kind.integer(random);
    return new ModelFilter(
        "x == " + number,
        row ->
            Optional.of(
                row.undeclared("x").filter(x -> x.isNumber() && x.asLong() == number).isPresent()));
  }

  private static ModelFilter of(ModelField field, String format, Function<Object, Boolean> truth) {
    return new ModelFilter(
        format.formatted(field.name()), row -> row.value(field.name()).map(truth));
  }

  private static String literal(Object value) {
    return value instanceof String text ? "\"" + text + "\"" : "" + value;
  }
}
