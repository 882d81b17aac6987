package io.elanus.datanode;

/// Where ids come from that are never given out twice.
@FunctionalInterface
interface Ids {
  /// The first of `count` fresh consecutive ids.
  long take(int count);
}
