package io.elanus.rootcoord.security;

import io.elanus.common.security.Grant;
import io.elanus.common.security.PrivilegeGroup;
import io.elanus.common.security.Privileges;
import io.elanus.common.security.Privileges.Level;
import io.elanus.common.security.Role;
import io.elanus.common.security.SecurityState;
import io.elanus.rootcoord.security.SecurityCommand.Allow;
import io.elanus.rootcoord.security.SecurityCommand.Revoke;
import io.elanus.rpc.codec.SecurityCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What roles may do.
///
/// The first API grants a privilege by the type of its object, the second one a privilege or a group by its
/// level. Both make the same grants.
final class GrantRules {
  private GrantRules() {}

  static List<SecurityChange> allow(SecurityState state, Allow command, SecurityLimits limits) {
    Role role = RoleRules.require(state, command.role());
    Grant grant = checked(state, command.grant(), command.byLevel());
    List<Grant> grants = new ArrayList<>(state.grantsOf(role));
    if (grants.stream().anyMatch(grant::sameRight)) {
      return List.of();
    }
    grants.add(grant);
    requireSize(role, grants, limits);
    return List.of(new SecurityChange.PutGrants(role.id(), grants));
  }

  static void requireSize(Role role, List<Grant> grants, SecurityLimits limits) {
    if (SecurityCodec.encode(role.id(), grants).getSerializedSize() > limits.maxEntryBytes()) {
      throw Refused.quota(
          "the grants of role %s take more than %d bytes", role.name(), limits.maxEntryBytes());
    }
  }

  /// What was not granted is success.
  static List<SecurityChange> revoke(SecurityState state, Revoke command) {
    Role role = RoleRules.require(state, command.role());
    Grant grant = checked(state, command.grant(), command.byLevel());
    List<Grant> grants = new ArrayList<>(state.grantsOf(role));
    return grants.removeIf(grant::sameRight)
        ? List.of(new SecurityChange.PutGrants(role.id(), grants))
        : List.of();
  }

  /// The grant as it is kept.
  static Grant checked(SecurityState state, Grant asked, boolean byLevel) {
    return byLevel ? byLevel(state, asked) : byObjectType(state, asked);
  }

  private static Grant byObjectType(SecurityState state, Grant asked) {
    String privilege = asked.privilege();
    if (!List.of(Privileges.COLLECTION, Privileges.GLOBAL, Privileges.USER)
        .contains(asked.objectType())) {
      throw Refused.parameter("the object entity in the request is nil or invalid");
    }
    if (state.findGroup(privilege).isPresent()) {
      throw Refused.parameter("can not operate the custom privilege group [%s]", privilege);
    }
    if (Privileges.isListedGroup(privilege)) {
      throw Refused.parameter("can not operate the built-in privilege group [%s]", privilege);
    }
    boolean known =
        privilege.equals(Grant.ANY)
            || Privileges.isDefined(privilege) && Privileges.isOf(privilege, asked.objectType());
    if (!known) {
      throw Refused.parameter(
          "not found the privilege name[%s] in object[%s]", privilege, asked.objectType());
    }
    boolean global =
        asked.objectType().equals(Privileges.GLOBAL) && Privileges.findGroup(privilege).isEmpty();
    return global ? with(asked, Privileges.GLOBAL, Grant.ANY) : asked;
  }

  private static Grant byLevel(SecurityState state, Grant asked) {
    String privilege = asked.privilege();
    Optional<PrivilegeGroup> group =
        state.findGroup(privilege).or(() -> Privileges.findGroup(privilege));
    boolean known =
        group.isPresent() || privilege.equals(Grant.ANY) || Privileges.isDefined(privilege);
    if (!known) {
      throw Refused.parameter("not found the privilege name[%s]", privilege);
    }
    group
        .filter(found -> Privileges.isListedGroup(found.name()) || isCustom(state, found))
        .flatMap(found -> level(state, found))
        .ifPresent(level -> requireLevel(level, asked));
    return with(asked, Privileges.objectType(privilege), asked.object());
  }

  private static boolean isCustom(SecurityState state, PrivilegeGroup group) {
    return state.findGroup(group.name()).isPresent();
  }

  /// All members of a group are of one level. Empty for a group without members.
  private static Optional<Level> level(SecurityState state, PrivilegeGroup group) {
    return group.privileges().stream()
        .findFirst()
        .flatMap(first -> GroupRules.levels(state, List.of(first)).stream().findFirst());
  }

  private static void requireLevel(Level level, Grant asked) {
    boolean allDatabases = asked.database().equals(Grant.ANY);
    boolean allCollections = asked.object().equals(Grant.ANY);
    switch (level) {
      case CLUSTER -> {
        if (!allDatabases || !allCollections) {
          throw Refused.parameter(
              "dbName and collectionName should be * for the cluster level privilege: %s",
              asked.privilege());
        }
      }
      case DATABASE -> {
        if (!allCollections) {
          throw Refused.parameter(
              "collectionName should be * for the database level privilege: %s", asked.privilege());
        }
      }
      case COLLECTION -> {
        if (allDatabases && !allCollections) {
          throw Refused.parameter(
              "please specify database name for the collection level privilege: %s",
              asked.privilege());
        }
      }
    }
  }

  private static Grant with(Grant asked, String objectType, String object) {
    return new Grant(objectType, object, asked.database(), asked.privilege(), asked.grantor());
  }
}
