package io.elanus.common.expr;

import io.elanus.common.error.DbException;
import io.elanus.common.expr.Expr.Comparison;
import io.elanus.common.expr.Literal.BoolLiteral;
import io.elanus.common.expr.Literal.FloatLiteral;
import io.elanus.common.expr.Literal.IntLiteral;
import io.elanus.common.expr.Literal.ListLiteral;
import io.elanus.common.expr.Literal.TextLiteral;
import io.elanus.common.expr.Operand.ArithmeticOp;
import io.elanus.common.expr.Operand.Step;
import io.elanus.common.expr.Part.Column;
import io.elanus.common.expr.Part.Condition;
import io.elanus.common.expr.Part.Constant;
import io.elanus.common.expr.Token.BoolToken;
import io.elanus.common.expr.Token.FloatToken;
import io.elanus.common.expr.Token.IntegerToken;
import io.elanus.common.expr.Token.Mark;
import io.elanus.common.expr.Token.MarkToken;
import io.elanus.common.expr.Token.NameToken;
import io.elanus.common.expr.Token.OperatorToken;
import io.elanus.common.expr.Token.TextToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Reads one filter by precedence (Pratt, Top Down Operator Precedence, 1973): an operand, then
/// operators as long as they bind tighter than what stands before. Parts are handed to
/// [Conditions], [Comparisons] and [Arithmetics], which check their types. Takes time linear in the
/// length of the text.
final class ConditionParser {
  /// How deep parentheses, lists and prefixes may nest.
  static final int MAX_DEPTH = 100;

  private final FilterSource source;
  private final Lexer lexer;
  private final Names names;
  private final Conditions conditions;
  private final Comparisons comparisons;
  private final Arithmetics arithmetics;
  private final Map<String, Literal> templates;
  private Token token;
  private int depth;

  ConditionParser(FilterSource source, Names names, Map<String, Literal> templates) {
    this.source = source;
    this.lexer = new Lexer(source);
    this.names = names;
    this.comparisons = new Comparisons(source);
    this.conditions = new Conditions(source, comparisons);
    this.arithmetics = new Arithmetics(source);
    this.templates = templates;
    this.token = lexer.next();
  }

  /// The whole text as one part.
  Part parse() {
    Part part = expression(0);
    if (!at(Mark.END)) {
      throw unexpected(token);
    }
    return part;
  }

  /// What follows, as far as its operators bind tighter than `power`.
  private Part expression(int power) {
    return extend(operand(), power);
  }

  private Part extend(Part operand, int power) {
    Part left = operand;
    while (token instanceof OperatorToken(Operator operator, int _, int _)
        && operator.power() > power) {
      take();
      left = apply(operator, left);
    }
    return left;
  }

  private Part operand() {
    Token first = take();
    return switch (first) {
      case IntegerToken integer -> new Constant(integer(integer, false));
      case FloatToken floating -> new Constant(floating(floating));
      case TextToken text -> new Constant(new TextLiteral(text.value()));
      case BoolToken bool -> new Constant(new BoolLiteral(bool.value()));
      case NameToken name -> named(name);
      case OperatorToken operator -> nested(() -> prefixed(operator));
      case MarkToken mark -> nested(() -> bracketed(mark));
    };
  }

  private Part named(NameToken name) {
    if (at(Mark.LEFT_PAREN)) {
      throw names.noFunction(name.name());
    }
    if (token instanceof TextToken && names.isTimePrefix(name.name())) {
      throw source.cannotParse("%s is not served yet", name.name());
    }
    List<Step> steps = steps();
    if (isNamed(token, "is")) {
      take();
      Column asked =
          names.bare(name.name(), steps).orElseGet(() -> names.column(name.name(), steps));
      return new Condition(nullness(asked));
    }
    return names.column(name.name(), steps);
  }

