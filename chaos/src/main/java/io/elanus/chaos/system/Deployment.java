package io.elanus.chaos.system;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An Elanus that runs for the sake of a test, and what may be done to it. Used by one thread, but for [#uris].
public interface Deployment extends AutoCloseable {
  /// Addresses of the proxies, of dead ones too: as a client knows them. May be called by any thread.
  List<String> uris();

  /// All processes, dead ones too.
  List<Member> members();

  long pid(Member member);

  /// `kill -9`; returns when the process is gone.
  void kill(Member member);

  /// Where the process tells its metrics, as a text of Prometheus's; empty for processes that are not ours.
  Optional<URI> metrics(Member member);

  /// Starts a dead process again; returns at once.
  void launch(Member member);

  /// Returns when the process serves.
  ///
  /// @throws IllegalStateException when it does not in time
  void awaitReady(Member member);

  /// SIGSTOP: it stands still, its connections stay open. A second time without effect.
  void pause(Member member);

  /// SIGCONT.
  void resume(Member member);

  /// Starts processes of a role, or ends the youngest: these hand over first (SIGTERM). Returns when they are
  /// gone, or when all are ready.
  void scale(String role, int count);

  /// Those that say they lead where only one may: coordinators.
  List<Member> active();

  /// Stops everything in order.
  @Override
  void close();

  default void restart(Member member) {
    launch(member);
    awaitReady(member);
  }

  /// Returns when every process serves.
  ///
  /// @throws IllegalStateException when one does not in time
  default void awaitAllReady() {
    members().forEach(this::awaitReady);
  }

  /// Those that play a role.
  default List<Member> members(String role) {
    return members().stream().filter(member -> member.role().equals(role)).toList();
  }

  /// Settings of little segments, so that manifests change, segments are merged and indexed, and objects are swept all the
  /// time.
  Map<String, String> RESTLESS =
      Map.of(
          "dataNode.segment.flushBytes",
          "1MiB",
          "dataNode.segment.syncPeriod",
          "2",
          "indexCoord.segment.minSegmentNumRowsToEnableIndex",
          "64",
          "dataCoord.gc.dropTolerance",
          "5");

  /// How long a lease lasts at most: what stands still for longer was replaced.
  Duration LONGEST_LEASE = Duration.ofSeconds(8);
}
