package io.elanus.segment.file;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the kernel how mapped bytes are read (`madvise(2)`), where it has the call. It is no more than advice: nothing
/// depends on it but how fast files are read that do not fit into memory.
final class PageAdvice {
  private static final Logger log = LoggerFactory.getLogger(PageAdvice.class);

  /// A multiple of the page size of every machine.
  private static final long PAGE_BYTES = 64 << 10;

  /// The same number on Linux and macOS.
  private static final int MADV_RANDOM = 1;

  private static final Optional<MethodHandle> MADVISE = madvise();

  private PageAdvice() {}

  /// A few bytes here and there: without this, each of them has some hundred KB read around it, and others forgotten
  /// for that.
  static void random(MemorySegment mapped) {
    long start = Math.ceilDiv(mapped.address(), PAGE_BYTES) * PAGE_BYTES;
    long end = (mapped.address() + mapped.byteSize()) / PAGE_BYTES * PAGE_BYTES;
    if (mapped.isMapped() && end > start) {
      MADVISE.ifPresent(call -> advise(call, start, end - start, MADV_RANDOM));
    }
  }

  private static void advise(MethodHandle call, long address, long bytes, int advice) {
    try {
      int error = (int) call.invokeExact(address, bytes, advice);
      if (error != 0) {
        log.debug("madvise refused bytes={} advice={}", bytes, advice);
      }
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
