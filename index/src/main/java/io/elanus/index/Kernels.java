package io.elanus.index;

import io.elanus.index.kernel.Kernel;

/// What this process computes distances with.
public final class Kernels {
  private Kernels() {}

  /// For logs: `C (VNNI)`, or `Java` with the reason why there is nothing in C. Chosen once, when it is first asked for or the first
  /// index is opened.
  public static String description() {
    return Kernel.description();
  }
}
