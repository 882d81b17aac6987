package io.elanus.index.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HadamardTest {
  @ParameterizedTest
  @ValueSource(ints = {64, 128, 512, 1024})
  void vectorsGiveTheSameBits(int span) {
    Random random = new Random(span);
    float[] values = new float[span + 40];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat(-3, 3);
    }
    float[] oneByOne = values.clone();

    Hadamard.transform(values, 8, span);
    Hadamard.oneByOne(oneByOne, 8, span);

    assertThat(values).isEqualTo(oneByOne);
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 256})
  void twiceItIsTheSameAgain(int span) {
    float[] values = new float[span];
    for (int i = 0; i < span; i++) {
      values[i] = i;
    }

    Hadamard.transform(values, 0, span);
    assertThat(values[0]).isEqualTo(span * (span - 1) / 2f);
    Hadamard.transform(values, 0, span);

    for (int i = 0; i < span; i++) {
      assertThat(values[i]).isEqualTo((float) i * span);
    }
  }
}
