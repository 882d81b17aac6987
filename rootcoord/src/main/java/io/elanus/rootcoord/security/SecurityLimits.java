package io.elanus.rootcoord.security;

/// @param maxUsers with root
/// @param maxRoles with `admin` and `public`
/// @param maxGroups that were made
/// @param maxEntryBytes that all grants of one role, or all members of one group, take as they are stored
public record SecurityLimits(int maxUsers, int maxRoles, int maxGroups, int maxEntryBytes) {
  /// Users and roles as in Milvus; an entry stays well within what a commit holds.
  public static final SecurityLimits DEFAULT = new SecurityLimits(100, 10, 1_024, 512 << 10);

  public SecurityLimits {
    if (maxUsers < 1 || maxRoles < 2 || maxGroups < 0 || maxEntryBytes < 1) {
      throw new IllegalArgumentException(
          "limits of security: %d users, %d roles, %d groups, %d bytes"
              .formatted(maxUsers, maxRoles, maxGroups, maxEntryBytes));
    }
  }

  public SecurityLimits with(int users, int roles) {
    return new SecurityLimits(users, roles, maxGroups, maxEntryBytes);
  }
}
