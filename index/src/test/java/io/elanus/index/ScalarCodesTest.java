package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    FloatVectors vectors =
        FloatVectors.of(TestVectors.clustered(COUNT, dimension, 7, 3), dimension);
    CodeScale scale = CodeScale.of(vectors, metric, quantization);
    ScalarCodes codes = codes(vectors, quantization, metric);
    int[] rows = IntStream.range(0, COUNT).toArray();
    float[] found = new float[COUNT];

    for (float[] query : TestVectors.queriesNear(vectors, 20, 4)) {
      codes.from(query).score(rows, COUNT, found);
      double[] asked = decoded(scale, like(query, scale, metric));
      for (int row : rows) {
        double[] values = decoded(scale, new RowValues(vectors, metric).of(row));
        double expected = distance(asked, values, metric);
        double size = Math.abs(scale.low()) + scale.step() * quantization.top();
        assertThat((double) found[row]).isCloseTo(expected, within(1e-5 * size * size * dimension));
      }
    }
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
    CodeScale scale = CodeScale.of(FloatVectors.of(values, 50), Metric.L2, Quantization.SQ7);

    assertThat(scale.step()).isLessThan(2 * largest / 100);
    assertThat(scale.code(1e6f)).isEqualTo(127);
    assertThat(scale.code(-1e6f)).isZero();
    assertThat(scale.code(Float.NaN)).isZero();
  }

  @Test
  void equalValuesAreNoReasonToDivideByZero() {
    FloatVectors vectors = FloatVectors.of(new float[] {2, 2, 2, 2}, 2);

    assertThat(CodeScale.of(vectors, Metric.L2, Quantization.SQ4).step()).isOne();
    assertThat(CodeScale.of(FloatVectors.of(new float[0], 2), Metric.L2, Quantization.SQ4).isSane())
        .isTrue();
  }

  @Test
  void aSectionOfOtherCodesIsRefused() {
    FloatVectors vectors = FloatVectors.of(TestVectors.clustered(COUNT, 9, 7, 3), 9);
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
    FloatVectors vectors = FloatVectors.of(TestVectors.clustered(COUNT, 9, 7, 3), 9);

    assertThatThrownBy(() -> codes(vectors, Quantization.SQ7, Metric.L2).from(new float[8]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("query has 8 values, dimension is 9");
  }

  private static ScalarCodes codes(FloatVectors vectors, Quantization quantization, Metric metric) {
    MemorySegment section = section(vectors, quantization, metric);
    return ScalarCodes.read(section, quantization, metric, vectors.dimension(), COUNT);
  }

  private static MemorySegment section(
      FloatVectors vectors, Quantization quantization, Metric metric) {
    long bytes = ScalarCodes.bytes(quantization, metric, vectors.dimension(), COUNT);
    MemorySegment section = Arena.ofAuto().allocate(bytes, 64);
    int[] rows = IntStream.range(0, COUNT).toArray();
    ScalarCodes.write(section, quantization, metric, vectors, rows);
    return section;
  }

  /// As long as a row.
  private static float[] like(float[] query, CodeScale scale, Metric metric) {
    float[] values = query.clone();
    if (metric != Metric.L2) {
      RowValues.scale(values, scale.length() * InverseNorms.of(query, 0, query.length));
    }
    return values;
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
