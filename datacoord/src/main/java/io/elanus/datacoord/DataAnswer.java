package io.elanus.datacoord;

/// What became of a [DataCommand].
enum DataAnswer {
  DONE,
  /// One commit's worth was done, and there is more.
  MORE,
  /// Nothing was done: what it was based on has changed.
  CHANGED
}
