package io.elanus.rootcoord.security;

import io.elanus.common.meta.Decision;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.Rules;
import io.elanus.common.security.PrivilegeGroup;
import io.elanus.common.security.Role;
import io.elanus.common.security.SecurityState;
import io.elanus.common.security.User;
import io.elanus.rootcoord.security.SecurityRules.Done;
import io.elanus.rpc.codec.SecurityCodec;
import java.util.List;

/// The rules of security, by subject.
final class SecurityRules implements Rules<SecurityState, SecurityCommand, SecurityChange, Done> {
  /// There is nothing to say.
  record Done() {}

  private final SecurityLimits limits;

  SecurityRules(SecurityLimits limits) {
    this.limits = limits;
  }

  @Override
  public Decision<SecurityChange, Done> decide(SecurityState state, SecurityCommand command) {
    return Decision.change(new Done(), changes(state, command));
  }

  private List<SecurityChange> changes(SecurityState state, SecurityCommand command) {
    return switch (command) {
      case SecurityCommand.CreateUser create -> UserRules.create(state, create, limits);
      case SecurityCommand.UpdateUser update -> UserRules.update(state, update);
      case SecurityCommand.DropUser drop -> UserRules.drop(state, drop);
      case SecurityCommand.CreateRole create -> RoleRules.create(state, create, limits);
      case SecurityCommand.AlterRole alter -> RoleRules.alter(state, alter);
      case SecurityCommand.DropRole drop -> RoleRules.drop(state, drop);
      case SecurityCommand.AddToRole add -> RoleRules.add(state, add);
      case SecurityCommand.RemoveFromRole remove -> RoleRules.remove(state, remove);
      case SecurityCommand.Allow allow -> GrantRules.allow(state, allow, limits);
      case SecurityCommand.Revoke revoke -> GrantRules.revoke(state, revoke);
      case SecurityCommand.CreateGroup create -> GroupRules.create(state, create, limits);
      case SecurityCommand.DropGroup drop -> GroupRules.drop(state, drop);
      case SecurityCommand.AddToGroup add -> GroupRules.add(state, add, limits);
      case SecurityCommand.RemoveFromGroup remove -> GroupRules.remove(state, remove);
      case SecurityCommand.CheckRestore(var backup) -> RestoreRules.check(state, backup, limits);
      case SecurityCommand.Restore(var part) -> RestoreRules.restore(state, part, limits);
    };
  }

  @Override
  public SecurityState apply(SecurityState state, List<SecurityChange> changes) {
    SecurityState applied = state;
    for (SecurityChange change : changes) {
      applied = apply(applied, change);
    }
    return applied;
  }

  private static SecurityState apply(SecurityState state, SecurityChange change) {
    return switch (change) {
      case SecurityChange.PutUser(User user) -> state.with(user);
      case SecurityChange.RemoveUser(String name) -> state.withoutUser(name);
      case SecurityChange.PutRole(Role role) -> state.with(role);
      case SecurityChange.RemoveRole(var role) -> state.withoutRole(role);
      case SecurityChange.PutGrants(var role, var grants) -> state.with(role, grants);
      case SecurityChange.RemoveGrants(var role) -> state.withoutGrants(role);
      case SecurityChange.PutGroup(PrivilegeGroup group) -> state.with(group);
      case SecurityChange.RemoveGroup(String name) -> state.withoutGroup(name);
    };
  }

  @Override
  public Change write(SecurityChange change) {
    return switch (change) {
      case SecurityChange.PutUser(User user) ->
          new Change.Put(MetaKeys.user(user.name()), SecurityCodec.encode(user).toByteArray());
      case SecurityChange.RemoveUser(String name) -> new Change.Remove(MetaKeys.user(name));
      case SecurityChange.PutRole(Role role) ->
          new Change.Put(MetaKeys.role(role.id()), SecurityCodec.encode(role).toByteArray());
      case SecurityChange.RemoveRole(var role) -> new Change.Remove(MetaKeys.role(role));
      case SecurityChange.PutGrants(var role, var grants) ->
          new Change.Put(MetaKeys.grants(role), SecurityCodec.encode(role, grants).toByteArray());
      case SecurityChange.RemoveGrants(var role) -> new Change.Remove(MetaKeys.grants(role));
      case SecurityChange.PutGroup(PrivilegeGroup group) ->
          new Change.Put(
              MetaKeys.privilegeGroup(group.name()), SecurityCodec.encode(group).toByteArray());
      case SecurityChange.RemoveGroup(String name) ->
          new Change.Remove(MetaKeys.privilegeGroup(name));
    };
  }
}
