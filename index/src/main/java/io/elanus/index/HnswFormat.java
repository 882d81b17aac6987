package io.elanus.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// The bytes of an HNSW file, version 1. Little-endian. Sections start at multiples of 64, gaps are
/// zero. The file holds links only; the vectors stay where they are.
///
/// ```
/// header     0  u8[8]  magic "ELANUSIX"       32  i32  efConstruction
///            8  i32    version, 1             36  i32  entry row, -1 when there are no rows
///           12  i32    kind, 1 = HNSW         40  i64  seed
///           16  i32    metric: 0 L2,          48  i32  top level
///                      1 inner product,       52  i32  upper lists
///                      2 cosine               56  i64  zero
///           20  i32    dimension
///           24  i32    count
///           28  i32    m
/// base      i32[count][2 * m]        level-0 links of each row, the rest of a list is -1
/// slots     i32[count]               the row's first upper list; -1 for a row on level 0 only
/// upper     i32[upper lists][m]      links; a row's lists follow each other, level 1 first
/// norms     f32[count]               1 / |row|, 0 for a zero vector; cosine only, else empty
/// checksum  u32                      CRC32C of all bytes before it
/// ```
final class HnswFormat {
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final MemorySegment MAGIC =
      MemorySegment.ofArray("ELANUSIX".getBytes(StandardCharsets.US_ASCII));
  private static final int VERSION = 1;
  private static final int KIND_HNSW = 1;
  private static final int CHECKSUM_CHUNK_BYTES = 1 << 30;

  private HnswFormat() {}

  static void writeHeader(HnswHeader header, MemorySegment file) {
    MemorySegment.copy(MAGIC, 0, file, 0, MAGIC.byteSize());
    file.set(INT, 8, VERSION);
    file.set(INT, 12, KIND_HNSW);
    file.set(INT, 16, metricCode(header.metric()));
    file.set(INT, 20, header.dimension());
    file.set(INT, 24, header.count());
    file.set(INT, 28, header.m());
    file.set(INT, 32, header.efConstruction());
    file.set(INT, 36, header.entry());
    file.set(LONG, 40, header.seed());
    file.set(INT, 48, header.topLevel());
    file.set(INT, 52, header.upperLists());
  }

  /// Ends a file whose other bytes are all written.
  static void writeChecksum(HnswHeader header, MemorySegment file) {
    file.set(INT, header.checksumStart(), checksum(file, header.checksumStart()));
  }

  /// Reads every byte of `file` once, and throws IndexCorruptException unless all are as written.
  static HnswHeader verify(MemorySegment file) {
    long size = file.byteSize();
    verify(size > HnswHeader.BYTES, "%d bytes are too few for an index file", size);
    verify(
        file.asSlice(0, MAGIC.byteSize()).mismatch(MAGIC) == -1,
        "not an index file: its magic is 0x%016x",
        Long.reverseBytes(file.get(LONG, 0)));
    int version = file.get(INT, 8);
    verify(version == VERSION, "index file of version %d, expected %d", version, VERSION);
    int stored = file.get(INT, size - 4);
    int computed = checksum(file, size - 4);
    verify(stored == computed, "checksum is 0x%08x, file says 0x%08x", computed, stored);
    int kind = file.get(INT, 12);
    verify(kind == KIND_HNSW, "index file of kind %d, expected %d", kind, KIND_HNSW);
    HnswHeader header = readHeader(file);
    verifyShape(header, size);
    return header;
  }

  static HnswHeader readHeader(MemorySegment file) {
    return new HnswHeader(
        metric(file.get(INT, 16)),
        file.get(INT, 20),
        file.get(INT, 24),
        file.get(INT, 28),
        file.get(INT, 32),
        file.get(LONG, 40),
        file.get(INT, 36),
        file.get(INT, 48),
        file.get(INT, 52));
  }

  @SuppressWarnings("AnnotateFormatMethod")
  static void verify(boolean holds, String message, Object... values) {
    if (!holds) {
      throw new IndexCorruptException(message.formatted(values));
    }
  }

  private static void verifyShape(HnswHeader header, long size) {
    boolean sane =
        header.dimension() >= 1
            && header.count() >= 0
            && header.m() >= IndexParams.Hnsw.MIN_M
            && header.m() <= IndexParams.Hnsw.MAX_M
            && header.entry() >= (header.count() == 0 ? -1 : 0)
            && header.entry() < header.count()
            && header.topLevel() >= 0
            && header.upperLists() >= header.topLevel();
    verify(sane, "impossible values in %s", header);
    verify(header.fileBytes() == size, "file has %d bytes, not %d", size, header.fileBytes());
  }

  private static int checksum(MemorySegment file, long end) {
    CRC32C checksum = new CRC32C();
    for (long at = 0; at < end; at += CHECKSUM_CHUNK_BYTES) {
      checksum.update(file.asSlice(at, Math.min(CHECKSUM_CHUNK_BYTES, end - at)).asByteBuffer());
    }
    return (int) checksum.getValue();
  }

  private static int metricCode(Metric metric) {
    return switch (metric) {
      case L2 -> 0;
      case INNER_PRODUCT -> 1;
      case COSINE -> 2;
    };
  }

  private static Metric metric(int code) {
    return switch (code) {
      case 0 -> Metric.L2;
      case 1 -> Metric.INNER_PRODUCT;
      case 2 -> Metric.COSINE;
      default -> throw new IndexCorruptException("unknown metric %d".formatted(code));
    };
  }
}
