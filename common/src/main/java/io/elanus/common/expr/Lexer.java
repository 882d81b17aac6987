package io.elanus.common.expr;

import static java.util.Map.entry;

import io.elanus.common.expr.Token.BoolToken;
import io.elanus.common.expr.Token.FloatToken;
import io.elanus.common.expr.Token.IntegerToken;
import io.elanus.common.expr.Token.Mark;
import io.elanus.common.expr.Token.MarkToken;
import io.elanus.common.expr.Token.NameToken;
import io.elanus.common.expr.Token.OperatorToken;
import io.elanus.common.expr.Token.TextToken;
import io.elanus.common.model.Field;
import java.util.Map;

/// Cuts a filter into words, one at a time, in one pass.
final class Lexer {
  private static final Map<String, Operator> KEYWORDS =
      Map.ofEntries(
          entry("and", Operator.AND),
          entry("AND", Operator.AND),
          entry("or", Operator.OR),
          entry("OR", Operator.OR),
          entry("not", Operator.NOT),
          entry("NOT", Operator.NOT),
          entry("in", Operator.IN),
          entry("IN", Operator.IN),
          entry("like", Operator.LIKE),
          entry("LIKE", Operator.LIKE),
          entry("exists", Operator.EXISTS),
          entry("EXISTS", Operator.EXISTS));
  private static final Map<String, Boolean> BOOLS =
      Map.of(
          "true", true, "True", true, "TRUE", true, "false", false, "False", false, "FALSE", false);

  private final FilterSource source;
  private final String text;
  private int at;

  Lexer(FilterSource source) {
    this.source = source;
    this.text = source.text();
  }

  Token next() {
    while (" \t\r\n".indexOf(peek(0)) >= 0) {
      at++;
    }
    char c = peek(0);
    if (at >= text.length()) {
      return new MarkToken(Mark.END, at, at);
    }
    if ((c == 'r' || c == 'R') && isQuote(peek(1))) {
      return rawText();
    }
    if (isNameStart(c)) {
      return name();
    }
    if (isDigit(c) || c == '.' && isDigit(peek(1))) {
      return number();
    }
    return isQuote(c) ? text() : symbol();
  }

  private Token name() {
    int start = at;
    while (isNameStart(peek(0)) || isDigit(peek(0))) {
      at++;
    }
    String name = text.substring(start, at);
    if (KEYWORDS.containsKey(name)) {
      return new OperatorToken(KEYWORDS.get(name), start, at);
    }
    if (BOOLS.containsKey(name)) {
      return new BoolToken(BOOLS.get(name), start, at);
    }
    return new NameToken(name, start, at);
  }

  private Token number() {
    int start = at;
    char prefix = Character.toLowerCase(peek(1));
    if (peek(0) == '0' && (prefix == 'x' || prefix == 'b')) {
      at += 2;
      return digits(start, prefix == 'x' ? 16 : 2, 'p');
    }
    return digits(start, 10, 'e');
  }

  /// Digits with at most one point, then perhaps an exponent, which always is decimal.
  private Token digits(int start, int radix, char exponent) {
    skipDigits(radix);
    boolean floating = peek(0) == '.' && radix != 2;
    if (floating) {
      at++;
      skipDigits(radix);
    }
    int sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
    if (Character.toLowerCase(peek(0)) == exponent && isDigit(peek(1 + sign)) && radix != 2) {
      floating = true;
      at += 1 + sign;
      skipDigits(10);
    }
    String digits = text.substring(start, at);
    return floating ? new FloatToken(digits, start, at) : new IntegerToken(digits, start, at);
  }

  private void skipDigits(int radix) {
    while (at < text.length() && peek(0) < 0x80 && Character.digit(peek(0), radix) >= 0) {
      at++;
    }
  }

  private Token text() {
    int start = at;
    int end = closingQuote(start);
    String value = Escapes.decode(source, text, start + 1, end);
    at = end + 1;
    return new TextToken(value, start, at);
  }

