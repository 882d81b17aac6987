package io.elanus.querycoord;

/// What became of a [ServingCommand].
enum ServingAnswer {
  DONE,
  /// The catalog changed since the command was prepared: prepare it anew.
  CATALOG_MOVED,
  /// One commit's worth of moves was made, and there are more.
  MORE
}
