package io.elanus.common.memory;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/// Memory off the heap that the JVM counts: buffers of the network, and what builds of indexes take.
public final class DirectMemory {
  private DirectMemory() {}

  /// Bytes that this JVM may have of it: as many as `-XX:MaxDirectMemorySize` says, else as of heap.
  public static long limit() {
    HotSpotDiagnosticMXBean options =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    long limit = Long.parseLong(options.getVMOption("MaxDirectMemorySize").getValue());
    return limit == 0 ? Runtime.getRuntime().maxMemory() : limit;
  }
}
