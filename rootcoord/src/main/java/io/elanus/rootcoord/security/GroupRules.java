package io.elanus.rootcoord.security;

import io.elanus.common.security.PrivilegeGroup;
import io.elanus.common.security.Privileges;
import io.elanus.common.security.Privileges.Level;
import io.elanus.common.security.Role;
import io.elanus.common.security.SecurityState;
import io.elanus.rootcoord.security.SecurityCommand.AddToGroup;
import io.elanus.rootcoord.security.SecurityCommand.CreateGroup;
import io.elanus.rootcoord.security.SecurityCommand.DropGroup;
import io.elanus.rootcoord.security.SecurityCommand.RemoveFromGroup;
import io.elanus.rpc.codec.SecurityCodec;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Groups of privileges that users of the database make.
final class GroupRules {
  private GroupRules() {}

  static List<SecurityChange> create(
      SecurityState state, CreateGroup command, SecurityLimits limits) {
    String name = command.name();
    if (state.findGroup(name).isPresent()) {
      throw Refused.parameter("privilege group name [%s] is defined by users", name);
    }
    requireFree(name);
    if (state.groups().size() >= limits.maxGroups()) {
      throw Refused.quota(
          "unable to create privilege group because the number of groups has reached the limit");
    }
    return List.of(new SecurityChange.PutGroup(new PrivilegeGroup(name, List.of())));
  }

  static void requireFree(String name) {
    if (Privileges.isDefined(name)) {
      throw Refused.parameter(
          "privilege group name [%s] is defined by built in privileges or privilege groups in system",
          name);
    }
  }

  /// A group that is not there is success.
  static List<SecurityChange> drop(SecurityState state, DropGroup command) {
    String name = command.name();
    Optional<Role> user =
        state.roles().stream()
            .filter(role ->
                state.grantsOf(role).stream().anyMatch(grant -> grant.privilege().equals(name)))
            .findFirst();
    if (user.isPresent() && state.findGroup(name).isPresent()) {
      throw Refused.parameter(
          "privilege group [%s] is used by role [%s], Use REVOKE API to revoke it first",
          name, user.get().name());
    }
    return state.findGroup(name).isPresent()
        ? List.of(new SecurityChange.RemoveGroup(name))
        : List.of();
  }

  static List<SecurityChange> add(SecurityState state, AddToGroup command, SecurityLimits limits) {
    PrivilegeGroup group = require(state, command.name(), command.privileges());
    Set<String> members = new LinkedHashSet<>(group.privileges());
    members.addAll(command.privileges());
    if (levels(state, members).size() > 1) {
      throw Refused.parameter("privileges are not the same privilege level");
    }
    PrivilegeGroup grown = new PrivilegeGroup(group.name(), List.copyOf(members));
    if (SecurityCodec.encode(grown).getSerializedSize() > limits.maxEntryBytes()) {
      throw Refused.quota(
          "privilege group %s takes more than %d bytes", group.name(), limits.maxEntryBytes());
    }
    return List.of(new SecurityChange.PutGroup(grown));
  }

  static List<SecurityChange> remove(SecurityState state, RemoveFromGroup command) {
    PrivilegeGroup group = require(state, command.name(), command.privileges());
    Set<String> members = new LinkedHashSet<>(group.privileges());
    command.privileges().forEach(members::remove);
    return List.of(
        new SecurityChange.PutGroup(new PrivilegeGroup(group.name(), List.copyOf(members))));
  }

  private static PrivilegeGroup require(SecurityState state, String name, List<String> privileges) {
    PrivilegeGroup group =
        state
            .findGroup(name)
            .orElseThrow(() ->
                Refused.parameter(
                    "there is no privilege group name [%s] defined in system to operate", name));
    if (privileges.isEmpty()) {
      throw Refused.parameter("privileges is empty when alter the privilege group");
    }
    for (String privilege : privileges) {
      requireDefined(state, privilege);
    }
    return group;
  }

  static void requireDefined(SecurityState state, String privilege) {
    if (!Privileges.isDefined(privilege) && state.findGroup(privilege).isEmpty()) {
      throw Refused.parameter(
          "there is no privilege name or privilege group name [%s] defined in system to operate",
          privilege);
    }
  }

  /// The levels of privileges and of what groups among them hold.
  static Set<Level> levels(SecurityState state, Collection<String> privileges) {
    Set<Level> levels = EnumSet.noneOf(Level.class);
    privileges.forEach(privilege -> collect(state, privilege, levels, new HashSet<>()));
    return levels;
  }

  private static void collect(
      SecurityState state, String privilege, Set<Level> levels, Set<String> seen) {
    if (!seen.add(privilege)) {
      return;
    }
    Privileges.level(privilege).ifPresent(levels::add);
    state
        .findGroup(privilege)
        .or(() -> Privileges.findGroup(privilege))
        .ifPresent(
            group -> group.privileges().forEach(member -> collect(state, member, levels, seen)));
  }
}
