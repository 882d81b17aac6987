package io.elanus.index;

import java.lang.foreign.MemorySegment;

/// `count` sparse vectors, one after the other in one memory segment, perhaps with gaps. Borrowed: their owner keeps
/// them alive and unchanged while something over them is in use.
///
/// A sparse vector is pairs of an unsigned index, its *term*, and a float32, 4 bytes each, little-endian, by strictly
/// ascending term.
public interface SparseVectors {
  int ENTRY_BYTES = 8;

  int count();

  MemorySegment data();

  /// Where the entries of a row begin in the data.
  int start(int row);

  /// The bytes of its entries.
  int length(int row);
}
