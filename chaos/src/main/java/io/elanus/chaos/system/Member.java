package io.elanus.chaos.system;

/// One process of a deployment.
///
/// @param name unique in the deployment, and the same again after a restart
/// @param role what it does: a role of Elanus, or a server it stands on
public record Member(String name, String role) {}
