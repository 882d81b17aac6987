package io.elanus.segment.shard;

import io.elanus.common.model.Key;
import io.elanus.common.model.Key.TextKey;

/// A row a search found, or a vector of its list.
///
/// @param place of the vector in the list; 0 of a row as a whole
/// @param score squared distance for L2 (smaller is better), inner product or cosine otherwise
///     (larger is better)
public record Hit(RowAddress address, int place, float score) implements io.elanus.common.topk.Hit {
  /// What one takes in a list, with its address; an estimate.
  static final long HEAP_BYTES = RowAddress.HEAP_BYTES + 24;

  /// With what merging takes beside it, to see that a row is found once; an estimate.
  static final long MERGED_HEAP_BYTES = HEAP_BYTES + 80;

  @Override
  public Key key() {
    return address.key();
  }

  /// What it takes where it is kept; an estimate.
  public long heapBytes() {
    return HEAP_BYTES + (key() instanceof TextKey(String value) ? 2L * value.length() : 0);
  }
}
