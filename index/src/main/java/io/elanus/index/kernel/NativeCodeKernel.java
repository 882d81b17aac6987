package io.elanus.index.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// [CodeKernel] in C, for rows off heap: it asks for the rows that come next while it works on others, and squares and adds in one
/// instruction, neither of which Java can say.
final class NativeCodeKernel implements CodeKernel {
  private static final MethodHandle BYTES = best(BYTE_CODES);
  private static final MethodHandle NIBBLES = best(NIBBLE_CODES);

  private final MemorySegment rows;
  private final long address;
  private final long rowBytes;
  private final boolean packed;

  NativeCodeKernel(MemorySegment rows, int rowBytes, int bits) {
    this.rows = rows;
    this.address = rows.address();
    this.rowBytes = rowBytes;
    this.packed = bits == NIBBLE_CODES;
  }

  /// @param name of the function
  static MethodHandle function(String name) {
    return NativeLibrary.found()
        .function(name, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, JAVA_INT, ADDRESS);
  }

  private static MethodHandle best(int bits) {
    return function(NativeLibrary.found().codes(bits).getFirst());
  }

  @Override
  public void squaredL2(byte[] query, int[] ordinals, int count, int[] out) {
    MemorySegment from = MemorySegment.ofArray(query);
    MemorySegment wanted = MemorySegment.ofArray(ordinals);
    MemorySegment found = MemorySegment.ofArray(out);
    try {
      if (packed) {
        NIBBLES.invokeExact(address, rowBytes, from, wanted, count, found);
      } else {
        BYTES.invokeExact(address, rowBytes, from, wanted, count, found);
      }
    } catch (Throwable e) {
      throw new IllegalStateException("scoring %d rows of %s failed".formatted(count, rows), e);
    }
  }
}