  /// In a raw text a backslash stays, and only keeps the quote after it from ending the text.
  private Token rawText() {
    int start = at;
    int end = closingQuote(start + 1);
    at = end + 1;
    return new TextToken(text.substring(start + 2, end), start, at);
  }

  private int closingQuote(int open) {
    char quote = text.charAt(open);
    for (int i = open + 1; i < text.length(); i++) {
      if (text.charAt(i) == quote) {
        return i;
      }
      if (text.charAt(i) == '\\') {
        i++;
      }
    }
    throw source.cannotParseAt(open, "text without its closing %c", quote);
  }

  private Token symbol() {
    int start = at;
    char second = peek(1);
    return switch (text.charAt(at)) {
      case '(' -> take(Mark.LEFT_PAREN, 1);
      case ')' -> take(Mark.RIGHT_PAREN, 1);
      case '[' -> take(Mark.LEFT_BRACKET, 1);
      case ']' -> take(Mark.RIGHT_BRACKET, 1);
      case '{' -> take(Mark.LEFT_BRACE, 1);
      case '}' -> take(Mark.RIGHT_BRACE, 1);
      case ',' -> take(Mark.COMMA, 1);
      case '+' -> take(Operator.ADD, 1);
      case '-' -> take(Operator.SUBTRACT, 1);
      case '/' -> take(Operator.DIVIDE, 1);
      case '%' -> take(Operator.MODULO, 1);
      case '^' -> take(Operator.BIT_XOR, 1);
      case '~' -> take(Operator.BIT_NOT, 1);
      case '*' -> second == '*' ? take(Operator.POWER, 2) : take(Operator.MULTIPLY, 1);
      case '&' -> second == '&' ? take(Operator.AND, 2) : take(Operator.BIT_AND, 1);
      case '|' -> second == '|' ? take(Operator.OR, 2) : take(Operator.BIT_OR, 1);
      case '<', '>' -> less(second);
      case '=', '!' -> equal(second);
      case '$' -> dollar();
      default -> throw source.cannotParseAt(start, "token recognition error at: '%s'", shown());
    };
  }

  private Token less(char second) {
    boolean less = peek(0) == '<';
    if (second == peek(0)) {
      return take(less ? Operator.SHIFT_LEFT : Operator.SHIFT_RIGHT, 2);
    }
    if (second == '=') {
      return take(less ? Operator.LESS_OR_EQUAL : Operator.GREATER_OR_EQUAL, 2);
    }
    return take(less ? Operator.LESS : Operator.GREATER, 1);
  }

  private Token equal(char second) {
    boolean not = peek(0) == '!';
    if (second == '=') {
      return take(not ? Operator.NOT_EQUAL : Operator.EQUAL, 2);
    }
    if (second == '~') {
      return take(not ? Operator.REGEX_NOT_MATCH : Operator.REGEX_MATCH, 2);
    }
    return not ? take(Operator.NOT, 1) : take(Mark.ASSIGN, 1);
  }

  private Token dollar() {
    if (text.startsWith(Field.DYNAMIC_NAME, at)) {
      int start = at;
      at += Field.DYNAMIC_NAME.length();
      return new NameToken(Field.DYNAMIC_NAME, start, at);
    }
    return take(Mark.ELEMENT, 1);
  }

  private Token take(Operator operator, int length) {
    at += length;
    return new OperatorToken(operator, at - length, at);
  }

  private Token take(Mark mark, int length) {
    at += length;
    return new MarkToken(mark, at - length, at);
  }

  private String shown() {
    return Character.toString(text.codePointAt(at));
  }

  /// The character so many places on; 0, which no filter can use, past the end.
  private char peek(int ahead) {
    return at + ahead < text.length() ? text.charAt(at + ahead) : 0;
  }

  private static boolean isQuote(char c) {
    return c == '"' || c == '\'';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNameStart(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
  }
}
