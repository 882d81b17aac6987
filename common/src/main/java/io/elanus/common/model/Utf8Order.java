package io.elanus.common.model;

/// The order of texts by their UTF-8 bytes, which is the order of their code points. It differs from
/// [String#compareTo] where surrogates meet the characters from U+E000 to U+FFFF.
public final class Utf8Order {
  private Utf8Order() {}

  /// Negative, zero or positive as `a` comes before, with or after `b`.
  public static int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        return Integer.compare(rank(x), rank(y));
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /// Surrogates sort above every other character, as their code points do.
  private static int rank(char c) {
    return Character.isSurrogate(c) ? c + 0x10000 : c;
  }
}
