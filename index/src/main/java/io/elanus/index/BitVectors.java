package io.elanus.index;

import java.lang.foreign.MemorySegment;

/// `count` vectors of bits of `rowBytes` bytes each, without gaps, in one memory segment of exactly that size. The segment is
/// borrowed: its owner keeps it alive and unchanged as long as an index over it is in use.
public record BitVectors(MemorySegment data, int count, int rowBytes) {
  public BitVectors {
    Checks.require(count >= 0, "count %d is negative", count);
    Checks.require(rowBytes >= 1, "rows of %d bytes", rowBytes);
    Checks.require(
        data.byteSize() == (long) count * rowBytes,
        "%d bytes are not %d rows of %d",
        data.byteSize(),
        count,
        rowBytes);
  }
}
