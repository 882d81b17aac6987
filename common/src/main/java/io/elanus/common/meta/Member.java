package io.elanus.common.meta;

import io.elanus.common.model.NodeId;

/// A running process in one of its roles, as others find it.
///
/// @param address host and port of its internal services; empty when all roles share one process
/// @param version of the software
/// @param zone where it runs (an availability zone); empty when unknown
/// @param memoryBytes what it may take for data; 0 when it holds none
/// @param draining it is about to leave: it keeps serving what it has until that is somebody else's, and
///     is given nothing more
public record Member(
    NodeId node,
    String role,
    String address,
    String version,
    String zone,
    long memoryBytes,
    boolean draining) {
  public Member(NodeId node, String role, String address, String version) {
    this(node, role, address, version, "", 0, false);
  }

  /// With `bytes` to hold data in, in `zone`.
  public Member with(String newZone, long bytes) {
    return new Member(node, role, address, version, newZone, bytes, draining);
  }

  public Member leaving() {
    return new Member(node, role, address, version, zone, memoryBytes, true);
  }
}
