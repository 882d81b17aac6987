package io.elanus.segment.shard;

import io.elanus.common.model.Key;
import io.elanus.common.topk.Hit;

/// A row a search found.
public record RowHit(RowAddress address, float score) implements Hit {
  @Override
  public Key key() {
    return address.key();
  }
}
