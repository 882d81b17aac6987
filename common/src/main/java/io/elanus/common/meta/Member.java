package io.elanus.common.meta;

import io.elanus.common.model.NodeId;

/// A running process in one of its roles, as others find it.
///
/// @param address host and port of its internal services; empty when all roles share one process
/// @param version of the software
public record Member(NodeId node, String role, String address, String version) {}
