package io.elanus.index.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every kernel against arithmetic in double precision, on many shapes and alignments.
class KernelTest {
  private static final int ROWS = 23;

  static IntStream dimensions() {
    IntStream small = IntStream.rangeClosed(1, 40);
    IntStream random = new Random(5).ints(40, 41, 1100);
    return IntStream.concat(IntStream.concat(small, random), IntStream.of(128, 768, 1024));
  }

  @ParameterizedTest
  @MethodSource("dimensions")
  void everyKernelComputesTheDefinition(int dimension) {
    Case data = Case.random(dimension, dimension);

    for (Kernel kernel : data.kernels()) {
      float[] squares = new float[Kernel.QUERY_BLOCK * data.ordinals.length];
      float[] dots = squares.clone();
      kernel.squaredL2Block(data.queries, data.ordinals, data.ordinals.length, squares);
      kernel.dotBlock(data.queries, data.ordinals, data.ordinals.length, dots);
      for (int i = 0; i < squares.length; i++) {
        double[] expected = data.expected(i / data.ordinals.length, i % data.ordinals.length);
        assertThat((double) squares[i]).isCloseTo(expected[0], within(1e-5 * expected[0]));
        assertThat((double) dots[i]).isCloseTo(expected[1], within(1e-5 * expected[2]));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dimensions")
  void aPairHasTheSameBitsWhereverItStands(int dimension) {
    Case data = Case.random(dimension, dimension + 1);
    int count = data.ordinals.length;

    for (Kernel kernel : data.kernels()) {
      float[] block = new float[Kernel.QUERY_BLOCK * count];
      float[] single = new float[count];
      float[] alone = new float[1];
      kernel.squaredL2Block(data.queries, data.ordinals, count, block);
      kernel.squaredL2(data.query(2), data.ordinals, count, single);
      assertThat(single).isEqualTo(Arrays.copyOfRange(block, 2 * count, 3 * count));
      kernel.dotBlock(data.queries, data.ordinals, count, block);
      kernel.dot(data.query(2), data.ordinals, count, single);
      assertThat(single).isEqualTo(Arrays.copyOfRange(block, 2 * count, 3 * count));
      kernel.dot(data.query(2), new int[] {data.ordinals[count - 1]}, 1, alone);
      assertThat(alone[0]).isEqualTo(single[count - 1]);

      Kernel own = kernel.forOneThread();
      float[] again = new float[block.length];
      own.dotBlock(data.queries, data.ordinals, count, again);
      assertThat(again).isEqualTo(block);
      own.dot(data.query(2), data.ordinals, count, single);
      assertThat(single).isEqualTo(Arrays.copyOfRange(block, 2 * count, 3 * count));
    }
  }

  @ParameterizedTest
  @MethodSource("dimensions")
  void theTwinsGiveTheSameBits(int dimension) {
    Case data = Case.random(dimension, dimension + 2);
    int count = data.ordinals.length;
    Kernel onHeap = Kernel.of(data.onHeap(), dimension, ValueType.FLOAT32);

    assumeThat(Lanes.FAST).isTrue();
    for (Kernel twin :
        List.of(
            Kernel.of(data.unaligned(4), dimension, ValueType.FLOAT32),
            new SegmentKernel(data.unaligned(4), dimension, 4L * dimension))) {
      float[] expected = new float[count];
      float[] found = new float[count];
      onHeap.squaredL2(data.query(0), data.ordinals, count, expected);
      twin.squaredL2(data.query(0), data.ordinals, count, found);
      assertThat(found).isEqualTo(expected);
      onHeap.dot(data.query(1), data.ordinals, count, expected);
      twin.dot(data.query(1), data.ordinals, count, found);
      assertThat(found).isEqualTo(expected);
    }
  }

  @Test
  void storageChoosesTheKernel() {
    Case data = Case.random(8, 1);

    assumeThat(Lanes.FAST).isTrue();
    assertThat(Kernel.of(data.unaligned(64), 8, ValueType.FLOAT32))
        .isInstanceOf(
            NativeLibrary.found().hasFloats(Lanes.COUNT)
                ? NativeKernel.class
                : SegmentKernel.class);
    assertThat(Kernel.of(data.onHeap(), 8, ValueType.FLOAT32)).isInstanceOf(ArrayKernel.class);
    assertThat(Kernel.of(data.onHeap().asReadOnly(), 8, ValueType.FLOAT32))
        .isInstanceOf(ScalarKernel.class);
    assertThat(Kernel.of(MemorySegment.ofArray(new byte[64]), 8, ValueType.FLOAT32))
        .isInstanceOf(ScalarKernel.class);
  }

  @Test
  void noRowsAreNoWork() {
    Case data = Case.random(5, 1);

    for (Kernel kernel : data.kernels()) {
      kernel.squaredL2(data.query(0), new int[0], 0, new float[0]);
      kernel.dotBlock(data.queries, new int[0], 0, new float[0]);
    }
  }

  /// Some of so many rows: any, or such as follow each other, which kernels may read as a stream, or such as look so by the first and
  /// the last of them.
  static int[] someOf(int rows, Random random) {
    int count = 1 + random.nextInt(rows);
    int first = random.nextInt(rows - count + 1);
    int shape = random.nextInt(3);
    int[] some =
        shape == 0
            ? random.ints(count, 0, rows).toArray()
            : IntStream.range(first, first + count).toArray();
    if (shape == 2 && count > 3) {
      some[1] = some[count - 2];
    }
    return some;
  }

  /// Rows, a block of queries and a list of rows to score.
  @SuppressWarnings("ArrayRecordComponent")
  private record Case(int dimension, float[] rows, float[] queries, int[] ordinals) {

    static Case random(int dimension, long seed) {
      Random random = new Random(seed);
      float[] rows = new float[ROWS * dimension];
      float[] queries = new float[Kernel.QUERY_BLOCK * dimension];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = (float) random.nextGaussian();
      }
      for (int i = 0; i < queries.length; i++) {
        queries[i] = (float) random.nextGaussian();
      }
      return new Case(dimension, rows, queries, someOf(ROWS, random));
    }

    List<Kernel> kernels() {
      return List.of(
          Kernel.of(unaligned(64), dimension, ValueType.FLOAT32),
          Kernel.of(unaligned(4), dimension, ValueType.FLOAT32),
          Kernel.of(unaligned(1), dimension, ValueType.FLOAT32),
          Kernel.of(onHeap(), dimension, ValueType.FLOAT32),
          new SegmentKernel(unaligned(4), dimension, 4L * dimension),
          new ScalarKernel(unaligned(1), dimension, ValueType.FLOAT32),
          new ScalarKernel(onHeap(), dimension, ValueType.FLOAT32));
    }

    /// The rows off heap, `offset` bytes after an aligned address.
    MemorySegment unaligned(long offset) {
      MemorySegment all = Arena.ofAuto().allocate(4L * rows.length + offset, 64);
      MemorySegment slice = all.asSlice(offset);
      MemorySegment.copy(rows, 0, slice, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, rows.length);
      return slice;
    }

    /// The rows in an array, three floats after its start.
    MemorySegment onHeap() {
      float[] shifted = new float[rows.length + 3];
      System.arraycopy(rows, 0, shifted, 3, rows.length);
      return MemorySegment.ofArray(shifted).asSlice(12);
    }

    float[] query(int q) {
      return Arrays.copyOfRange(queries, q * dimension, (q + 1) * dimension);
    }

    /// Squared distance, inner product, and the sum of the absolute products, which bounds
    /// rounding.
    double[] expected(int q, int i) {
      double[] sums = new double[3];
      for (int d = 0; d < dimension; d++) {
        double x = queries[q * dimension + d];
        double y = rows[ordinals[i] * dimension + d];
        sums[0] += (x - y) * (x - y);
        sums[1] += x * y;
        sums[2] += Math.abs(x * y);
      }
      return sums;
    }
  }
}
