package io.elanus.bench.recall;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A two-dimensional NumPy array, read as floats (NEP 1, versions 1 to 3; C order; u1, i4, f4).
record Npy(float[] values, int rows, int columns) {
  private static final Pattern HEADER =
      Pattern.compile(
          "'descr': '[<|]([uif]\\d)'.*'fortran_order': False.*'shape': \\((\\d+), (\\d+)\\)");

  static Npy read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer bytes =
          channel
              .map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
              .order(ByteOrder.LITTLE_ENDIAN);
      boolean shortHeader = bytes.get(6) == 1;
      int headerStart = shortHeader ? 10 : 12;
      int headerSize = shortHeader ? Short.toUnsignedInt(bytes.getShort(8)) : bytes.getInt(8);
      byte[] text = new byte[headerSize];
      bytes.get(headerStart, text);
      Matcher header = HEADER.matcher(new String(text, StandardCharsets.ISO_8859_1));
      if (!header.find()) {
        throw new IOException("%s: not a two-dimensional u1, i4 or f4 array".formatted(file));
      }
      int rows = Integer.parseInt(header.group(2));
      int columns = Integer.parseInt(header.group(3));
      bytes.position(headerStart + headerSize);
      return new Npy(
          floats(bytes.slice().order(ByteOrder.LITTLE_ENDIAN), header.group(1), rows * columns),
          rows,
          columns);
    }
  }

  float[] row(int index) {
    return Arrays.copyOfRange(values, index * columns, (index + 1) * columns);
  }

  private static float[] floats(ByteBuffer bytes, String type, int count) throws IOException {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          switch (type) {
            case "u1" -> Byte.toUnsignedInt(bytes.get(i));
            case "i4" -> bytes.getInt(i * 4);
            case "f4" -> bytes.getFloat(i * 4);
            default -> throw new IOException("numbers of type " + type + " are not read");
          };
    }
    return values;
  }
}
