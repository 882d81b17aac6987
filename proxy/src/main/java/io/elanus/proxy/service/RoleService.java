package io.elanus.proxy.service;

import io.elanus.common.security.Role;
import io.elanus.common.security.SecurityState;
import io.elanus.common.security.User;
import io.elanus.proto.internal.AlterRole;
import io.elanus.proto.internal.ChangeSecurityRequest;
import io.elanus.proto.internal.CreateRole;
import io.elanus.proto.internal.DropRole;
import io.elanus.proto.internal.Membership;
import io.elanus.proto.milvus.AlterRoleRequest;
import io.elanus.proto.milvus.CreateRoleRequest;
import io.elanus.proto.milvus.DropRoleRequest;
import io.elanus.proto.milvus.ErrorCode;
import io.elanus.proto.milvus.OperateUserRoleRequest;
import io.elanus.proto.milvus.OperateUserRoleType;
import io.elanus.proto.milvus.RoleEntity;
import io.elanus.proto.milvus.RoleResult;
import io.elanus.proto.milvus.SelectRoleRequest;
import io.elanus.proto.milvus.SelectRoleResponse;
import io.elanus.proto.milvus.Status;
import io.elanus.proto.milvus.UserEntity;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.schema.SecurityNames;
import io.elanus.proxy.security.ProxySecurity;
import io.elanus.rpc.status.StatusMapper;
import java.util.List;

/// Roles, and who has them.
public final class RoleService {
  private final ProxySecurity security;
  private final SecurityChanges changes;

  public RoleService(ProxySecurity security, SecurityChanges changes) {
    this.security = security;
    this.changes = changes;
  }

  public Status createRole(CreateRoleRequest request) {
    if (!request.hasEntity()) {
      throw Invalid.parameter("the role in the request is nil");
    }
    String name = request.getEntity().getName();
    SecurityNames.checkRole(name);
    CreateRole create =
        CreateRole.newBuilder()
            .setName(name)
            .setDescription(request.getEntity().getDescription())
            .build();
    return changes.change(
        ChangeSecurityRequest.newBuilder().setCreateRole(create),
        ErrorCode.CreateRoleFailure,
        name);
  }

  public Status alterRole(AlterRoleRequest request) {
    SecurityNames.checkRole(request.getRoleName());
    AlterRole alter =
        AlterRole.newBuilder()
            .setName(request.getRoleName())
            .setDescription(request.getDescription())
            .build();
    return changes.change(
        ChangeSecurityRequest.newBuilder().setAlterRole(alter),
        ErrorCode.CreateRoleFailure,
        request.getRoleName());
  }

  public Status dropRole(DropRoleRequest request) {
    SecurityNames.checkRole(request.getRoleName());
    DropRole drop =
        DropRole.newBuilder()
            .setName(request.getRoleName())
            .setWithGrants(request.getForceDrop())
            .build();
    return changes.change(
        ChangeSecurityRequest.newBuilder().setDropRole(drop),
        ErrorCode.DropRoleFailure,
        request.getRoleName());
  }

  /// Giving a role to who has it, and taking it from who has it not, is success.
  public Status operateUserRole(OperateUserRoleRequest request) {
    SecurityNames.checkUser(request.getUsername());
    SecurityNames.checkRole(request.getRoleName());
    Membership membership =
        Membership.newBuilder()
            .setUser(request.getUsername())
            .setRole(request.getRoleName())
            .build();
    ChangeSecurityRequest.Builder change = ChangeSecurityRequest.newBuilder();
    if (request.getType() == OperateUserRoleType.AddUserToRole) {
      change.setAddToRole(membership);
    } else if (request.getType() == OperateUserRoleType.RemoveUserFromRole) {
      change.setRemoveFromRole(membership);
    } else {
      throw Invalid.parameter("invalid operate user role type");
    }
    return changes.change(
        change,
        ErrorCode.OperateUserRoleFailure,
        "%s, %s".formatted(request.getUsername(), request.getRoleName()));
  }

  /// One role, or none when there is no such; all when none is named.
  public SelectRoleResponse selectRole(SelectRoleRequest request) {
    if (request.hasRole()) {
      SecurityNames.checkRole(request.getRole().getName());
    }
    SecurityState state = security.state();
    List<Role> selected =
        request.hasRole()
            ? state.findRole(request.getRole().getName()).stream().toList()
            : state.roles();
    return SelectRoleResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .addAllResults(
            selected.stream()
                .map(role -> result(state, role, request.getIncludeUserInfo()))
                .toList())
        .build();
  }

  private static RoleResult result(SecurityState state, Role role, boolean withUsers) {
    List<User> users = withUsers ? state.usersOf(role) : List.of();
    return RoleResult.newBuilder()
        .setRole(RoleEntity.newBuilder().setName(role.name()).setDescription(role.description()))
        .addAllUsers(
            users.stream()
                .map(user -> UserEntity.newBuilder().setName(user.name()).build())
                .toList())
        .build();
  }
}
