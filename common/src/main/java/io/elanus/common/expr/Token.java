package io.elanus.common.expr;

/// A word of a filter, and where it stands in the text.
sealed interface Token {
  int start();

  int end();

  record OperatorToken(Operator operator, int start, int end) implements Token {}

  /// Brackets, commas and the like.
  record MarkToken(Mark mark, int start, int end) implements Token {}

  record NameToken(String name, int start, int end) implements Token {}

  /// @param digits as written
  record IntegerToken(String digits, int start, int end) implements Token {}

  /// @param digits as written
  record FloatToken(String digits, int start, int end) implements Token {}

  /// @param value what its escapes stand for
  record TextToken(String value, int start, int end) implements Token {}

  record BoolToken(boolean value, int start, int end) implements Token {}

  enum Mark {
    ASSIGN,
    COMMA,
    LEFT_PAREN,
    RIGHT_PAREN,
    LEFT_BRACKET,
    RIGHT_BRACKET,
    LEFT_BRACE,
    RIGHT_BRACE,
    /// `$`, the element inside an element filter.
    ELEMENT,
    END
  }
}
