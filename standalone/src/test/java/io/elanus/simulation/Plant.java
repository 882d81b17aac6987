package io.elanus.simulation;

import io.elanus.common.meta.MetaStore;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.wal.Wal;
import io.elanus.simulation.Chaos.Fault;
import io.elanus.simulation.Client.Habits;
import io.elanus.simulation.Node.Kind;
import java.time.Duration;

/// A bug planted at the ports of a process, to prove that the checks can fail. The production code stays as
/// it is: it is handed a port that makes it behave as if it had the bug.
interface Plant {
  Plant NONE = new Plant() {};

  default Wal wal(Kind kind, SimulatedProcess process, Wal wal) {
    return wal;
  }

  default MetaStore meta(Kind kind, SimulatedProcess process, MetaStore meta) {
    return meta;
  }

  default ObjectStore objects(Kind kind, SimulatedProcess process, ObjectStore objects, Wal wal) {
    return objects;
  }

  /// How far a wall clock is set forward or back at once.
  default Duration maxClockShift() {
    return Duration.ofHours(2);
  }

  /// How often a fault strikes, where the bug shows.
  default double chance(Fault fault, double drawn) {
    return drawn;
  }

  /// Whether collections are made and dropped.
  default boolean isNaming(boolean drawn) {
    return drawn;
  }

  /// What clients do most, where the bug shows.
  default Habits habits(Habits drawn) {
    return drawn;
  }

  /// The answer as the one who asked gets it.
  default Object response(SimulatedProcess process, Object request, Object response) {
    return response;
  }

  /// The request as the node's code gets it.
  default Object request(SimulatedProcess process, Object request) {
    return request;
  }
}
