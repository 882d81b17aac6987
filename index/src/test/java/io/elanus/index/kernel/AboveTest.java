package io.elanus.index.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AboveTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 16, 33, 1000})
  void placesAscend(int size) {
    Random random = new Random(size);
    float[] values = new float[size + 5];
    float[] some = {-1, 0, 1, 2, Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY};
    for (int i = 0; i < values.length; i++) {
      values[i] = some[random.nextInt(some.length)];
    }
    for (float limit : new float[] {-2, 0, 1, 3}) {
      int[] places = new int[size + Above.SLACK];

      int found = Above.find(values, size, limit, places);

      assertThat(Arrays.copyOf(places, found))
          .containsExactly(
              IntStream.range(0, size)
                  .filter(i -> values[i] > limit || Float.isNaN(values[i]))
                  .toArray());
    }
  }
}
