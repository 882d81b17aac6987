package io.elanus.index.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BitKernelTest {
  private static final int GROUPS = 5;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 12, 16, 40})
  void bothKindsComputeTheDefinition(int words) {
    Random random = new Random(words);
    MemorySegment groups = Arena.ofAuto().allocate((long) GROUPS * BitKernel.groupBytes(words), 64);
    for (long at = 0; at < groups.byteSize(); at += Long.BYTES) {
      groups.set(ValueLayout.JAVA_LONG, at, random.nextLong());
    }
    long[] query = random.longs((long) BitKernel.PLANES * words).toArray();

    for (boolean vectors : new boolean[] {true, false}) {
      int[] out = new int[3 * BitKernel.GROUP];
      new BitKernel(groups, words, vectors).products(query, BitKernel.groupBytes(words), 3, out);
      for (int i = 0; i < out.length; i++) {
        int group = 1 + i / BitKernel.GROUP;
        assertThat(out[i]).isEqualTo(expected(groups, words, query, group, i % BitKernel.GROUP));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 12})
  void numbersAreTheNearest(int words) {
    Random random = new Random(words);
    float[] values = new float[64 * words];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat(-3, 3);
    }
    values[5] = Float.NaN;
    values[6] = 1e30f;
    long[] byVectors = new long[BitKernel.PLANES * words];
    long[] oneByOne = byVectors.clone();

    long sum = BitPlanes.fillOneByOne(values, -2, 4, oneByOne);

    assertThat(BitPlanes.fillByVectors(values, -2, 4, byVectors)).isEqualTo(sum);
    assertThat(byVectors).isEqualTo(oneByOne);
    long total = 0;
    for (int i = 0; i < values.length; i++) {
      int number = 0;
      for (int plane = 0; plane < BitKernel.PLANES; plane++) {
        long bits = oneByOne[BitKernel.PLANES * (i / 64) + plane];
        number += (int) (bits >>> i % 64 & 1) << plane;
      }
      total += number;
      if (i != 5) {
        assertThat(number).isEqualTo(Math.clamp(Math.round(4 * (values[i] + 2)), 0, 15));
      }
    }
    assertThat(sum).isEqualTo(total);
  }

  private static long expected(MemorySegment groups, int words, long[] query, int group, int row) {
    long sum = 0;
    for (int bit = 0; bit < 64 * words; bit++) {
      long index = ((long) group * words + bit / 64) * BitKernel.GROUP + row;
      long word = groups.getAtIndex(ValueLayout.JAVA_LONG, index);
      if ((word >>> bit % 64 & 1) == 1) {
        for (int plane = 0; plane < BitKernel.PLANES; plane++) {
          sum += (query[BitKernel.PLANES * (bit / 64) + plane] >>> bit % 64 & 1) << plane;
        }
      }
    }
    return sum;
  }
}
