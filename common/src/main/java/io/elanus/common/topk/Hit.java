package io.elanus.common.topk;

import io.elanus.common.model.Key;

/// A row that a search found; implemented by whatever carries the row's address besides.
public interface Hit {
  Key key();

  /// As clients see it, see [io.elanus.common.model.Metric].
  float score();
}
