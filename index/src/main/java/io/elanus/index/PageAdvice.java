package io.elanus.index;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// Tells the kernel how mapped bytes are read (`madvise(2)`), where it has the call. It is no more than advice, which the kernel may
/// refuse: nothing depends on it but how fast files are read that do not fit into memory.
public final class PageAdvice {
  /// A multiple of the page size of every machine.
  private static final long PAGE_BYTES = 64 << 10;

  /// The same numbers on Linux and macOS.
  private static final int MADV_RANDOM = 1;

  private static final int MADV_WILLNEED = 3;

  /// Those of x86, and of most others: advice about a part of a larger page is refused.
  private static final long SMALL_PAGE_BYTES = 4 << 10;

  private static final Optional<MethodHandle> MADVISE = madvise();

  private PageAdvice() {}

  /// A few bytes here and there: without this, each of them has some hundred KB read around it, and others forgotten
  /// for that.
  public static void random(MemorySegment mapped) {
    long start = Math.ceilDiv(mapped.address(), PAGE_BYTES) * PAGE_BYTES;
    long end = (mapped.address() + mapped.byteSize()) / PAGE_BYTES * PAGE_BYTES;
    if (mapped.isMapped() && end > start) {
      advise(start, end - start, MADV_RANDOM);
    }
  }

  /// `bytes` from `at` on are read soon: the kernel fetches what is not there, and nobody waits.
  static void soon(MemorySegment mapped, long at, long bytes) {
    long start = (mapped.address() + at) / SMALL_PAGE_BYTES * SMALL_PAGE_BYTES;
    advise(start, mapped.address() + at + bytes - start, MADV_WILLNEED);
  }

  private static void advise(long address, long bytes, int advice) {
    if (MADVISE.isEmpty()) {
      return;
    }
    try {
      int _ = (int) MADVISE.get().invokeExact(address, bytes, advice);
    } catch (Throwable e) {
      throw new IllegalStateException("madvise cannot be called", e);
    }
  }

  @SuppressWarnings("restricted")
  private static Optional<MethodHandle> madvise() {
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor types =
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT);
    return linker
        .defaultLookup()
        .find("madvise")
        .map(address -> linker.downcallHandle(address, types));
  }
}
