package io.elanus.rpc.job;

import java.time.Duration;

/// A job that a node has pulled. One thread runs it; any may look at it, and cancel it.
public interface PulledJob {
  /// Drawn by datacoord for this attempt; never used before.
  long id();

  /// How long datacoord waits for a sign of life.
  Duration lease();

  /// 0..100.
  int progress();

  /// Asks [#run] to end soon, without effect if that is possible still.
  void cancel();

  boolean isCanceled();

  /// Does it. Throws nothing but what ends the process.
  ///
  /// @return why it failed, empty on success
  String run();
}
