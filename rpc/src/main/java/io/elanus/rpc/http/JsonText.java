package io.elanus.rpc.http;

/// Strings as JSON writes them. For the few answers of this module that need no JSON library.
public final class JsonText {
  private JsonText() {}

  /// `text` in quotes, with everything escaped that JSON asks for.
  public static String quote(String text) {
    StringBuilder json = new StringBuilder(text.length() + 2).append('"');
    text.chars().forEach(c -> appendEscaped(json, (char) c));
    return json.append('"').toString();
  }

  private static void appendEscaped(StringBuilder json, char c) {
    switch (c) {
      case '"' -> json.append("\\\"");
      case '\\' -> json.append("\\\\");
      case '\n' -> json.append("\\n");
      case '\r' -> json.append("\\r");
      case '\t' -> json.append("\\t");
      default -> {
        if (c < ' ') {
          json.append("\\u%04x".formatted((int) c));
        } else {
          json.append(c);
        }
      }
    }
  }
}
