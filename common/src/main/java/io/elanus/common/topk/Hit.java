package io.elanus.common.topk;

import io.elanus.common.model.Key;

/// A row that a search found, or one vector of its list of them; implemented by whatever carries the row's address besides.
public interface Hit {
  Key key();

  /// Of the vector in its row's list, from 0; 0 of a row as a whole.
  default int place() {
    return 0;
  }

  /// As clients see it, see [io.elanus.common.model.Metric].
  float score();
}
