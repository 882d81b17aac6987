package io.elanus.rootcoord.security;

import io.elanus.common.security.Grant;
import io.elanus.common.security.PasswordHash;
import io.elanus.common.security.PrivilegeGroup;
import io.elanus.common.security.RoleId;
import java.util.List;
import java.util.Optional;

/// What somebody wants of users, roles, grants and groups.
sealed interface SecurityCommand {
  record CreateUser(String name, PasswordHash password, String description)
      implements SecurityCommand {}

  /// @param former what the old password was checked against
  /// @param password empty: stays
  /// @param description empty: stays
  record UpdateUser(
      String name,
      Optional<PasswordHash> former,
      Optional<PasswordHash> password,
      Optional<String> description)
      implements SecurityCommand {}

  record DropUser(String name) implements SecurityCommand {}

  /// @param id fresh
  record CreateRole(RoleId id, String name, String description) implements SecurityCommand {}

  record AlterRole(String name, String description) implements SecurityCommand {}

  record DropRole(String name, boolean withGrants) implements SecurityCommand {}

  record AddToRole(String user, String role) implements SecurityCommand {}

  record RemoveFromRole(String user, String role) implements SecurityCommand {}

  /// @param byLevel of the second API: the grant's object type is void
  record Allow(String role, Grant grant, boolean byLevel) implements SecurityCommand {}

  record Revoke(String role, Grant grant, boolean byLevel) implements SecurityCommand {}

  record CreateGroup(String name) implements SecurityCommand {}

  record DropGroup(String name) implements SecurityCommand {}

  record AddToGroup(String name, List<String> privileges) implements SecurityCommand {}

  record RemoveFromGroup(String name, List<String> privileges) implements SecurityCommand {}

  /// Whether what a backup holds can be restored; changes nothing.
  record CheckRestore(Backup backup) implements SecurityCommand {}

  /// Restores a part of what was checked.
  record Restore(Backup part) implements SecurityCommand {}

  record Backup(
      List<BackedUser> users,
      List<CreateRole> roles,
      List<Allow> grants,
      List<PrivilegeGroup> groups) {
    public Backup {
      users = List.copyOf(users);
      roles = List.copyOf(roles);
      grants = List.copyOf(grants);
      groups = List.copyOf(groups);
    }
  }

  record BackedUser(String name, PasswordHash password, List<String> roles) {}
}
