package io.elanus.rootcoord.security;

import io.elanus.common.security.Grant;
import io.elanus.common.security.PrivilegeGroup;
import io.elanus.common.security.Privileges;
import io.elanus.common.security.Role;
import io.elanus.common.security.RoleId;
import io.elanus.common.security.SecurityState;
import io.elanus.common.security.User;
import io.elanus.rootcoord.security.SecurityCommand.Allow;
import io.elanus.rootcoord.security.SecurityCommand.BackedUser;
import io.elanus.rootcoord.security.SecurityCommand.Backup;
import io.elanus.rootcoord.security.SecurityCommand.CreateRole;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Restoring a backup: only what is not there.
final class RestoreRules {
  private RestoreRules() {}

  /// Refuses what cannot be restored, before any of it is.
  static List<SecurityChange> check(SecurityState state, Backup backup, SecurityLimits limits) {
    boolean empty =
        backup.users().isEmpty()
            && backup.roles().isEmpty()
            && backup.grants().isEmpty()
            && backup.groups().isEmpty();
    if (empty) {
      throw Refused.parameter("restore request is empty");
    }
    restore(state, backup, limits);
    return List.of();
  }

  static List<SecurityChange> restore(SecurityState state, Backup backup, SecurityLimits limits) {
    List<SecurityChange> changes = new ArrayList<>();
    SecurityState now = state;
    for (PrivilegeGroup group : backup.groups()) {
      requireAbsent(now.findGroup(group.name()), "privilege group", group.name());
      GroupRules.requireFree(group.name());
      now = now.with(group);
      changes.add(new SecurityChange.PutGroup(group));
    }
    for (PrivilegeGroup group : backup.groups()) {
      for (String member : group.privileges()) {
        GroupRules.requireDefined(now, member);
      }
    }
    for (CreateRole create : backup.roles()) {
      requireAbsent(now.findRole(create.name()), "role", create.name());
      RoleRules.requireDescription(create.description());
      Role role = new Role(create.id(), create.name(), create.description());
      now = now.with(role);
      changes.add(new SecurityChange.PutRole(role));
    }
    for (var grants : grants(now, backup.grants()).entrySet()) {
      GrantRules.requireSize(grants.getKey(), grants.getValue(), limits);
      now = now.with(grants.getKey().id(), grants.getValue());
      changes.add(new SecurityChange.PutGrants(grants.getKey().id(), grants.getValue()));
    }
    for (BackedUser backed : backup.users()) {
      requireAbsent(now.findUser(backed.name()), "user", backed.name());
      User user =
          new User(backed.name(), Optional.of(backed.password()), "", List.of())
              .with(roles(now, backed.roles()));
      now = now.with(user);
      changes.add(new SecurityChange.PutUser(user));
    }
    requireLimits(now, limits);
    return changes;
  }

  private static void requireLimits(SecurityState now, SecurityLimits limits) {
    if (now.users().size() > limits.maxUsers()) {
      throw Refused.quota("unable to add user because the number of users has reached the limit");
    }
    if (now.roles().size() > limits.maxRoles()) {
      throw Refused.quota(
          "unable to create role because the number of roles has reached the limit");
    }
    if (now.groups().size() > limits.maxGroups()) {
      throw Refused.quota(
          "unable to create privilege group because the number of groups has reached the limit");
    }
  }

  private static void requireAbsent(Optional<?> found, String what, String name) {
    if (found.isPresent()) {
      throw Refused.parameter("%s [%s] already exists", what, name);
    }
  }

  private static Map<Role, List<Grant>> grants(SecurityState state, List<Allow> backed) {
    Map<Role, List<Grant>> grants = new LinkedHashMap<>();
    for (Allow allow : backed) {
      Grant grant = allow.grant();
      String privilege = grant.privilege();
      boolean known =
          privilege.equals(Grant.ANY)
              || Privileges.isDefined(privilege)
              || state.findGroup(privilege).isPresent();
      if (!known) {
        throw Refused.parameter("privilege [%s] does not exist", privilege);
      }
      Role role = require(state, allow.role());
      List<Grant> ofRole = grants.computeIfAbsent(role, r -> new ArrayList<>(state.grantsOf(r)));
      if (ofRole.stream().noneMatch(grant::sameRight)) {
        ofRole.add(grant);
      }
    }
    return grants;
  }

  private static Set<RoleId> roles(SecurityState state, List<String> names) {
    Set<RoleId> roles = new HashSet<>();
    names.forEach(name -> roles.add(require(state, name).id()));
    return roles;
  }

  private static Role require(SecurityState state, String role) {
    return state
        .findRole(role)
        .orElseThrow(() -> Refused.parameter("role [%s] does not exist", role));
  }
}
