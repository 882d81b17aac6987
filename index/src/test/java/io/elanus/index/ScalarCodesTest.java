package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Distances of codes are those of the values that the codes stand for, and so near to those of the vectors.
class ScalarCodesTest {
  private static final int COUNT = 200;

  @ParameterizedTest
  @CsvSource({
    "SQ7, L2, 1", "SQ7, L2, 19", "SQ7, L2, 128", "SQ7, INNER_PRODUCT, 19", "SQ7, COSINE, 19",
    "SQ7, COSINE, 200", "SQ4, L2, 1", "SQ4, L2, 19", "SQ4, L2, 256", "SQ4, INNER_PRODUCT, 19",
    "SQ4, COSINE, 19", "SQ4, COSINE, 300",
  })
  void distancesAreThoseOfTheValuesOfTheCodes(
      Quantization quantization, Metric metric, int dimension) {
    DenseVectors vectors =
        DenseVectors.of(TestVectors.clustered(COUNT, dimension, 7, 3), dimension);
    CodeScale scale = CodeScale.of(vectors, metric, quantization);
    ScalarCodes codes = codes(vectors, quantization, metric);
    int[] rows = IntStream.range(0, COUNT).toArray();
    float[] found = new float[COUNT];

    for (float[] query : queries(vectors)) {
      codes.from(query).score(rows, COUNT, found);
      float[] seen = RowValues.ofQuery(query, metric);
      CodeScale own =
          metric == Metric.L2 && scale.fits(seen) ? scale : CodeScale.covering(quantization, seen);
      double[] asked = decoded(own, seen);
      double size = size(own) * size(scale) + (metric == Metric.L2 ? size(own) * size(own) : 0);
      for (int row : rows) {
        double[] values = decoded(scale, new RowValues(vectors, metric).of(row));
        double expected = distance(asked, values, metric);
        assertThat((double) found[row]).isCloseTo(expected, within(1e-5 * size * dimension));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void rowsAreScoredFromEachOtherAsFromTheirValues(Metric metric) {
    DenseVectors vectors = DenseVectors.of(TestVectors.clustered(COUNT, 19, 7, 3), 19);
    CodeScale scale = CodeScale.of(vectors, metric, Quantization.SQ7);
    AimedScorer scorer = codes(vectors, Quantization.SQ7, metric).fromRows();
    float[] found = new float[1];

    for (int row = 0; row < COUNT; row += 7) {
      scorer.aim(row);
      scorer.score(new int[] {3}, 1, found);
      double expected =
          distance(
              decoded(scale, new RowValues(vectors, metric).of(row)),
              decoded(scale, new RowValues(vectors, metric).of(3)),
              metric);
      double size = size(scale) * size(scale);
      assertThat((double) found[0]).isCloseTo(expected, within(1e-5 * size * 19));
    }
  }

  /// Near rows, and far from where they are.
  private static List<float[]> queries(DenseVectors vectors) {
    List<float[]> queries = new ArrayList<>(TestVectors.queriesNear(vectors, 10, 4));
    for (float[] query : TestVectors.queriesNear(vectors, 10, 5)) {
      for (int i = 0; i < query.length; i++) {
        query[i] = 3 * query[i] - 20;
      }
      queries.add(query);
    }
    return queries;
  }

  private static double size(CodeScale scale) {
    return Math.abs(scale.low()) + scale.step() * scale.quantization().top();
  }

  /// A few outliers do not take the codes away from all others.
  @Test
  void outliersGetTheLastCode() {
    float[] values = TestVectors.clustered(COUNT, 50, 7, 3);
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    values[70] = 1e6f;
    CodeScale scale = CodeScale.of(DenseVectors.of(values, 50), Metric.L2, Quantization.SQ7);

    assertThat(scale.step()).isLessThan(2 * largest / 100);
    assertThat(scale.code(1e6f)).isEqualTo(127);
    assertThat(scale.code(-1e6f)).isZero();
    assertThat(scale.code(Float.NaN)).isZero();
  }

  @Test
  void equalValuesAreNoReasonToDivideByZero() {
    DenseVectors vectors = DenseVectors.of(new float[] {2, 2, 2, 2}, 2);

    assertThat(CodeScale.of(vectors, Metric.L2, Quantization.SQ4).step()).isOne();
    for (Metric metric : Metric.values()) {
      DenseVectors none = DenseVectors.of(new float[0], 2);
      assertThat(CodeScale.of(none, metric, Quantization.SQ4).isSane()).isTrue();
      DenseVectors wide = DenseVectors.of(new float[] {-3e38f, 3e38f, 0, 1}, 2);
      assertThat(CodeScale.of(wide, metric, Quantization.SQ4).isSane()).isTrue();
    }
  }

  @Test
  void aSectionOfOtherCodesIsRefused() {
    DenseVectors vectors = DenseVectors.of(TestVectors.clustered(COUNT, 9, 7, 3), 9);
    MemorySegment section = section(vectors, Quantization.SQ7, Metric.L2);

    assertThatThrownBy(() -> ScalarCodes.read(section, Quantization.SQ4, Metric.L2, 9, COUNT))
        .isInstanceOf(IndexCorruptException.class)
        .hasMessage("codes of 7 bits, expected 4");
    section.set(IndexFile.FLOAT, 8, 0);
    assertThatThrownBy(() -> ScalarCodes.read(section, Quantization.SQ7, Metric.L2, 9, COUNT))
        .hasMessageContaining("impossible values");
  }

  @Test
  void aQueryOfAnotherLengthIsRefused() {
    DenseVectors vectors = DenseVectors.of(TestVectors.clustered(COUNT, 9, 7, 3), 9);

    assertThatThrownBy(() -> codes(vectors, Quantization.SQ7, Metric.L2).from(new float[8]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("query has 8 values, dimension is 9");
  }

  private static ScalarCodes codes(DenseVectors vectors, Quantization quantization, Metric metric) {
    MemorySegment section = section(vectors, quantization, metric);
    return ScalarCodes.read(section, quantization, metric, vectors.dimension(), COUNT);
  }

  private static MemorySegment section(
      DenseVectors vectors, Quantization quantization, Metric metric) {
    long bytes = ScalarCodes.bytes(quantization, vectors.dimension(), COUNT);
    MemorySegment section = Arena.ofAuto().allocate(bytes, 64);
    int[] rows = IntStream.range(0, COUNT).toArray();
    ScalarCodes.write(section, quantization, metric, vectors, rows, BuildControl.onCallingThread());
    return section;
  }

  private static double[] decoded(CodeScale scale, float[] values) {
    double[] decoded = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      decoded[i] = scale.low() + (double) scale.step() * scale.code(values[i]);
    }
    return decoded;
  }

  private static double distance(double[] a, double[] b, Metric metric) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += metric == Metric.L2 ? (a[i] - b[i]) * (a[i] - b[i]) : -a[i] * b[i];
    }
    return sum;
  }
}
