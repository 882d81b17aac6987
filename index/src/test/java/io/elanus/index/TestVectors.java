package io.elanus.index;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Seeded vectors, and what the right answers about them are.
final class TestVectors {
  private TestVectors() {}

  /// `count` vectors around `clusters` centres of a cube of side 100; spread is about 10.
  static float[] clustered(int count, int dimension, int clusters, long seed) {
    Random random = new Random(seed);
    float[] centres = uniform(clusters, dimension, 100, random);
    float[] values = new float[count * dimension];
    for (int row = 0; row < count; row++) {
      int centre = random.nextInt(clusters);
      for (int d = 0; d < dimension; d++) {
        float offset = (float) random.nextGaussian() * 10;
        values[row * dimension + d] = centres[centre * dimension + d] + offset;
      }
    }
    return values;
  }

  /// Vectors of whole numbers from -range to range: their distances have no rounding.
  static float[] whole(int count, int dimension, int range, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count * dimension];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(2 * range + 1) - range;
    }
    return values;
  }

  /// The same vectors off heap.
  static DenseVectors offHeap(float[] values, int dimension) {
    MemorySegment data = Arena.ofAuto().allocate(4L * values.length, 64);
    MemorySegment.copy(values, 0, data, ValueLayout.JAVA_FLOAT, 0, values.length);
    return new DenseVectors(data, values.length / dimension, dimension);
  }

  /// `count` of the rows, moved a little: queries near the data but not in it.
  static List<float[]> queriesNear(DenseVectors vectors, int count, long seed) {
    Random random = new Random(seed);
    List<float[]> queries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] query = vectors.row(random.nextInt(vectors.count()));
      for (int d = 0; d < query.length; d++) {
        query[d] += (float) random.nextGaussian() * 3;
      }
      queries.add(query);
    }
    return queries;
  }

  /// Accepts each of `count` rows with this probability.
  static AcceptedRows accept(int count, double probability, long seed) {
    Random random = new Random(seed);
    long[] words = new long[(count + 63) / 64];
    for (int row = 0; row < count; row++) {
      if (random.nextDouble() < probability) {
        words[row >> 6] |= 1L << row;
      }
    }
    return AcceptedRows.of(words);
  }

  /// How many of the true neighbours were found, as a fraction; a row as near as the last true one
  /// counts as found.
  static double recall(List<Neighbors> found, List<Neighbors> truth, Metric metric) {
    int hits = 0;
    int total = 0;
    for (int q = 0; q < truth.size(); q++) {
      float[] scores = truth.get(q).scores();
      float last = scores[scores.length - 1];
      total += scores.length;
      for (float score : found.get(q).scores()) {
        hits += (metric == Metric.L2 ? score <= last : score >= last) ? 1 : 0;
      }
    }
    return (double) hits / total;
  }

  /// The score of `query` and row `ordinal` in double precision, straight from the definition.
  static double score(float[] query, DenseVectors vectors, int ordinal, Metric metric) {
    float[] row = vectors.row(ordinal);
    double squares = 0;
    double dot = 0;
    double queryNorm = 0;
    double rowNorm = 0;
    for (int d = 0; d < row.length; d++) {
      squares += ((double) query[d] - row[d]) * ((double) query[d] - row[d]);
      dot += (double) query[d] * row[d];
      queryNorm += (double) query[d] * query[d];
      rowNorm += (double) row[d] * row[d];
    }
    return switch (metric) {
      case L2 -> squares;
      case INNER_PRODUCT -> dot;
      case COSINE -> queryNorm == 0 || rowNorm == 0 ? 0 : dot / Math.sqrt(queryNorm * rowNorm);
    };
  }

  private static float[] uniform(int count, int dimension, float side, Random random) {
    float[] values = new float[count * dimension];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() * side;
    }
    return values;
  }
}
