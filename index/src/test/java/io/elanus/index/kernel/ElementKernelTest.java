package io.elanus.index.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Both kernels against the definition, over rows of elements of which many are equal, and many nearly.
class ElementKernelTest {
  private static final int ROWS = 50;

  @ParameterizedTest
  @CsvSource({
    "1, 1", "1, 7", "1, 64", "1, 200", "2, 1", "2, 31", "2, 32", "2, 128", "4, 1", "4, 15", "4, 16",
    "4, 100", "4, 128", "8, 1", "8, 7", "8, 8", "8, 33", "8, 256", "3, 20", "16, 9", "32, 5"
  })
  void equalElementsAreCounted(int elementBytes, int elements) {
    int rowBytes = elementBytes * elements;
    Random random = new Random(rowBytes);
    byte[] query = new byte[rowBytes];
    random.nextBytes(query);
    byte[] rows = rows(query, elementBytes, random);
    MemorySegment offHeap =
        Arena.ofAuto().allocate(rows.length).copyFrom(MemorySegment.ofArray(rows));
    int[] ordinals = random.ints(80, 0, ROWS).toArray();
    int[] expected =
        Arrays.stream(ordinals)
            .map(row -> equal(query, rows, row * rowBytes, elementBytes))
            .toArray();
    assertThat(expected).contains(elements);
    assertThat(Arrays.stream(expected).min().orElseThrow()).isLessThan(elements);

    for (MemorySegment where : new MemorySegment[] {offHeap, MemorySegment.ofArray(rows)}) {
      assertCounts(
          new ScalarElementKernel(where, rowBytes, elementBytes), query, ordinals, expected);
      assertCounts(ElementKernel.of(where, rowBytes, elementBytes), query, ordinals, expected);
    }
    if (VectorElementKernel.has(elementBytes)) {
      assertCounts(
          new VectorElementKernel(offHeap, rowBytes, elementBytes), query, ordinals, expected);
    }
  }

  /// The query, with single bits flipped in some elements; every fifth row is as it is.
  private static byte[] rows(byte[] query, int elementBytes, Random random) {
    byte[] rows = new byte[ROWS * query.length];
    for (int row = 0; row < ROWS; row++) {
      int start = row * query.length;
      System.arraycopy(query, 0, rows, start, query.length);
      for (int at = 0; row % 5 != 0 && at < query.length; at += elementBytes) {
        if (random.nextInt(4) < row % 5) {
          rows[start + at + random.nextInt(elementBytes)] ^= (byte) (1 << random.nextInt(8));
        }
      }
    }
    return rows;
  }

  private static int equal(byte[] query, byte[] rows, int start, int elementBytes) {
    int equal = 0;
    for (int at = 0; at < query.length; at += elementBytes) {
      boolean same =
          Arrays.equals(query, at, at + elementBytes, rows, start + at, start + at + elementBytes);
      equal += same ? 1 : 0;
    }
    return equal;
  }

  private static void assertCounts(
      ElementKernel kernel, byte[] query, int[] ordinals, int[] expected) {
    int[] out = new int[ordinals.length];
    kernel.count(query, ordinals, ordinals.length, out);
    assertThat(out).as("%s", kernel.getClass()).isEqualTo(expected);
  }
}
