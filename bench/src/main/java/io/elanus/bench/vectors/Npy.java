package io.elanus.bench.vectors;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.IntFunction;
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
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int MAJOR_AT = 6;
  private static final int SIZE_AT = 8;

  /// Of what is written: values begin where a cache line does.
  private static final int HEADER_BYTES = 128;

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

  /// Writes values as float32.
  ///
  /// @param row the values of each row, `columns` of them
  public static void write(Path file, int rows, int columns, IntFunction<float[]> row)
      throws IOException {
    String text =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }".formatted(rows, columns);
    String header = text + " ".repeat(HEADER_BYTES - SIZE_AT - Short.BYTES - text.length() - 1);
    ByteBuffer line =
        ByteBuffer.allocate(Math.max(HEADER_BYTES, Float.BYTES * columns))
            .order(ByteOrder.LITTLE_ENDIAN);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      line.put(MAGIC).putShort((short) (HEADER_BYTES - SIZE_AT - Short.BYTES));
      line.put((header + "\n").getBytes(StandardCharsets.ISO_8859_1));
      out.write(line.array(), 0, line.position());
      for (int i = 0; i < rows; i++) {
        line.clear().asFloatBuffer().put(row.apply(i), 0, columns);
        out.write(line.array(), 0, Float.BYTES * columns);
      }
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
