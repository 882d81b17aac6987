package io.elanus.chaos.system;

import java.util.List;

/// An Elanus that runs for the sake of a test, and what may be done to it. Used by one thread, but for [#uris].
public interface Deployment extends AutoCloseable {
  /// Addresses of the proxies, of dead ones too: as a client knows them. May be called by any thread.
  List<String> uris();

  /// All processes, dead ones too.
  List<Member> members();

  boolean isAlive(Member member);

  /// `kill -9`; returns when the process is gone.
  void kill(Member member);

  /// Starts a dead process again; returns at once.
  void launch(Member member);

  /// Returns when the process serves.
  ///
  /// @throws IllegalStateException when it does not in time
  void awaitReady(Member member);

  default void restart(Member member) {
    launch(member);
    awaitReady(member);
  }

  /// SIGSTOP: it stands still, its connections stay open. A second time without effect.
  void pause(Member member);

  /// SIGCONT.
  void resume(Member member);

  /// Stops everything in order.
  @Override
  void close();
}
