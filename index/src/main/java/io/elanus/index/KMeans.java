package io.elanus.index;

import io.elanus.index.kernel.Kernel;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Centres of clusters by Lloyd's iterations over a sample. Under L2 a centre is the mean of its vectors; otherwise
/// only directions count, and a centre is their mean, of length 1 (spherical k-means, Dhillon and Modha 2001).
///
/// The result depends on the vectors and the seed alone, not on the number of threads.
final class KMeans {
  private static final int ITERATIONS = 10;

  /// More do not move the centres (faiss, `Clustering.h`).
  private static final int SAMPLES_PER_CENTRE = 256;

  private static final long MAX_SAMPLE_FLOATS = 64L << 20;

  /// Two centres out of one lie so far apart, relative to each value (faiss, `Clustering.cpp`).
  private static final float SPLIT = 1f / 1024;

  private final Metric metric;
  private final int centres;
  private final DenseVectors sample;
  private final int dimension;
  private final RandomGenerator random;

  private KMeans(
      DenseVectors vectors,
      Metric metric,
      int centres,
      RandomGenerator random,
      BuildMemory memory) {
    this.metric = metric;
    this.centres = centres;
    this.dimension = vectors.dimension();
    this.random = random;
    this.sample = sample(vectors, memory);
  }

  /// @param vectors at least as many as `centres`
  /// @return the centres, one after the other
  static float[] train(
      DenseVectors vectors, Metric metric, int centres, long seed, BuildControl control) {
    return new KMeans(vectors, metric, centres, new SplitMix(seed), control.memory())
        .train(control);
  }

  /// The nearest centre of each of `vectors`.
  static int[] assign(DenseVectors vectors, Metric metric, float[] centres, BuildControl control) {
    Distances distances =
        Distances.of(DenseVectors.of(centres, vectors.dimension()), metric.amongCentres());
    int[] nearest = new int[vectors.count()];
    int blocks = Math.ceilDiv(vectors.count(), Kernel.QUERY_BLOCK);
    new BuildCrew(control, blocks)
        .run(() -> {
          Nearest worker = new Nearest(vectors, distances, nearest);
          return worker::assignBlock;
        });
    return nearest;
  }

  private DenseVectors sample(DenseVectors vectors, BuildMemory memory) {
    long most = Math.min((long) SAMPLES_PER_CENTRE * centres, MAX_SAMPLE_FLOATS / dimension);
    int size = (int) Math.min(vectors.count(), Math.max(most, centres));
    long rowBytes = (long) Float.BYTES * dimension;
    MemorySegment values = memory.allocate(rowBytes * size, IndexFile.ALIGNMENT);
    float[] row = new float[dimension];
    for (long drawn : byRow(distinct(vectors.count(), size))) {
      vectors.copyRow((int) (drawn >> Integer.SIZE), row);
      if (metric != Metric.L2) {
        normalize(row);
      }
      MemorySegment.copy(row, 0, values, IndexFile.FLOAT, rowBytes * (int) drawn, dimension);
    }
    return new DenseVectors(values, size, dimension);
  }

  /// Each row with its place, so that vectors on a disk are read in their order.
  private static long[] byRow(int[] rows) {
    long[] drawn = new long[rows.length];
    Arrays.setAll(drawn, place -> (long) rows[place] << Integer.SIZE | place);
    Arrays.sort(drawn);
    return drawn;
  }

  /// `size` of the numbers below `count`, in random order (Fisher and Yates).
  private int[] distinct(int count, int size) {
    int[] numbers = IntStream.range(0, count).toArray();
    for (int i = 0; i < size; i++) {
      int with = random.nextInt(i, count);
      int number = numbers[i];
      numbers[i] = numbers[with];
      numbers[with] = number;
    }
    return Arrays.copyOf(numbers, size);
  }

