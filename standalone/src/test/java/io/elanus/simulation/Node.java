package io.elanus.simulation;

import io.elanus.common.model.NodeId;
import io.elanus.common.run.SimulatedProcess;
import java.util.Map;

/// One start of one simulated process, and what it serves.
///
/// @param apis by interface
record Node(Kind kind, int slot, NodeId id, SimulatedProcess process, Map<Class<?>, Object> apis) {
  enum Kind {
    COORDINATOR,
    PROXY,
    DATANODE,
    QUERYNODE
  }

  boolean isAlive() {
    return process.isAlive();
  }

  <T> T api(Class<T> type) {
    return type.cast(apis.get(type));
  }

  @Override
  public String toString() {
    return process.name() + " (" + id + ")";
  }
}
