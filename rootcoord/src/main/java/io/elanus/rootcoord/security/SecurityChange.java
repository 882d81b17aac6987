package io.elanus.rootcoord.security;

import io.elanus.common.security.Grant;
import io.elanus.common.security.PrivilegeGroup;
import io.elanus.common.security.Role;
import io.elanus.common.security.RoleId;
import io.elanus.common.security.User;
import java.util.List;

/// One entry of the metastore written or removed.
sealed interface SecurityChange {
  record PutUser(User user) implements SecurityChange {}

  record RemoveUser(String name) implements SecurityChange {}

  record PutRole(Role role) implements SecurityChange {}

  record RemoveRole(RoleId role) implements SecurityChange {}

  record PutGrants(RoleId role, List<Grant> grants) implements SecurityChange {}

  record RemoveGrants(RoleId role) implements SecurityChange {}

  record PutGroup(PrivilegeGroup group) implements SecurityChange {}

  record RemoveGroup(String name) implements SecurityChange {}
}
