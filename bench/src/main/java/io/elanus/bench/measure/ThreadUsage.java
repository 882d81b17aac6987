package io.elanus.bench.measure;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/// What the calling thread has used so far, as the JVM accounts for it. Only differences mean something.
public final class ThreadUsage {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private ThreadUsage() {}

  public static long cpuNanos() {
    return THREADS.getCurrentThreadCpuTime();
  }

  /// Of `work`.
  public static double cpuSeconds(Runnable work) {
    long start = cpuNanos();
    work.run();
    return (cpuNanos() - start) / NANOS_PER_SECOND;
  }

  /// Bytes of the heap, whether they are garbage by now or not.
  public static long allocatedBytes() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }
}
