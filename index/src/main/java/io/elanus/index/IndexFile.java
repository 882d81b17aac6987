package io.elanus.index;

import io.elanus.index.kernel.ValueType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// What the files of all kinds of indexes have in common. Little-endian; sections start at multiples of 64, gaps are
/// zero.
///
/// ```
/// start      0  u8[8]  magic "ELANUSIX"
///            8  i32    version, 1; 2 of graphs with packed links, and of lists of vectors that can be read one by one
///           12  i32    kind
///           16  i32    metric: 0 L2, 1 inner product, 2 cosine; 0 of MinHash signatures, which have their own
///           20  i32    dimension; 0 of sparse vectors
///           24  i32    count of vectors
///           28         what the kind puts there, up to 60
///           60  i32    values of the vectors: 0 float32, 1 float16, 2 bfloat16, 3 int8; 0 of sparse vectors and of bits
/// ...                  its sections
/// end           u32    CRC32C of all bytes before it
/// ```
final class IndexFile {
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static final int HEADER_BYTES = 64;
  static final int CHECKSUM_BYTES = 4;
  static final int ALIGNMENT = 64;

  private static final MemorySegment MAGIC =
      MemorySegment.ofArray("ELANUSIX".getBytes(StandardCharsets.US_ASCII));

  /// The JVM sums what it is given in one go, and stops for nothing meanwhile, not for a collection either: a chunk
  /// that comes from a disk may take long.
  private static final int CHECKSUM_CHUNK_BYTES = 1 << 20;

  /// Which index a file holds.
  enum Kind {
    HNSW(1, 2),
    IVF_FLAT(2, 2),
    HNSW_SQ(3, 2),
    IVF_SQ(4),
    IVF_BIT(5),
    HNSW_BIT(6),
    HNSW_PAGED(7),
    SPARSE_INVERTED(16),
    MINHASH_LSH(17);

    private final int code;
    private final int newestVersion;

    Kind(int code) {
      this(code, 1);
    }

    Kind(int code, int newestVersion) {
      this.code = code;
      this.newestVersion = newestVersion;
    }

    private static Kind of(int code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new IndexCorruptException("index file of unknown kind %d".formatted(code));
    }
  }

  private IndexFile() {}

  /// @param type of the vectors' values
  static void writeStart(
      MemorySegment file, Kind kind, Metric metric, int dimension, ValueType type, int count) {
    MemorySegment.copy(MAGIC, 0, file, 0, MAGIC.byteSize());
    writeVersion(file, 1);
    file.set(INT, 12, kind.code);
    file.set(INT, 16, metricCode(metric));
    file.set(INT, 20, dimension);
    file.set(INT, 24, count);
    file.set(INT, 60, valueCode(type));
  }

  static void writeVersion(MemorySegment file, int version) {
    file.set(INT, 8, version);
  }

  /// Ends a file whose other bytes are all written.
  static void writeChecksum(MemorySegment file) {
    long end = file.byteSize() - CHECKSUM_BYTES;
    file.set(INT, end, checksum(file, end));
  }

  /// Reads every byte of `file` once, and throws IndexCorruptException unless all are as written.
  static void verify(MemorySegment file) {
    kind(file);
    long end = file.byteSize() - CHECKSUM_BYTES;
    int stored = file.get(INT, end);
    int computed = checksum(file, end);
    verify(stored == computed, "checksum is 0x%08x, file says 0x%08x", computed, stored);
  }

  /// Throws IndexCorruptException unless `file` has as many bytes as its start says.
  static void verifySize(MemorySegment file, long bytes) {
    verify(file.byteSize() == bytes, "file has %d bytes, not %d", file.byteSize(), bytes);
  }

  /// What `file` holds, by its start. Throws IndexCorruptException unless it is an index file.
  static Kind kind(MemorySegment file) {
    long size = file.byteSize();
    verify(size >= HEADER_BYTES, "%d bytes are too few for an index file", size);
    verify(
        file.asSlice(0, MAGIC.byteSize()).mismatch(MAGIC) == -1,
        "not an index file: its magic is 0x%016x",
        Long.reverseBytes(file.get(LONG, 0)));
    Kind kind = Kind.of(file.get(INT, 12));
    int version = version(file);
    verify(
        version >= 1 && version <= kind.newestVersion,
        "index file of version %d, expected %d",
        version,
        kind.newestVersion);
    return kind;
  }

  static int version(MemorySegment file) {
    return file.get(INT, 8);
  }

  static Metric metric(MemorySegment file) {
    int code = file.get(INT, 16);
    return switch (code) {
      case 0 -> Metric.L2;
      case 1 -> Metric.INNER_PRODUCT;
      case 2 -> Metric.COSINE;
      default -> throw new IndexCorruptException("unknown metric %d".formatted(code));
    };
  }

  static int dimension(MemorySegment file) {
    return file.get(INT, 20);
  }

  static int count(MemorySegment file) {
    return file.get(INT, 24);
  }

  static ValueType valueType(MemorySegment file) {
    int code = file.get(INT, 60);
    return switch (code) {
      case 0 -> ValueType.FLOAT32;
      case 1 -> ValueType.FLOAT16;
      case 2 -> ValueType.BFLOAT16;
      case 3 -> ValueType.INT8;
      default -> throw new IndexCorruptException("unknown values %d".formatted(code));
    };
  }

  private static int valueCode(ValueType type) {
    return switch (type) {
      case FLOAT32 -> 0;
      case FLOAT16 -> 1;
      case BFLOAT16 -> 2;
      case INT8 -> 3;
    };
  }

  /// Throws IndexCorruptException unless an index over as many vectors of the same values fits `vectors`.
  static void verifySameShape(MemorySegment file, DenseVectors vectors) {
    boolean same =
        count(file) == vectors.count()
            && dimension(file) == vectors.dimension()
            && valueType(file) == vectors.type();
    verify(
        same,
        "index is over %d vectors of dimension %d of %s, opened with %d of %d of %s",
        count(file),
        dimension(file),
        valueType(file),
        vectors.count(),
        vectors.dimension(),
        vectors.type());
  }

  @SuppressWarnings("AnnotateFormatMethod")
  static void verify(boolean holds, String message, Object... values) {
    if (!holds) {
      throw new IndexCorruptException(message.formatted(values));
    }
  }

  static long align(long offset) {
    return (offset + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /// CRC32C of the bytes before `end`.
  static int checksum(MemorySegment file, long end) {
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
}
