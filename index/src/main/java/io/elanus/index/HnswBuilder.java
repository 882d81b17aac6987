package io.elanus.index;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Builds the graph of an [HnswIndex] over some vectors.
///
/// The graph is made in place in the bytes of its file: the levels of all rows are drawn first, so
/// the size of every part is known, and linking rows fills in the lists.
final class HnswBuilder {
  /// Locks, each shared by the rows of equal low bits: enough for threads to rarely meet.
  private static final int LOCKS = 1 << 12;

  private HnswBuilder() {}

  /// Builds the graph of `vectors`. With one thread the result depends on the arguments alone.
  ///
  /// Throws CancellationException when cancelled. Besides the graph itself, which costs about
  /// `8 * m + 4` bytes per vector, and its codes, every thread needs about one byte per vector while building.
  static BuiltIndex build(DenseVectors vectors, IndexParams.Hnsw params, BuildControl control) {
    return new BuiltIndex(
        params.quantization() == Quantization.BIT
            ? LinkedBitsBuilder.build(vectors, params, false, control)
            : pack(graph(vectors, params, control)));
  }

  /// The file but for its checksum, of a graph whose codes are not beside its links, and whose links are not packed.
  static MemorySegment graph(DenseVectors vectors, IndexParams.Hnsw params, BuildControl control) {
    HnswLevels levels = HnswLevels.draw(vectors.count(), params.m(), params.seed());
    HnswHeader header = header(vectors, params, levels);
    MemorySegment file = control.memory().allocate(header.fileBytes(), IndexFile.ALIGNMENT);
    HnswFormat.writeHeader(header, file);
    writeEmptyLists(header, levels, file);
    Scoring scoring = scoring(header, vectors, file, control.silent());
    link(new HnswLinks(file, header), levels, scoring, control);
    return file;
  }

  /// Packs the lists of level 0 of a finished graph where it lies, and moves up what is behind them. Returns the part of `file` that it takes
  /// now.
  private static MemorySegment pack(MemorySegment file) {
    HnswHeader from = HnswFormat.readHeader(file);
    HnswHeader to = from.withPackedLinks();
    HnswLinks links = new HnswLinks(file, from);
    PackedLinks packed = to.packedLinks();
    int[] list = new int[from.degree(0)];
    for (int row = 0; row < from.count(); row++) {
      int size = links.read(0, row, list);
      packed.write(file, to.baseStart() + to.baseStride() * row, list, size);
    }
    long end = to.baseStart() + to.baseStride() * to.count();
    file.asSlice(end, to.slotsStart() - end).fill((byte) 0);
    MemorySegment.copy(
        file, from.slotsStart(), file, to.slotsStart(), from.checksumStart() - from.slotsStart());
    HnswFormat.writeHeader(to, file);
    return file.asSlice(0, to.fileBytes());
  }

  /// By codes of seven bits a graph is as good as by vectors, and built with less to read. Those of four cannot tell apart
  /// which of near rows is nearest.
  private static Scoring scoring(
      HnswHeader header, DenseVectors vectors, MemorySegment file, BuildControl control) {
    Distances distances = Distances.of(vectors, header.metric());
    if (header.metric() == Metric.COSINE) {
      distances = distances.withInverseNorms(writeInverseNorms(header, distances, file));
    }
    if (header.quantization().coded()) {
      int[] rows = IntStream.range(0, header.count()).toArray();
      ScalarCodes.write(
          header.codes(file), header.quantization(), header.metric(), vectors, rows, control);
    }
    return header.quantization() == Quantization.SQ7 ? header.readCodes(file) : distances;
  }

  private static HnswHeader header(
      DenseVectors vectors, IndexParams.Hnsw params, HnswLevels levels) {
    return new HnswHeader(
        params.metric(),
        vectors.dimension(),
        vectors.type(),
        vectors.count(),
        params.m(),
        params.efConstruction(),
        params.quantization(),
        params.seed(),
        levels.entry(),
        levels.top(),
        levels.upperLists(),
        false,
        false);
  }

  /// Of all rows, on all their levels.
  static void writeEmptyLists(HnswHeader header, HnswLevels levels, MemorySegment file) {
    fillWithEnd(file, header.baseStart(), 4L * header.degree(0) * header.count());
    fillWithEnd(file, header.upperStart(), 4L * header.m() * header.upperLists());
    int slot = 0;
    for (int row = 0; row < header.count(); row++) {
      boolean upper = levels.of(row) > 0;
      file.set(IndexFile.INT, header.slotsStart() + 4L * row, upper ? slot : HnswLinks.END);
      slot += levels.of(row);
    }
  }

  /// [HnswLinks#END] is all bits one.
  private static void fillWithEnd(MemorySegment file, long start, long bytes) {
    file.asSlice(start, bytes).fill((byte) HnswLinks.END);
  }

  private static float[] writeInverseNorms(
      HnswHeader header, Distances distances, MemorySegment file) {
    float[] norms = distances.inverseNorms().ofAll(header.count());
    MemorySegment.copy(norms, 0, file, IndexFile.FLOAT, header.normsStart(), norms.length);
    return norms;
  }

  private static void link(
      HnswLinks links, HnswLevels levels, Scoring scoring, BuildControl control) {
    Object[] locks = new Object[LOCKS];
    Arrays.setAll(locks, _ -> new Object());
    int entry = levels.entry();
    new BuildCrew(control, links.header().count())
        .run(() -> {
          HnswInserter inserter = new HnswInserter(links, levels, scoring, locks);
          return row -> {
            if (row != entry) {
              inserter.insert(row);
            }
          };
        });
  }
}
