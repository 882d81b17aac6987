package io.elanus.index.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Kernels over narrow values give the very bits that those over the same values as float32 give.
class NarrowKernelTest {
  private static final int ROWS = 70;

  static Stream<Arguments> shapes() {
    IntStream small = IntStream.rangeClosed(1, 40);
    int[] dimensions = IntStream.concat(small, IntStream.of(100, 128, 768, 1000)).toArray();
    return Stream.of(ValueType.FLOAT16, ValueType.BFLOAT16, ValueType.INT8)
        .flatMap(type -> Arrays.stream(dimensions).mapToObj(d -> Arguments.of(type, d)));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void everyKernelEqualsThatOfFloats(ValueType type, int dimension) {
    assumeThat(Lanes.FAST).isTrue();
    Random random = new Random(dimension);
    byte[] rows = NarrowRows.random(type, ROWS * dimension, random);
    float[] wide = new float[ROWS * dimension];
    type.copy(MemorySegment.ofArray(rows), 0, wide, 0, wide.length);
    float[] queries = new float[Kernel.QUERY_BLOCK * dimension];
    for (int i = 0; i < queries.length; i++) {
      queries[i] = (float) random.nextGaussian();
    }
    int[] ordinals = random.ints(1 + random.nextInt(ROWS), 0, ROWS).toArray();
    float[][] expected = scores(new ArrayKernel(wide, 0, dimension), queries, ordinals);

    for (Kernel kernel : kernels(rows, dimension, type)) {
      assertThat(scores(kernel, queries, ordinals)).as(kernel.toString()).isDeepEqualTo(expected);
    }
  }

  /// Off heap at two alignments, and on it.
  private static List<Kernel> kernels(byte[] rows, int dimension, ValueType type) {
    return List.of(
        Kernel.of(offHeap(rows, 0), dimension, type),
        Kernel.of(offHeap(rows, 1), dimension, type),
        Kernel.of(MemorySegment.ofArray(rows), dimension, type));
  }

  private static MemorySegment offHeap(byte[] rows, int shift) {
    MemorySegment slice = Arena.ofAuto().allocate(rows.length + shift, 64).asSlice(shift);
    MemorySegment.copy(MemorySegment.ofArray(rows), 0, slice, 0, rows.length);
    return slice;
  }

  private static float[][] scores(Kernel kernel, float[] queries, int[] ordinals) {
    int count = ordinals.length;
    float[][] scores = new float[4][Kernel.QUERY_BLOCK * count];
    float[] query = Arrays.copyOf(queries, queries.length / Kernel.QUERY_BLOCK);
    kernel.squaredL2(query, ordinals, count, scores[0]);
    kernel.dot(query, ordinals, count, scores[1]);
    kernel.squaredL2Block(queries, ordinals, count, scores[2]);
    kernel.dotBlock(queries, ordinals, count, scores[3]);
    return scores;
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16", "INT8"})
  void storageChoosesTheKernel(ValueType type) {
    assumeThat(Lanes.FAST && NarrowLanes.has(type)).isTrue();
    byte[] rows = new byte[64];

    assertThat(Kernel.of(offHeap(rows, 0), 8, type)).isInstanceOf(SingleQueryKernel.class);
    assertThat(Kernel.of(MemorySegment.ofArray(rows), 8, type)).isInstanceOf(WideningKernel.class);
  }
}