  /// `["key"]` and `[0]`, as many as there are.
  private List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    while (at(Mark.LEFT_BRACKET)) {
      take();
      steps.add(step(take()));
      require(Mark.RIGHT_BRACKET);
    }
    return steps;
  }

  private Step step(Token inside) {
    return switch (inside) {
      case TextToken text when !text.value().isEmpty() -> new Step.Key(text.value());
      case IntegerToken index -> names.index(integer(index, false).value());
      case NameToken name ->
          throw source.cannotParse("struct field access with [%s] is not served yet", name.name());
      case TextToken _ -> throw source.cannotParse("invalid identifier: an empty key");
      case FloatToken _, BoolToken _, OperatorToken _, MarkToken _ -> throw unexpected(inside);
    };
  }

  /// After `is`: `null` or `not null`, in any case.
  private Expr nullness(Column column) {
    boolean not = at(Operator.NOT) || isNamed(token, "not");
    if (not) {
      take();
    }
    Token last = take();
    if (isNamed(last, "null")) {
      Expr exists = conditions.isNotNull(column);
      return not ? exists : Logic.not(exists);
    }
    throw unexpected(last);
  }

  private Part prefixed(OperatorToken prefix) {
    return switch (prefix.operator()) {
      case ADD -> expression(Operator.PREFIX_SIGN);
      case SUBTRACT -> negated();
      case NOT -> conditions.not(expression(Operator.PREFIX_NOT));
      case EXISTS -> new Condition(conditions.exists(expression(Operator.EXISTS.power())));
      case BIT_NOT -> throw source.cannotParse("unexpected op: ~");
      case OR,
          AND,
          BIT_OR,
          BIT_XOR,
          BIT_AND,
          EQUAL,
          NOT_EQUAL,
          LESS,
          LESS_OR_EQUAL,
          GREATER,
          GREATER_OR_EQUAL,
          IN,
          SHIFT_LEFT,
          SHIFT_RIGHT,
          MULTIPLY,
          DIVIDE,
          MODULO,
          POWER,
          LIKE,
          REGEX_MATCH,
          REGEX_NOT_MATCH ->
          throw unexpected(prefix);
    };
  }

  /// The smallest integer has no positive twin: the sign belongs to its digits, unless they are
  /// raised to a power first.
  private Part negated() {
    if (!(token instanceof IntegerToken digits)) {
      return arithmetics.negate(expression(Operator.PREFIX_SIGN));
    }
    take();
    return at(Operator.POWER)
        ? arithmetics.negate(extend(new Constant(integer(digits, false)), Operator.PREFIX_SIGN))
        : new Constant(integer(digits, true));
  }

  private Part bracketed(MarkToken open) {
    return switch (open.mark()) {
      case LEFT_PAREN -> {
        Part inner = expression(0);
        require(Mark.RIGHT_PAREN);
        yield inner;
      }
      case LEFT_BRACKET -> new Constant(new ListLiteral(elements()));
      case LEFT_BRACE -> new Constant(template());
      case ELEMENT -> throw source.cannotParse("element access with $ is not served yet");
      case ASSIGN, COMMA, RIGHT_PAREN, RIGHT_BRACKET, RIGHT_BRACE, END -> throw unexpected(open);
    };
  }

  /// The constants up to the closing bracket; a comma may follow the last.
  private List<Literal> elements() {
    List<Literal> elements = new ArrayList<>();
    while (!at(Mark.RIGHT_BRACKET)) {
      int start = token.start();
      if (expression(0) instanceof Constant(Literal element)) {
        elements.add(element);
      } else {
        throw source.cannotParse(
            "array element type must be generic value, but got: %s",
            source.part(start, token.start()));
      }
      if (!at(Mark.RIGHT_BRACKET)) {
        require(Mark.COMMA);
      }
    }
    take();
    return elements;
  }

  private Literal template() {
    Token inside = take();
    if (!(inside instanceof NameToken(String name, int _, int _))) {
      throw unexpected(inside);
    }
    require(Mark.RIGHT_BRACE);
    Literal value = templates.get(name);
    if (value == null) {
      throw source.badTemplate(
          "the value of expression template variable name {%s} is not found", name);
    }
    return value;
  }

  private Part apply(Operator operator, Part left) {
    return switch (operator) {
      case OR -> conditions.or(chain(operator, left));
      case AND -> conditions.and(chain(operator, left));
      case EQUAL, NOT_EQUAL -> comparisons.compare(comparison(operator), left, right(operator));
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> relation(operator, left);
      case IN -> new Condition(membership(left));
      case NOT -> {
        require(Operator.IN);
        yield new Condition(Logic.not(membership(left)));
      }
      case ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO ->
          arithmetics.apply(ArithmeticOp.valueOf(operator.name()), left, right(operator));
      case POWER -> arithmetics.power(left, right(operator));
      case LIKE -> new Condition(conditions.like(left, right(operator)));
      case REGEX_MATCH -> throw source.cannotParse("=~ is not served yet");
      case REGEX_NOT_MATCH -> throw source.cannotParse("!~ is not served yet");
      case SHIFT_LEFT -> throw source.cannotParse("shift is not supported: <<");
      case SHIFT_RIGHT -> throw source.cannotParse("shift is not supported: >>");
      case BIT_OR -> throw source.cannotParse("BitOr is not served yet");
      case BIT_XOR -> throw source.cannotParse("BitXor is not served yet");
      case BIT_AND -> throw source.cannotParse("BitAnd is not served yet");
      case BIT_NOT, EXISTS -> throw unexpected(token);
    };
  }

  private Part right(Operator operator) {
    return expression(operator.power());
  }

  /// All operands of `a and b and c` at once, so that long chains are neither deep nor slow.
  private List<Part> chain(Operator operator, Part first) {
    List<Part> parts = new ArrayList<>(List.of(first, right(operator)));
    while (at(operator)) {
      take();
      parts.add(right(operator));
    }
    return parts;
  }

  /// A comparison, or a range such as `1 < a <= 5`.
  private Part relation(Operator first, Part left) {
    Part middle = right(first);
    if (middle instanceof Column column
        && token instanceof OperatorToken(Operator second, int _, int _)
        && second.power() == first.power()) {
      take();
      return conditions.range(left, comparison(first), column, comparison(second), right(second));
    }
    return comparisons.compare(comparison(first), left, middle);
  }

  /// Both enums name them alike.
  private static Comparison comparison(Operator operator) {
    return Comparison.valueOf(operator.name());
  }

  private Expr membership(Part left) {
    if (at(Mark.LEFT_BRACE)) {
      take();
      int start = token.start();
      Literal value = template();
      if (value instanceof ListLiteral list) {
        return conditions.in(left, new Constant(list));
      }
      throw source.badTemplate(
          "the value of term expression template variable {%s} is not array",
          source.part(start, source.text().indexOf('}', start)));
    }
    return conditions.in(left, right(Operator.IN));
  }

  private IntLiteral integer(IntegerToken token, boolean negative) {
    try {
      return new IntLiteral(Literals.parseLong(token.digits(), negative));
    } catch (NumberFormatException _) {
      throw source.cannotParse(
          "parsing \"%s\": value out of range", source.part(token.start(), token.end()));
    }
  }

  private FloatLiteral floating(FloatToken token) {
    try {
      double value = Double.parseDouble(token.digits());
      if (!Double.isInfinite(value)) {
        return new FloatLiteral(value);
      }
    } catch (NumberFormatException _) {
      throw source.cannotParse(
          "parsing \"%s\": invalid syntax", source.part(token.start(), token.end()));
    }
    throw source.cannotParse(
        "parsing \"%s\": value out of range", source.part(token.start(), token.end()));
  }

  private Part nested(Supplier<Part> inner) {
    if (++depth > MAX_DEPTH) {
      throw source.cannotParse("the expression is nested deeper than %d levels", MAX_DEPTH);
    }
    Part part = inner.get();
    depth--;
    return part;
  }

  private Token take() {
    Token taken = token;
    token = lexer.next();
    return taken;
  }

  private boolean at(Mark mark) {
    return token instanceof MarkToken(Mark found, int _, int _) && found == mark;
  }

  private boolean at(Operator operator) {
    return token instanceof OperatorToken(Operator found, int _, int _) && found == operator;
  }

  /// Words that are no keywords are known in any case.
  private static boolean isNamed(Token token, String word) {
    return token instanceof NameToken(String name, int _, int _) && name.equalsIgnoreCase(word);
  }

  private void require(Mark mark) {
    if (!at(mark)) {
      throw unexpected(token);
    }
    take();
  }

  private void require(Operator operator) {
    if (!at(operator)) {
      throw unexpected(token);
    }
    take();
  }

  private DbException unexpected(Token token) {
    String shown = token.start() == token.end() ? "<EOF>" : source.part(token.start(), token.end());
    return source.cannotParseAt(token.start(), "unexpected '%s'", shown);
  }
}
