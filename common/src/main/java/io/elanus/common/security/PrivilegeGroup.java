package io.elanus.common.security;

import java.util.List;

/// Privileges under one name.
///
/// @param privileges privileges, and groups of them
public record PrivilegeGroup(String name, List<String> privileges) {
  public PrivilegeGroup {
    privileges = List.copyOf(privileges);
  }
}
