package io.elanus.index;

import java.lang.foreign.MemorySegment;

/// Builds the lists of an [IvfIndex] over some vectors: centres by [KMeans], then each vector goes to the list of its
/// nearest centre (Jégou, Douze, Schmid: Product quantization for nearest neighbor search, 2011).
final class IvfBuilder {
  /// A list of less is not worth a look of its own (faiss, `Clustering.h`: min_points_per_centroid).
  private static final int MIN_LIST_ROWS = 39;

  private IvfBuilder() {}

  static BuiltIndex build(DenseVectors vectors, IndexParams.Ivf params, BuildControl control) {
    Metric metric = params.metric();
    int lists = lists(vectors.count(), params.lists());
    int stages = stages(params);
    float[] centres =
        lists == 0
            ? new float[0]
            : KMeans.train(vectors, metric, lists, params.seed(), control.part(0, stages));
    int[] listOf =
        lists == 0 ? new int[0] : KMeans.assign(vectors, metric, centres, control.part(1, stages));
    IvfLists sorted = IvfLists.of(listOf, lists);
    IvfHeader header = header(vectors, params, sorted);
    MemorySegment file = control.memory().allocate(header.fileBytes(), IndexFile.ALIGNMENT);
    header.write(file);
    MemorySegment.copy(centres, 0, file, IndexFile.FLOAT, IndexFile.HEADER_BYTES, centres.length);
    sorted.write(header, file);
    writeRows(header, vectors, sorted, file, control.part(stages - 1, stages));
    return new BuiltIndex(file);
  }

  /// Of the work: training, putting rows in lists, and for some encoding them.
  private static int stages(IndexParams.Ivf params) {
    return params.quantization().coded() ? 3 : 2;
  }

  private static IvfHeader header(DenseVectors vectors, IndexParams.Ivf params, IvfLists sorted) {
    boolean bits = params.quantization() == Quantization.BIT;
    return new IvfHeader(
        params.metric(),
        vectors.dimension(),
        vectors.type(),
        vectors.count(),
        sorted.count(),
        params.quantization(),
        bits ? BitCodes.groups(sorted) : 0,
        bits ? params.seed() : 0,
        !params.quantization().coded());
  }

  /// What was asked for, or less where there are few vectors.
  private static int lists(int count, int asked) {
    return count == 0 ? 0 : Math.clamp(count / MIN_LIST_ROWS, 1, asked);
  }

  private static void writeRows(
      IvfHeader header,
      DenseVectors vectors,
      IvfLists lists,
      MemorySegment file,
      BuildControl control) {
    switch (header.quantization()) {
      case NONE -> {
        copyVectors(vectors, lists.places(), header.vectors(file));
        writeNorms(header, file);
        lists.writeSums(header, file);
      }
      case SQ7, SQ4 ->
          ScalarCodes.write(
              header.codes(file),
              header.quantization(),
              header.metric(),
              vectors,
              lists.places(),
              control);
      case BIT ->
          BitCodes.write(
              header.codes(file),
              header.bitShape(),
              header.metric(),
              header.rotation(),
              vectors,
              lists,
              control);
    }
  }

  private static void copyVectors(DenseVectors from, int[] places, DenseVectors to) {
    long bytes = from.rowBytes();
    for (int row = 0; row < from.count(); row++) {
      MemorySegment.copy(from.data(), bytes * row, to.data(), bytes * places[row], bytes);
    }
  }

  private static void writeNorms(IvfHeader header, MemorySegment file) {
    if (!header.hasNorms()) {
      return;
    }
    Distances distances = Distances.of(header.vectors(file), Metric.COSINE);
    float[] norms = distances.inverseNorms().ofAll(header.count());
    MemorySegment.copy(norms, 0, file, IndexFile.FLOAT, header.normsStart(), norms.length);
  }
}
