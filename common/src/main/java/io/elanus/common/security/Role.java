package io.elanus.common.security;

import java.util.List;

/// A name for what its users may do.
public record Role(RoleId id, String name, String description) {
  /// May do everything.
  public static final Role ADMIN = new Role(new RoleId(1), "admin", "");

  /// Everybody has it.
  public static final Role PUBLIC = new Role(new RoleId(2), "public", "");

  /// What every cluster has; they are not stored.
  public static final List<Role> BUILT_IN = List.of(ADMIN, PUBLIC);

  public boolean isBuiltIn() {
    return BUILT_IN.contains(this);
  }
}
