package io.elanus.rootcoord.security;

import io.elanus.common.security.Role;
import io.elanus.common.security.RoleId;
import io.elanus.common.security.SecurityState;
import io.elanus.common.security.User;
import io.elanus.rootcoord.security.SecurityCommand.AddToRole;
import io.elanus.rootcoord.security.SecurityCommand.AlterRole;
import io.elanus.rootcoord.security.SecurityCommand.CreateRole;
import io.elanus.rootcoord.security.SecurityCommand.DropRole;
import io.elanus.rootcoord.security.SecurityCommand.RemoveFromRole;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Roles, and who has them.
final class RoleRules {
  private static final int MAX_DESCRIPTION_BYTES = 1_024;

  private RoleRules() {}

  static List<SecurityChange> create(
      SecurityState state, CreateRole command, SecurityLimits limits) {
    requireDescription(command.description());
    if (state.findRole(command.name()).isPresent()) {
      throw Refused.parameter("role [name:\"%s\"] already exists", command.name());
    }
    if (state.roles().size() >= limits.maxRoles()) {
      throw Refused.quota(
          "unable to create role because the number of roles has reached the limit");
    }
    return List.of(
        new SecurityChange.PutRole(new Role(command.id(), command.name(), command.description())));
  }

  static void requireDescription(String description) {
    int bytes = description.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_DESCRIPTION_BYTES) {
      throw Refused.parameter(
          "the length of role description must be not greater than %d, but got %d",
          MAX_DESCRIPTION_BYTES, bytes);
    }
  }

  static List<SecurityChange> alter(SecurityState state, AlterRole command) {
    if (isBuiltIn(command.name())) {
      throw Refused.denied(
          "the role[%s] is a builtin role, which can't be altered", command.name());
    }
    requireDescription(command.description());
    Role role = require(state, command.name());
    return List.of(
        new SecurityChange.PutRole(new Role(role.id(), role.name(), command.description())));
  }

  /// Users keep its id, which means nothing from then on.
  static List<SecurityChange> drop(SecurityState state, DropRole command) {
    if (isBuiltIn(command.name())) {
      throw Refused.denied(
          "the role[%s] is a default role, which can't be dropped", command.name());
    }
    Role role = require(state, command.name());
    if (!command.withGrants() && !state.grantsOf(role).isEmpty()) {
      throw Refused.parameter(
          "fail to drop the role that it has privileges. Use REVOKE API to revoke privileges");
    }
    return List.of(
        new SecurityChange.RemoveRole(role.id()), new SecurityChange.RemoveGrants(role.id()));
  }

  private static boolean isBuiltIn(String name) {
    return Role.BUILT_IN.stream().anyMatch(role -> role.name().equals(name));
  }

  static List<SecurityChange> add(SecurityState state, AddToRole command) {
    Role role = require(state, command.role());
    User user =
        state
            .findUser(command.user())
            .orElseThrow(() ->
                Refused.parameter(
                    "not found the user, maybe the user isn't existed or internal system error"));
    return user.roles().contains(role.id()) ? List.of() : put(state, user, role.id(), true);
  }

  /// A user that does not have the role, or is not there, is success.
  static List<SecurityChange> remove(SecurityState state, RemoveFromRole command) {
    Role role = require(state, command.role());
    Optional<User> user =
        state.findUser(command.user()).filter(found -> found.roles().contains(role.id()));
    return user.map(found -> put(state, found, role.id(), false)).orElse(List.of());
  }

  /// Forgets roles that are gone on the way.
  private static List<SecurityChange> put(
      SecurityState state, User user, RoleId role, boolean has) {
    Set<RoleId> roles = new HashSet<>();
    state.rolesOf(user).forEach(living -> roles.add(living.id()));
    if (has) {
      roles.add(role);
    } else {
      roles.remove(role);
    }
    return List.of(new SecurityChange.PutUser(user.with(roles)));
  }

  static Role require(SecurityState state, String name) {
    return state
        .findRole(name)
        .orElseThrow(() ->
            Refused.parameter(
                "not found the role, maybe the role isn't existed or internal system error"));
  }
}
