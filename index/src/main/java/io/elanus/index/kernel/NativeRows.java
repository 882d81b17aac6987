package io.elanus.index.kernel;

import java.lang.foreign.MemorySegment;

/// Rows off heap as the kernels read them.
public final class NativeRows {
  private NativeRows() {}

  /// A mapped segment as a plain native one of the same lifetime, because code that meets mapped and native segments both
  /// is half as fast as code that meets one kind; one on the heap as it is.
  @SuppressWarnings("restricted")
  public static MemorySegment plain(MemorySegment rows) {
    return rows.isNative() ? rows.reinterpret(rows.byteSize()) : rows;
  }
}
