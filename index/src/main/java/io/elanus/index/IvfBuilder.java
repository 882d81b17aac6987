package io.elanus.index;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Builds the lists of an [IvfIndex] over some vectors: centres by [KMeans], then each vector goes to the list of its
/// nearest centre (Jégou, Douze, Schmid: Product quantization for nearest neighbor search, 2011).
final class IvfBuilder {
  /// A list of less is not worth a look of its own (faiss, `Clustering.h`: min_points_per_centroid).
  private static final int MIN_LIST_ROWS = 39;

  /// Of the work, training is so much and putting rows in lists the rest.
  private static final int STAGES = 2;

  private IvfBuilder() {}

  static BuiltIndex build(FloatVectors vectors, IndexParams.Ivf params, BuildControl control) {
    Metric metric = params.metric();
    int lists = lists(vectors.count(), params.lists());
    IvfHeader header =
        new IvfHeader(metric, vectors.dimension(), vectors.count(), lists, params.quantization());
    MemorySegment file = Arena.ofAuto().allocate(header.fileBytes(), IndexFile.ALIGNMENT);
    header.write(file);
    if (lists == 0) {
      writeRows(header, vectors, new int[0], file);
    } else {
      float[] centres =
          KMeans.train(vectors, metric, lists, params.seed(), control.part(0, STAGES));
      int[] listOf = KMeans.assign(vectors, metric, centres, control.part(1, STAGES));
      MemorySegment.copy(centres, 0, file, IndexFile.FLOAT, IndexFile.HEADER_BYTES, centres.length);
      IvfLists sorted = IvfLists.of(listOf, lists);
      sorted.write(header, file);
      writeRows(header, vectors, sorted.rows(), file);
    }
    return new BuiltIndex(file);
  }

  /// What was asked for, or less where there are few vectors.
  private static int lists(int count, int asked) {
    return count == 0 ? 0 : Math.clamp(count / MIN_LIST_ROWS, 1, asked);
  }

  /// @param rows by place
  private static void writeRows(
      IvfHeader header, FloatVectors vectors, int[] rows, MemorySegment file) {
    if (header.quantization().coded()) {
      ScalarCodes.write(header.codes(file), header.quantization(), header.metric(), vectors, rows);
    } else {
      copyVectors(vectors, rows, header.vectors(file));
      writeNorms(header, file);
    }
  }

  private static void copyVectors(FloatVectors from, int[] rows, FloatVectors to) {
    long bytes = 4L * from.dimension();
    for (int place = 0; place < to.count(); place++) {
      MemorySegment.copy(from.data(), bytes * rows[place], to.data(), bytes * place, bytes);
    }
  }

  private static void writeNorms(IvfHeader header, MemorySegment file) {
    if (!header.hasNorms()) {
      return;
    }
    Distances distances = Distances.of(header.vectors(file), Metric.COSINE);
    for (int place = 0; place < header.count(); place++) {
      float norm = distances.inverseNorms().of(place);
      file.set(IndexFile.FLOAT, header.normsStart() + 4L * place, norm);
    }
  }
}
