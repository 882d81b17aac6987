package io.elanus.index.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Asks for memory that will be read soon, and goes on without waiting for it. Java cannot say that: without kernels in C, and for memory on
/// the heap, it does nothing.
public final class Prefetch {
  /// The calls are worth their while only where they are constants to the compiler.
  private static final class Call {
    private static final MethodHandle PREFETCH =
        NativeLibrary.found().function("elanus_prefetch", JAVA_LONG, JAVA_INT);
  }

  private static final boolean THERE = NativeLibrary.found().hasCodes();

  private final boolean possible;
  private final long address;

  /// Of parts of `memory`, which is alive as long as this is used.
  public Prefetch(MemorySegment memory) {
    this.possible = THERE && memory.isNative();
    this.address = memory.address();
  }

  /// Whether anything is asked for.
  public boolean isPossible() {
    return possible;
  }

  /// `bytes` from `at` on.
  public void lines(long at, int bytes) {
    if (!possible) {
      return;
    }
    try {
      Call.PREFETCH.invokeExact(address + at, bytes);
    } catch (Throwable e) {
      throw new IllegalStateException("asking for memory failed", e);
    }
  }
}
