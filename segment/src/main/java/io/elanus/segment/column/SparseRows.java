package io.elanus.segment.column;

import io.elanus.index.SparseVectors;
import java.lang.foreign.MemorySegment;

/// The sparse vectors of a column, where they lie.
public record SparseRows(Blobs blobs) implements SparseVectors {
  @Override
  public int count() {
    return blobs.rowCount();
  }

  @Override
  public MemorySegment data() {
    return blobs.data();
  }

  @Override
  public int start(int row) {
    return blobs.starts()[row];
  }

  @Override
  public int length(int row) {
    return blobs.length(row);
  }
}
