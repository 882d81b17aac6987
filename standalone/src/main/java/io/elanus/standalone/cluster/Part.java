package io.elanus.standalone.cluster;

import java.nio.file.Path;

/// One process of a local cluster, and what may be done to it. Not thread-safe.
interface Part {
  /// Unique in the cluster: `querynode-2`, `kafka-1`.
  String name();

  long pid();

  boolean isAlive();

  /// What it says of itself now.
  Readiness readiness();

  /// Where it is reached, for people: addresses by purpose.
  String addresses();

  /// What it says, in all its starts.
  Path output();

  /// `kill -9`.
  void kill();

  /// SIGSTOP and SIGCONT: it stands still, its connections stay open.
  void pause(boolean paused);

  /// Starts it again where it was, after a stop when it still runs. May return before it is ready.
  void restart();

  /// @param reason why it is not ready, else what there is to say; may be empty
  record Readiness(boolean ready, String reason) {
    static final Readiness READY = new Readiness(true, "");
  }
}
