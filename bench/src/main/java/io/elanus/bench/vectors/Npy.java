package io.elanus.bench.vectors;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A two-dimensional NumPy array (NEP 1, versions 1 to 3; C order; little-endian), whose values are read as floats. The
/// file is mapped for as long as the process lives.
///
/// - `values`: the array's bytes, without the header.
public record Npy(MemorySegment values, Type type, int rows, int columns) {
  private static final Pattern HEADER =
      Pattern.compile(
          "'descr': '[<|](\\w\\d)'.*'fortran_order': False.*'shape': \\((\\d+), (\\d+)\\)");
  private static final int MAJOR_AT = 6;
  private static final int SIZE_AT = 8;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// What a value is.
  public enum Type {
    U1(1),
    I4(4),
    F4(4);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    private static Type of(String name, Path file) throws IOException {
      return switch (name) {
        case "u1" -> U1;
        case "i4" -> I4;
        case "f4" -> F4;
        default ->
            throw new IOException("%s: numbers of type %s are not read".formatted(file, name));
      };
    }
  }

  /// Throws IOException where `file` is no array of two dimensions of a [Type], or is shorter than it says.
  public static Npy read(Path file) throws IOException {
    MemorySegment bytes;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.global());
    }
    boolean shortHeader = bytes.get(ValueLayout.JAVA_BYTE, MAJOR_AT) == 1;
    int start = SIZE_AT + (shortHeader ? Short.BYTES : Integer.BYTES);
    int size =
        shortHeader ? Short.toUnsignedInt(bytes.get(SHORT, SIZE_AT)) : bytes.get(INT, SIZE_AT);
    byte[] text = bytes.asSlice(start, size).toArray(ValueLayout.JAVA_BYTE);
    Matcher header = HEADER.matcher(new String(text, StandardCharsets.ISO_8859_1));
    if (!header.find()) {
      throw new IOException("%s: not a two-dimensional array in C order".formatted(file));
    }
    Type type = Type.of(header.group(1), file);
    int rows = Integer.parseInt(header.group(2));
    int columns = Integer.parseInt(header.group(3));
    long length = (long) type.bytes * rows * columns;
    if (bytes.byteSize() < start + size + length) {
      throw new IOException("%s: shorter than its %d x %d values".formatted(file, rows, columns));
    }
    return new Npy(bytes.asSlice(start + size, length), type, rows, columns);
  }

  /// A copy of row `index`.
  public float[] row(int index) {
    float[] row = new float[columns];
    for (int i = 0; i < columns; i++) {
      row[i] = value(index, i);
    }
    return row;
  }

  public float value(int row, int column) {
    long at = (long) row * columns + column;
    return switch (type) {
      case U1 -> Byte.toUnsignedInt(values.get(ValueLayout.JAVA_BYTE, at));
      case I4 -> values.get(INT, 4 * at);
      case F4 -> values.get(FLOAT, 4 * at);
    };
  }
}
