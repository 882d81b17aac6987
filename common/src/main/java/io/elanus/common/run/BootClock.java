package io.elanus.common.run;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// Monotonic time that counts what the machine slept through. `System.nanoTime` stands still in a
/// suspend on Linux, so a lease held before would look valid after it, long after others saw it
/// expire. Where there is no such clock, this is `System.nanoTime`.
final class BootClock {
  /// From `linux/time.h`; the same number on every architecture.
  private static final int CLOCK_BOOTTIME = 7;

  /// `int clock_gettime(clockid_t, struct timespec*)`; null elsewhere than on Linux.
  private static final @Nullable MethodHandle CLOCK_GETTIME = findClockGettime();

  private BootClock() {}

  static long nanoTime() {
    return CLOCK_GETTIME == null ? System.nanoTime() : read(CLOCK_GETTIME);
  }

  private static long read(MethodHandle clockGettime) {
    long[] timespec = new long[2]; // seconds, nanoseconds
    try {
      int failed = (int) clockGettime.invokeExact(CLOCK_BOOTTIME, MemorySegment.ofArray(timespec));
      if (failed != 0) {
        throw new IllegalStateException("clock_gettime(CLOCK_BOOTTIME) failed");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("clock_gettime(CLOCK_BOOTTIME) failed", e);
    }
    return timespec[0] * 1_000_000_000L + timespec[1];
  }

  /// The call neither blocks nor calls back, so it may go without a thread state change and get
  /// memory of the heap.
  @SuppressWarnings("restricted")
  private static @Nullable MethodHandle findClockGettime() {
    if (!System.getProperty("os.name").equals("Linux") || ValueLayout.ADDRESS.byteSize() != 8) {
      return null;
    }
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor descriptor =
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
    return linker
        .defaultLookup()
        .find("clock_gettime")
        .map(address -> linker.downcallHandle(address, descriptor, Linker.Option.critical(true)))
        .orElse(null);
  }
}
