package io.elanus.index.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignCoderTest {
  @ParameterizedTest
  @ValueSource(ints = {64, 128, 768})
  void bothKindsComputeTheDefinition(int size) {
    Random random = new Random(size);
    float[] vector = values(size, random);
    float[] centre = values(size, random);
    float[] mean = values(size, random);
    vector[3] = centre[3];
    SignCoder byVectors = new SignCoder(size);
    SignCoder oneByOne = new SignCoder(size);

    byVectors.encodeByVectors(vector, centre, mean);
    oneByOne.encodeOneByOne(vector, centre, mean);

    for (SignCoder coder : new SignCoder[] {byVectors, oneByOne}) {
      double squares = 0;
      double absolutes = 0;
      double product = 0;
      double signed = 0;
      int set = 0;
      for (int i = 0; i < size; i++) {
        double r = vector[i] - centre[i];
        boolean up = vector[i] >= centre[i];
        squares += r * r;
        absolutes += Math.abs(r);
        product += r * centre[i];
        signed += up ? centre[i] - mean[i] : mean[i] - centre[i];
        set += up ? 1 : 0;
        assertThat((coder.code()[i / 64] >>> i % 64 & 1) == 1).isEqualTo(up);
      }
      assertThat((double) coder.squares()).isCloseTo(squares, within(1e-3));
      assertThat((double) coder.factor()).isCloseTo(squares / absolutes, within(1e-4));
      assertThat((double) coder.product()).isCloseTo(product, within(1e-3));
      assertThat((double) coder.signed()).isCloseTo(signed, within(1e-3));
      assertThat(coder.set()).isEqualTo(set);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 192})
  void twinsDifferInNothing(int size) {
    float[] vector = values(size, new Random(1));
    SignCoder coder = new SignCoder(size);

    coder.encode(vector, vector, new float[size]);

    assertThat(coder.squares()).isZero();
    assertThat(coder.factor()).isZero();
  }

  private static float[] values(int size, Random random) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat(-1, 1);
    }
    return values;
  }
}
