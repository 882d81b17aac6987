package io.elanus.simulation;

import io.elanus.common.model.NodeId;
import io.elanus.common.run.SimulatedProcess;
import java.util.List;
import java.util.Map;

/// One start of one simulated process, and what it serves.
///
/// @param apis by interface
/// @param roles in the order of their start
record Node(
    Kind kind,
    int slot,
    NodeId id,
    SimulatedProcess process,
    Map<Class<?>, Object> apis,
    List<AutoCloseable> roles) {
  enum Kind {
    COORDINATOR,
    PROXY,
    DATANODE,
    QUERYNODE,
    INDEXNODE
  }

  boolean isAlive() {
    return process.isAlive();
  }

  <R extends AutoCloseable> R started(R role) {
    roles.add(role);
    return role;
  }

  @Override
  public String toString() {
    return process.name() + " (" + id + ")";
  }
}
