package io.elanus.index;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Where a build keeps what is too large for the heap, the file that it makes among it.
@FunctionalInterface
public interface BuildMemory {
  /// Off heap, within the JVM's limit of direct memory, until it is garbage.
  BuildMemory DIRECT = (bytes, alignment) -> Arena.ofAuto().allocate(bytes, alignment);

  /// Zeros, to be read and written by any thread until after the index was written.
  ///
  /// @param alignment a power of two, at most 4,096
  MemorySegment allocate(long bytes, long alignment);
}
