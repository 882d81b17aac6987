package io.elanus.segment.filter;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A pattern of LIKE, compiled: `%` stands for any characters, `_` for one, a backslash makes the
/// next character ordinary. Texts are matched as UTF-8.
///
/// ```
/// ab%c_d%e    pieces: "ab" at the start, "c_d" wherever it comes first, "e" at the end
/// ```
/// Taking each piece where it comes first is enough, because what follows a `%` only gains from
/// more room: nothing is tried twice, and the time is at most the text's length times the longest
/// piece's.
///
/// @param pieces what stands between the `%`; bytes, or [#ANY] for one character
record LikePattern(List<int[]> pieces) {
  private static final int ANY = -1;

  static LikePattern of(String pattern) {
    List<int[]> pieces = new ArrayList<>();
    List<Integer> piece = new ArrayList<>();
    boolean escaped = false;
    for (int at = 0; at < pattern.length(); at += Character.charCount(pattern.codePointAt(at))) {
      int c = pattern.codePointAt(at);
      if (!escaped && c == '\\' && at + 1 < pattern.length()) {
        escaped = true;
        continue;
      }
      if (!escaped && c == '%') {
        pieces.add(toArray(piece));
        piece.clear();
      } else if (!escaped && c == '_') {
        piece.add(ANY);
      } else {
        addUtf8(piece, c);
      }
      escaped = false;
    }
    pieces.add(toArray(piece));
    return new LikePattern(List.copyOf(pieces));
  }

  private static void addUtf8(List<Integer> piece, int codePoint) {
    for (byte b : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
      piece.add(b & 0xff);
    }
  }

  private static int[] toArray(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }

  boolean matches(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return matches(utf8, utf8.length);
  }

  /// @param text UTF-8 in its first `length` bytes
  boolean matches(byte[] text, int length) {
    int start = endOf(pieces.getFirst(), text, 0, length);
    if (pieces.size() == 1) {
      return start == length;
    }
    int end = start < 0 ? -1 : startOf(pieces.getLast(), text, start, length);
    if (end < 0) {
      return false;
    }
    for (int i = 1; i < pieces.size() - 1 && start >= 0; i++) {
      start = endOfFirst(pieces.get(i), text, start, end);
    }
    return start >= 0;
  }

  /// Where `piece` ends when it starts at `start`, or -1.
  private static int endOf(int[] piece, byte[] text, int start, int limit) {
    int at = start;
    for (int expected : piece) {
      if (at >= limit || (expected != ANY && (text[at] & 0xff) != expected)) {
        return -1;
      }
      at++;
      while (expected == ANY && at < limit && isContinuation(text[at])) {
        at++;
      }
    }
    return at;
  }

  /// Where `piece` starts when it ends at `end`, or -1.
  private static int startOf(int[] piece, byte[] text, int limit, int end) {
    int at = end;
    for (int i = piece.length - 1; i >= 0; i--) {
      if (at <= limit) {
        return -1;
      }
      at--;
      while (piece[i] == ANY && at > limit && isContinuation(text[at])) {
        at--;
      }
      if (piece[i] != ANY && (text[at] & 0xff) != piece[i]) {
        return -1;
      }
    }
    return at;
  }

  /// Where `piece` ends at its first occurrence from `start` on, or -1.
  private static int endOfFirst(int[] piece, byte[] text, int start, int limit) {
    for (int at = start; at <= limit; at++) {
      boolean wholeCharacter = at == limit || !isContinuation(text[at]);
      int end = wholeCharacter ? endOf(piece, text, at, limit) : -1;
      if (end >= 0) {
        return end;
      }
    }
    return -1;
  }

  private static boolean isContinuation(byte b) {
    return (b & 0xc0) == 0x80;
  }
}
