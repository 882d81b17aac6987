package io.elanus.proxy.value;

import io.elanus.common.error.ErrorCode;
import io.elanus.proxy.Invalid;
import java.math.BigDecimal;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/// Geometries in two dimensions, as well-known text and as well-known binary.
///
/// ```
/// WKB    order (1: little-endian), kind (4), then
///        point: x (8), y (8)               others: number of parts (4), parts
/// parts  line: points without order and kind    polygon: rings, each a number of points (4) and the points
///        multi...: geometries                   collection: geometries
/// ```
///
/// Source: OpenGIS Simple Feature Access, part 1, sections 7 and 8. An empty point has NaN for both.
final class Wkt {
  /// How deep collections may lie in each other.
  private static final int MAX_DEPTH = 16;

  private static final int MAX_BYTES = 1 << 26;

  private enum Kind {
    POINT,
    LINESTRING,
    POLYGON,
    MULTIPOINT,
    MULTILINESTRING,
    MULTIPOLYGON,
    GEOMETRYCOLLECTION
  }

  private final String text;
  private int at;
  private ByteBuffer out = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);

  private Wkt(String text) {
    this.text = text;
  }

  /// @throws io.elanus.common.error.DbException `INVALID_PARAMETER` for a text that is no geometry
  static byte[] toWkb(String text) {
    Wkt parser = new Wkt(text);
    parser.geometry(0);
    parser.skipBlanks();
    if (parser.at != text.length()) {
      throw parser.invalid();
    }
    byte[] wkb = new byte[parser.out.position()];
    parser.out.flip().get(wkb);
    return wkb;
  }

  private void geometry(int depth) {
    String word = word();
    for (Kind kind : Kind.values()) {
      if (kind.name().equals(word) && depth < MAX_DEPTH) {
        start(kind);
        body(kind, depth);
        return;
      }
    }
    throw invalid();
  }

  private void start(Kind kind) {
    room(5).put((byte) 1).putInt(kind.ordinal() + 1);
  }

  private void body(Kind kind, int depth) {
    int word = at;
    boolean empty = word().equals("EMPTY");
    if (!empty) {
      at = word;
    }
    switch (kind) {
      case POINT -> {
        if (empty) {
          room(16).putDouble(Double.NaN).putDouble(Double.NaN);
        } else {
          require('(');
          point();
          require(')');
        }
      }
      case LINESTRING -> list(empty, this::point);
      case POLYGON -> list(empty, () -> list(false, this::point));
      case MULTIPOINT -> list(empty, this::pointOfMany);
      case MULTILINESTRING -> list(empty, () -> part(Kind.LINESTRING, depth));
      case MULTIPOLYGON -> list(empty, () -> part(Kind.POLYGON, depth));
      case GEOMETRYCOLLECTION -> list(empty, () -> geometry(depth + 1));
    }
  }

  private void part(Kind kind, int depth) {
    start(kind);
    body(kind, depth);
  }

  /// In brackets of its own, or without.
  private void pointOfMany() {
    start(Kind.POINT);
    skipBlanks();
    boolean bracketed = at < text.length() && text.charAt(at) == '(';
    if (bracketed) {
      require('(');
    }
    point();
    if (bracketed) {
      require(')');
    }
  }

  private void list(boolean empty, Runnable element) {
    int countAt = out.position();
    room(4).putInt(0);
    if (empty) {
      return;
    }
    require('(');
    int count = 0;
    do {
      element.run();
      count++;
    } while (take(','));
    require(')');
    out.putInt(countAt, count);
  }

  private void point() {
    double x = number();
    room(16).putDouble(x).putDouble(number());
  }

  private double number() {
    skipBlanks();
    int start = at;
    while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    try {
      double value = Double.parseDouble(text.substring(start, at));
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException _) {
      throw invalid();
    }
    throw invalid();
  }

  private String word() {
    skipBlanks();
    int start = at;
    while (at < text.length() && Character.isLetter(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at).toUpperCase(Locale.ROOT);
  }

  private void skipBlanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private boolean take(char mark) {
    skipBlanks();
    boolean found = at < text.length() && text.charAt(at) == mark;
    at += found ? 1 : 0;
    return found;
  }

  private void require(char mark) {
    if (!take(mark)) {
      throw invalid();
    }
  }

  private RuntimeException invalid() {
    String shown = text.length() > 80 ? text.substring(0, 80) + "..." : text;
    return Invalid.parameter("invalid wkt data '%s' at position %d", shown, at);
  }

  private ByteBuffer room(int bytes) {
    if (out.remaining() < bytes) {
      if (out.capacity() > MAX_BYTES) {
        throw Invalid.parameter("a geometry takes at most %d bytes", MAX_BYTES);
      }
      out = ByteBuffer.allocate(2 * out.capacity()).order(ByteOrder.LITTLE_ENDIAN).put(out.flip());
    }
    return out;
  }

  /// @throws io.elanus.common.error.DbException `CORRUPT` for bytes that [#toWkb] did not make
  static String ofWkb(byte[] wkb) {
    ByteBuffer in = ByteBuffer.wrap(wkb);
    StringBuilder text = new StringBuilder();
    try {
      write(in, text, true);
      return text.toString();
    } catch (BufferUnderflowException | IllegalArgumentException _) {
      throw ErrorCode.CORRUPT.because("a geometry of %d bytes cannot be read", wkb.length);
    }
  }

  private static void write(ByteBuffer in, StringBuilder text, boolean named) {
    in.order(in.get() == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int number = in.getInt();
    if (number < 1 || number > Kind.values().length) {
      throw new IllegalArgumentException("kind " + number);
    }
    Kind kind = Kind.values()[number - 1];
    if (named) {
      text.append(kind).append(' ');
    }
    switch (kind) {
      case POINT -> {
        double x = in.getDouble();
        double y = in.getDouble();
        if (Double.isNaN(x) && Double.isNaN(y)) {
          text.append("EMPTY");
        } else {
          write(x, y, text.append('('));
          text.append(')');
        }
      }
      case LINESTRING -> writeList(in, text, () -> write(in.getDouble(), in.getDouble(), text));
      case POLYGON ->
          writeList(
              in,
              text,
              () -> writeList(in, text, () -> write(in.getDouble(), in.getDouble(), text)));
      case MULTIPOINT, MULTILINESTRING, MULTIPOLYGON ->
          writeList(in, text, () -> write(in, text, false));
      case GEOMETRYCOLLECTION -> writeList(in, text, () -> write(in, text, true));
    }
  }

  private static void writeList(ByteBuffer in, StringBuilder text, Runnable element) {
    int count = in.getInt();
    if (count == 0) {
      text.append("EMPTY");
      return;
    }
    text.append('(');
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : ", ");
      element.run();
    }
    text.append(')');
  }

  private static void write(double x, double y, StringBuilder text) {
    text.append(text(x)).append(' ').append(text(y));
  }

  /// The shortest digits that say the value, without an exponent.
  private static String text(double value) {
    return value == 0
        ? "0"
        : new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
  }
}
