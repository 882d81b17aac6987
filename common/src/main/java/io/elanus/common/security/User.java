package io.elanus.common.security;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Somebody who can log in.
///
/// @param password empty: the default password, which only root can have
/// @param roles those of them that are gone mean nothing
public record User(
    String name, Optional<PasswordHash> password, String description, List<RoleId> roles) {
  public static final String ROOT = "root";

  public User {
    roles = List.copyOf(roles);
    if (password.isEmpty() && !name.equals(ROOT)) {
      throw new IllegalArgumentException("user %s has no password".formatted(name));
    }
  }

  /// Root of a cluster whose root was never changed.
  static User root() {
    return new User(ROOT, Optional.empty(), "", List.of(Role.ADMIN.id()));
  }

  public boolean isRoot() {
    return name.equals(ROOT);
  }

  public User with(PasswordHash newPassword) {
    return new User(name, Optional.of(newPassword), description, roles);
  }

  public User withDescription(String newDescription) {
    return new User(name, password, newDescription, roles);
  }

  public User with(Set<RoleId> newRoles) {
    TreeSet<Long> sorted = new TreeSet<>(newRoles.stream().map(RoleId::value).toList());
    return new User(name, password, description, sorted.stream().map(RoleId::new).toList());
  }
}
