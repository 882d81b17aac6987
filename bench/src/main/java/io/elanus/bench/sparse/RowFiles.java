package io.elanus.bench.sparse;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Sparse vectors in three files, as peers read them: where rows start, their terms, their weights; 4 bytes each, little-endian.
final class RowFiles {
  private static final int ENTRY_BYTES = 8;

  private RowFiles() {}

  /// @param rows of a term and a weight, each 4 bytes little-endian
  static void write(Path prefix, List<byte[]> rows) throws IOException {
    try (DataOutputStream starts = stream(prefix, "starts");
        DataOutputStream terms = stream(prefix, "terms");
        DataOutputStream weights = stream(prefix, "weights")) {
      int start = 0;
      starts.writeInt(0);
      for (byte[] row : rows) {
        ByteBuffer entries = ByteBuffer.wrap(row).order(ByteOrder.BIG_ENDIAN); // bytes as they come
        while (entries.hasRemaining()) {
          terms.writeInt(entries.getInt());
          weights.writeInt(entries.getInt());
        }
        start += row.length / ENTRY_BYTES;
        starts.writeInt(Integer.reverseBytes(start));
      }
    }
  }

  private static DataOutputStream stream(Path prefix, String name) throws IOException {
    Path file = prefix.resolveSibling(prefix.getFileName() + "." + name);
    return new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)));
  }
}