  private float[] train(BuildControl control) {
    float[] centre = new float[centres * dimension];
    MemorySegment.copy(sample.data(), IndexFile.FLOAT, 0, centre, 0, centre.length);
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
      centre = means(assign(sample, metric, centre, control.part(iteration, ITERATIONS)));
    }
    return centre;
  }

  private float[] means(int[] nearest) {
    double[] sums = new double[centres * dimension];
    int[] sizes = new int[centres];
    float[] row = new float[dimension];
    for (int i = 0; i < nearest.length; i++) {
      int at = nearest[i] * dimension;
      sizes[nearest[i]]++;
      sample.copyRow(i, row);
      for (int d = 0; d < dimension; d++) {
        sums[at + d] += row[d];
      }
    }
    float[] means = new float[sums.length];
    for (int c = 0; c < centres; c++) {
      for (int d = 0; d < dimension; d++) {
        means[c * dimension + d] = (float) (sums[c * dimension + d] / Math.max(1, sizes[c]));
      }
    }
    refill(means, sizes);
    if (metric != Metric.L2) {
      normalize(means);
    }
    return means;
  }

  /// A centre that nothing is near to becomes half of a large one.
  private void refill(float[] means, int[] sizes) {
    for (int empty = 0; empty < centres; empty++) {
      if (sizes[empty] > 0) {
        continue;
      }
      int large = drawBySize(sizes);
      for (int d = 0; d < dimension; d++) {
        float value = means[large * dimension + d];
        float apart = d % 2 == 0 ? SPLIT : -SPLIT;
        means[empty * dimension + d] = value * (1 + apart);
        means[large * dimension + d] = value * (1 - apart);
      }
      sizes[empty] = sizes[large] / 2;
      sizes[large] -= sizes[empty];
    }
  }

  /// A centre with two vectors or more, more likely the more it has.
  private int drawBySize(int[] sizes) {
    long all = Arrays.stream(sizes).filter(size -> size > 1).asLongStream().sum();
    long at = all == 0 ? 0 : random.nextLong(all);
    for (int c = 0; c < centres; c++) {
      if (sizes[c] > 1) {
        at -= sizes[c];
        if (at < 0) {
          return c;
        }
      }
    }
    return 0;
  }

  private void normalize(float[] rows) {
    for (int from = 0; from < rows.length; from += dimension) {
      float inverse = InverseNorms.of(rows, from, dimension);
      for (int d = 0; d < dimension; d++) {
        rows[from + d] *= inverse;
      }
    }
  }

  /// Finds the nearest centre of some vectors at a time. One thread.
  private static final class Nearest {
    private final DenseVectors vectors;
    private final Distances centres;
    private final int[] nearest;
    private final int[] all;
    private final float[] norms = new float[0];
    private final float[] scores;
    private final float[][] block;

    Nearest(DenseVectors vectors, Distances centres, int[] nearest) {
      this.vectors = vectors;
      this.centres = centres;
      this.nearest = nearest;
      this.all = IntStream.range(0, centres.count()).toArray();
      this.scores = new float[Kernel.QUERY_BLOCK * all.length];
      this.block = new float[Kernel.QUERY_BLOCK][vectors.dimension()];
    }

    void assignBlock(int number) {
      int first = number * Kernel.QUERY_BLOCK;
      int size = Math.min(Kernel.QUERY_BLOCK, vectors.count() - first);
      for (int i = 0; i < size; i++) {
        vectors.copyRow(first + i, block[i]);
      }
      new BlockScorer(centres, List.of(block).subList(0, size))
          .score(all, all.length, norms, scores);
      for (int i = 0; i < size; i++) {
        nearest[first + i] = smallest(i * all.length);
      }
    }

    /// The first of the smallest.
    private int smallest(int from) {
      int best = 0;
      for (int c = 1; c < all.length; c++) {
        if (scores[from + c] < scores[from + best]) {
          best = c;
        }
      }
      return best;
    }
  }
}
