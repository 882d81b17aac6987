package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BitCodesTest {
  private static final int COUNT = 500;
  private static final int DIMENSION = 100;

  private final Random random = new Random(1);

  /// Lengths and products of rotated vectors are those of the vectors.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 63, 64, 65, 100, 128, 192, 768, 1000})
  void rotationsKeepProducts(int dimension) {
    Rotation rotation = new Rotation(dimension, 7);
    float[] a = vector(dimension);
    float[] b = vector(dimension);

    double expected = product(a, b);
    assertThat(product(rotation.apply(a), rotation.apply(b)))
        .isCloseTo(expected, within(1e-4 * dimension));
    assertThat(rotation.apply(a)).hasSize(Rotation.size(dimension));
  }

  /// One large value is spread over all.
  @ParameterizedTest
  @ValueSource(ints = {64, 192, 768})
  void rotationsMixValues(int dimension) {
    float[] one = new float[dimension];
    one[dimension / 3] = 1;

    float[] rotated = new Rotation(dimension, 7).apply(one);

    double most =
        IntStream.range(0, dimension).mapToDouble(i -> Math.abs(rotated[i])).max().orElse(0);
    assertThat(most).isLessThan(6 / Math.sqrt(dimension));
  }

  /// What a code says is off by little more than rounding to one bit must be, and not to one side.
  @ParameterizedTest
  @EnumSource
  void estimatesAreNearAndWithoutBias(Metric metric) {
    float[] values = new float[COUNT * DIMENSION];
    for (int i = 0; i < values.length; i++) {
      values[i] = 3 + (float) random.nextGaussian();
    }
    DenseVectors vectors = DenseVectors.of(values, DIMENSION);
    BitCodes codes = codes(vectors, metric);
    float[] query = vector(DIMENSION);
    float[] exact = new float[COUNT];
    float[] found = new float[COUNT];
    int[] all = IntStream.range(0, COUNT).toArray();
    Distances.of(vectors, metric).from(query).score(all, COUNT, exact);

    codes.from(query).score(0, 0, all, COUNT, found);

    double[] errors = IntStream.range(0, COUNT).mapToDouble(i -> found[i] - exact[i]).toArray();
    double spread = Math.sqrt(Arrays.stream(errors).map(e -> e * e).average().orElse(0));
    assertThat(spread).isLessThan(1.3 * spread(metric, query));
    assertThat(Arrays.stream(errors).average().orElse(0))
        .isCloseTo(0, within(4 * spread / Math.sqrt(COUNT) + 1e-3));
  }

  /// By theory, of a product: `0.75 |r| |q| / sqrt(d)`, r and q being as far as they are from the mean, which is 3 in every
  /// value here.
  private static double spread(Metric metric, float[] query) {
    double rows = Math.sqrt(DIMENSION);
    return switch (metric) {
      case L2 -> {
        float[] fromMean = query.clone();
        for (int i = 0; i < fromMean.length; i++) {
          fromMean[i] -= 3;
        }
        yield 2 * 0.75 * rows * Math.sqrt(product(fromMean, fromMean)) / Math.sqrt(DIMENSION);
      }
      case INNER_PRODUCT -> 0.75 * rows * Math.sqrt(product(query, query)) / Math.sqrt(DIMENSION);
      case COSINE -> 0.75 * rows / Math.sqrt(10 * DIMENSION) / Math.sqrt(DIMENSION);
    };
  }

  /// However few of a list are asked for.
  @Test
  void aRowsScoreDoesNotDependOnTheOthers() {
    float[] values = new float[COUNT * DIMENSION];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    BitCodes codes = codes(DenseVectors.of(values, DIMENSION), Metric.L2);
    ListScorer scorer = codes.from(vector(DIMENSION));
    int[] all = IntStream.range(0, COUNT).toArray();
    float[] expected = new float[COUNT];
    scorer.score(0, 0, all, COUNT, expected);

    for (int step : new int[] {1, 2, 7, 8, 9, 30, 300}) {
      int[] some = IntStream.range(0, COUNT).filter(i -> i % step == step / 2).toArray();
      float[] found = new float[some.length];
      scorer.score(0, 0, some, some.length, found);
      for (int i = 0; i < some.length; i++) {
        assertThat(found[i]).as("%d of every %d", some[i], step).isEqualTo(expected[some[i]]);
      }
    }
  }

  /// All in one list.
  private static BitCodes codes(DenseVectors vectors, Metric metric) {
    IvfLists lists = IvfLists.of(new int[vectors.count()], 1);
    var shape = new BitCodes.Shape(vectors.dimension(), 1, BitCodes.groups(lists));
    Rotation rotation = new Rotation(vectors.dimension(), 5);
    MemorySegment section = Arena.ofAuto().allocate(shape.bytes(), 64);
    BitCodes.write(
        section, shape, metric, rotation, vectors, lists, BuildControl.onCallingThread());
    return BitCodes.read(section, shape, metric, rotation, lists);
  }

  private float[] vector(int dimension) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  private static double product(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
