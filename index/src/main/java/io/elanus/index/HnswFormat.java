package io.elanus.index;

import static io.elanus.index.IndexFile.INT;
import static io.elanus.index.IndexFile.LONG;
import static io.elanus.index.IndexFile.verify;

import java.lang.foreign.MemorySegment;

/// The bytes of an HNSW file, version 1 or 2. Little-endian. Sections start at multiples of 64, gaps are
/// zero. The file holds links, and codes if walks look at those; the vectors stay where they are.
///
/// ```
/// header     0  u8[8]  magic "ELANUSIX"       32  i32  efConstruction
///            8  i32    version                36  i32  entry row, -1 when there are no rows
///           12  i32    kind: 1 HNSW,          40  i64  seed
///                      3 with codes,
///                      6 with codes beside the links, 7 and the rows, too
///           16  i32    metric: 0 L2,          48  i32  top level
///                      1 inner product,       52  i32  upper lists
///                      2 cosine               56  i32  bits of a code, 0 without codes
///           20  i32    dimension
///           24  i32    count
///           28  i32    m                       60  i32  values, see IndexFile
/// base                               level-0 links of each row. Version 2: [PackedLinks]. Version 1: i32[count][2 * m], the rest of a list is
///                                    -1; of kind 6 and 7 [LinkedBits], of 7 from the first multiple of 4096 on
/// slots     i32[count]               the row's first upper list; -1 for a row on level 0 only
/// upper     i32[upper lists][m]      links; a row's lists follow each other, level 1 first
/// norms     f32[count]               1 / |row|, 0 for a zero vector; cosine only, else empty
/// codes                              see ScalarCodes, of kind 6 and 7 LinkedMean; empty without codes
/// checksum  u32                      CRC32C of all bytes before it
/// ```
final class HnswFormat {
  /// The version whose links are packed.
  private static final int PACKED = 2;

  private HnswFormat() {}

  static void writeHeader(HnswHeader header, MemorySegment file) {
    IndexFile.writeStart(
        file, kind(header), header.metric(), header.dimension(), header.type(), header.count());
    IndexFile.writeVersion(file, header.packed() ? PACKED : 1);
    file.set(INT, 28, header.m());
    file.set(INT, 32, header.efConstruction());
    file.set(INT, 36, header.entry());
    file.set(LONG, 40, header.seed());
    file.set(INT, 48, header.topLevel());
    file.set(INT, 52, header.upperLists());
    file.set(INT, 56, header.quantization().bits());
  }

  private static IndexFile.Kind kind(HnswHeader header) {
    return switch (header.quantization()) {
      case NONE -> IndexFile.Kind.HNSW;
      case SQ7, SQ4 -> IndexFile.Kind.HNSW_SQ;
      case BIT -> header.paged() ? IndexFile.Kind.HNSW_PAGED : IndexFile.Kind.HNSW_BIT;
    };
  }

  /// Of a file whose bytes are all as written: throws IndexCorruptException unless they can be a graph.
  static HnswHeader verifyHeader(MemorySegment file) {
    HnswHeader header = readHeader(file);
    verifyShape(header, IndexFile.kind(file));
    IndexFile.verifySize(file, header.fileBytes());
    return header;
  }

  static HnswHeader readHeader(MemorySegment file) {
    return new HnswHeader(
        IndexFile.metric(file),
        IndexFile.dimension(file),
        IndexFile.valueType(file),
        IndexFile.count(file),
        file.get(INT, 28),
        file.get(INT, 32),
        Quantization.ofBits(file.get(INT, 56)),
        file.get(LONG, 40),
        file.get(INT, 36),
        file.get(INT, 48),
        file.get(INT, 52),
        IndexFile.version(file) == PACKED,
        IndexFile.kind(file) == IndexFile.Kind.HNSW_PAGED);
  }

  private static void verifyShape(HnswHeader header, IndexFile.Kind kind) {
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
    verify(kind == kind(header), "an index of kind %s has no %s", kind, header);
  }
}
