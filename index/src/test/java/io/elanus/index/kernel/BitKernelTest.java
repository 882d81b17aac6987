package io.elanus.index.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
    long bits = (long) GROUPS * BitKernel.groupBytes(words);
    int column = Float.BYTES * GROUPS * BitKernel.GROUP;
    MemorySegment file = Arena.ofAuto().allocate(bits + 3 * column, 64);
    for (long at = 0; at < bits; at += Long.BYTES) {
      file.set(ValueLayout.JAVA_LONG, at, random.nextLong());
    }
    for (long at = bits; at < file.byteSize(); at += Float.BYTES) {
      file.set(ValueLayout.JAVA_FLOAT, at, random.nextFloat(-2, 2));
    }
    float[] values = new float[64 * words];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat(-3, 3);
    }
    BitQuery query = new BitQuery(values.length);
    query.take(values);
    int first = BitKernel.groupBytes(words);
    BitRows rows =
        new BitRows().at(first, bits + Float.BYTES * BitKernel.GROUP, column).weigh(7, 0.5f, -2);

    float[] byVectors = new float[3 * BitKernel.GROUP];
    float[] oneByOne = byVectors.clone();
    new BitKernel(file, words, true).estimate(query, rows, 3, byVectors);
    new BitKernel(file, words, false).estimate(query, rows, 3, oneByOne);

    assertThat(byVectors).isEqualTo(oneByOne);
    for (int i = 0; i < oneByOne.length; i++) {
      long at = rows.adds + Float.BYTES * (long) i;
      float add = file.get(ValueLayout.JAVA_FLOAT, at);
      float factor = file.get(ValueLayout.JAVA_FLOAT, at + column);
      float count = file.get(ValueLayout.JAVA_FLOAT, at + 2 * column);
      double product =
          expected(file, words, query.planes, 1 + i / BitKernel.GROUP, i % BitKernel.GROUP);
      double estimate =
          factor * (query.twoSteps * product - query.sum) + (double) count * query.twoLows;
      assertThat((double) oneByOne[i])
          .isCloseTo(7 + 0.5 * add - 2 * estimate, within(1e-4 * (100 + Math.abs(estimate))));
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
