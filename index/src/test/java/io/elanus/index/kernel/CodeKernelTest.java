package io.elanus.index.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The vector kernels over codes equal plain arithmetic, on many widths.
class CodeKernelTest {
  private static final int ROWS = 23;

  static IntStream widths() {
    return IntStream.of(1, 2, 3, 4, 5, 11, 12, 16, 24, 313).map(i -> i * CodeKernel.ROW_BYTES);
  }

  @ParameterizedTest
  @MethodSource("widths")
  void codesOfSevenBits(int rowBytes) {
    Random random = new Random(rowBytes);
    check(random, bytes(random, ROWS * rowBytes, 128), bytes(random, rowBytes, 128), 7);
  }

  @ParameterizedTest
  @MethodSource("widths")
  void codesOfFourBits(int rowBytes) {
    Random random = new Random(rowBytes);
    check(random, bytes(random, ROWS * rowBytes, 256), bytes(random, 2 * rowBytes, 16), 4);
  }

  /// Nothing overflows on the way.
  @ParameterizedTest
  @MethodSource("widths")
  void theLargestDifferences(int rowBytes) {
    Random random = new Random(rowBytes);
    byte[] far = new byte[rowBytes];
    Arrays.fill(far, (byte) 127);
    check(random, new byte[ROWS * rowBytes], far, 7);
    byte[] full = new byte[ROWS * rowBytes];
    Arrays.fill(full, (byte) 0xff);
    check(random, full, new byte[2 * rowBytes], 4);
  }

  @Test
  void storageChoosesTheKernel() {
    MemorySegment offHeap = Arena.ofAuto().allocate(64);

    assumeThat(Lanes.FAST).isTrue();
    boolean inC = NativeLibrary.found().hasCodes();
    assertThat(CodeKernel.of(offHeap, 64, 7))
        .isInstanceOf(inC ? NativeCodeKernel.class : ByteCodeKernel.class);
    assertThat(CodeKernel.of(offHeap, 64, 4))
        .isInstanceOf(inC ? NativeCodeKernel.class : NibbleCodeKernel.class);
    assertThat(CodeKernel.of(MemorySegment.ofArray(new byte[64]), 8, 7))
        .isInstanceOf(ScalarCodeKernel.class);
  }

  /// @param rows [#ROWS] of them
  private static void check(Random random, byte[] rows, byte[] query, int bits) {
    int rowBytes = rows.length / ROWS;
    MemorySegment all = Arena.ofAuto().allocate(rows.length + 3L, 64);
    MemorySegment unaligned = all.asSlice(3);
    unaligned.copyFrom(MemorySegment.ofArray(rows));
    int[] ordinals = KernelTest.someOf(ROWS, random);
    int[] expected =
        Arrays.stream(ordinals).map(row -> squaredL2(rows, rowBytes, row, query)).toArray();

    for (CodeKernel kernel :
        List.of(
            CodeKernel.of(unaligned, rowBytes, bits),
            inJava(unaligned, rowBytes, bits),
            new ScalarCodeKernel(MemorySegment.ofArray(rows), rowBytes, bits))) {
      int[] found = new int[ordinals.length];
      kernel.squaredL2(query, ordinals, ordinals.length, found);
      assertThat(found).as(kernel.getClass().getSimpleName()).isEqualTo(expected);
    }
    for (String name : NativeLibrary.found().codes(bits)) {
      assertThat(inC(name, unaligned, rowBytes, query, ordinals)).as(name).isEqualTo(expected);
    }
  }

  private static CodeKernel inJava(MemorySegment rows, int rowBytes, int bits) {
    return bits == CodeKernel.BYTE_CODES
        ? new ByteCodeKernel(rows, rowBytes)
        : new NibbleCodeKernel(rows, rowBytes);
  }

  /// By the function of one set of instructions, whether or not it is the one that kernels take.
  private static int[] inC(
      String name, MemorySegment rows, int rowBytes, byte[] query, int[] ordinals) {
    int[] found = new int[ordinals.length];
    try {
      NativeCodeKernel.function(name)
          .invoke(
              rows.address(),
              (long) rowBytes,
              MemorySegment.ofArray(query),
              MemorySegment.ofArray(ordinals),
              ordinals.length,
              MemorySegment.ofArray(found));
    } catch (Throwable e) {
      throw new AssertionError(name, e);
    }
    return found;
  }

  /// Packed when the query is twice as long as the row.
  private static int squaredL2(byte[] rows, int rowBytes, int row, byte[] query) {
    int sum = 0;
    for (int j = 0; j < query.length; j++) {
      int code = rows[row * rowBytes + j % rowBytes];
      if (query.length > rowBytes) {
        code = j < rowBytes ? code & 0xf : code >> 4 & 0xf;
      }
      sum += (query[j] - code) * (query[j] - code);
    }
    return sum;
  }

  private static byte[] bytes(Random random, int size, int bound) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) random.nextInt(bound);
    }
    return bytes;
  }
}
