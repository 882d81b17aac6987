package io.elanus.common.expr;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Escapes in the texts of a filter: those of C (a backslash before `n`, `"`, `x41`, `101`,
/// `u00e4`, `U0001f600`). `\x` and octal escapes are bytes of UTF-8. A backslash before anything
/// else stays, for the patterns of `like`.
final class Escapes {
  private static final String LETTERS = "abfnrtv\\'\"?";
  private static final String VALUES = "\u0007\b\f\n\r\t\u000b\\'\"?";

  private final FilterSource source;
  private final String text;
  private final int end;
  private final ByteArrayOutputStream utf8 = new ByteArrayOutputStream();
  private int at;

  private Escapes(FilterSource source, String text, int start, int end) {
    this.source = source;
    this.text = text;
    this.at = start;
    this.end = end;
  }

  /// What `text` between the two offsets stands for.
  static String decode(FilterSource source, String text, int start, int end) {
    int backslash = text.indexOf('\\', start, end);
    return backslash < 0
        ? text.substring(start, end)
        : new Escapes(source, text, start, end).decode();
  }

  private String decode() {
    int start = at;
    while (at < end) {
      int backslash = text.indexOf('\\', at, end);
      int plainEnd = backslash < 0 ? end : backslash;
      append(text.substring(at, plainEnd));
      at = plainEnd;
      if (at < end) {
        escape();
      }
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(utf8.toByteArray());
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException _) {
      throw source.cannotParseAt(start, "escapes that are no UTF-8");
    }
  }

  private void escape() {
    char kind = text.charAt(at + 1);
    int known = LETTERS.indexOf(kind);
    if (known >= 0) {
      append(VALUES.substring(known, known + 1));
      at += 2;
    } else if (kind >= '0' && kind <= '7') {
      utf8.write(octal());
    } else {
      switch (kind) {
        case 'x' -> utf8.write(hex(2));
        case 'u' -> append(unit());
        case 'U' -> append(codePoint(hex(8)));
        case '\n' -> at += 2;
        default -> {
          append("\\");
          at++;
        }
      }
    }
  }

  /// Up to three octal digits.
  private int octal() {
    int value = 0;
    int last = Math.min(end, at + 4);
    for (at++; at < last && Character.digit(text.charAt(at), 8) >= 0; at++) {
      value = value * 8 + Character.digit(text.charAt(at), 8);
    }
    return value & 0xff;
  }

  /// An escape of 16 bits, or two that are a surrogate pair.
  private String unit() {
    int first = hex(4);
    if (Character.isHighSurrogate((char) first) && text.startsWith("\\u", at) && at + 2 < end) {
      int second = hex(4);
      if (Character.isLowSurrogate((char) second)) {
        return Character.toString(Character.toCodePoint((char) first, (char) second));
      }
    }
    return codePoint(first);
  }

  private String codePoint(int value) {
    if (!Character.isValidCodePoint(value) || value >= 0xd800 && value <= 0xdfff) {
      throw source.cannotParseAt(at, "an escape of no character");
    }
    return Character.toString(value);
  }

  /// Exactly so many hexadecimal digits after a backslash and a letter.
  private int hex(int digits) {
    int start = at + 2;
    int value = 0;
    for (int i = start; i < start + digits; i++) {
      int digit = i < end ? Character.digit(text.charAt(i), 16) : -1;
      if (digit < 0) {
        throw source.cannotParseAt(at, "an escape of fewer than %d hexadecimal digits", digits);
      }
      value = value << 4 | digit;
    }
    at = start + digits;
    return value;
  }

  private void append(String plain) {
    utf8.writeBytes(plain.getBytes(StandardCharsets.UTF_8));
  }
}
