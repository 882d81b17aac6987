package io.elanus.proxy.service;

import io.elanus.common.error.DbException;
import io.elanus.common.security.Grant;
import io.elanus.common.security.PasswordHash;
import io.elanus.common.security.Role;
import io.elanus.common.security.SecurityState;
import io.elanus.common.security.User;
import io.elanus.proto.internal.ChangeSecurityRequest;
import io.elanus.proto.internal.CreateRole;
import io.elanus.proto.internal.PrivilegeGroupMeta;
import io.elanus.proto.internal.RestoreSecurity;
import io.elanus.proto.internal.RestoredUser;
import io.elanus.proto.internal.Right;
import io.elanus.proto.milvus.BackupRBACMetaRequest;
import io.elanus.proto.milvus.BackupRBACMetaResponse;
import io.elanus.proto.milvus.ErrorCode;
import io.elanus.proto.milvus.GrantEntity;
import io.elanus.proto.milvus.PrivilegeEntity;
import io.elanus.proto.milvus.RBACMeta;
import io.elanus.proto.milvus.RestoreRBACMetaRequest;
import io.elanus.proto.milvus.RoleEntity;
import io.elanus.proto.milvus.Status;
import io.elanus.proto.milvus.UserInfo;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.Requests;
import io.elanus.proxy.schema.SecurityNames;
import io.elanus.proxy.security.ProxySecurity;
import io.elanus.rpc.codec.SecurityCodec;
import io.elanus.rpc.status.StatusMapper;

/// All of security in one message, and back into a cluster that has none of it. Without what every cluster has.
public final class SecurityBackupService {
  private final ProxySecurity security;
  private final SecurityChanges changes;

  public SecurityBackupService(ProxySecurity security, SecurityChanges changes) {
    this.security = security;
    this.changes = changes;
  }

  /// Passwords as they are kept: hashed.
  public BackupRBACMetaResponse backupRBAC(BackupRBACMetaRequest request) {
    SecurityState state = security.state();
    RBACMeta.Builder backup = RBACMeta.newBuilder();
    for (User user : state.users()) {
      if (!user.isRoot()) {
        backup.addUsers(encode(state, user));
      }
    }
    for (Role role : state.storedRoles()) {
      backup.addRoles(encode(role));
      for (Grant grant : state.grantsOf(role)) {
        backup.addGrants(GrantService.entity(role, grant));
      }
    }
    state.groups().forEach(group -> backup.addPrivilegeGroups(PrivilegeGroupService.encode(group)));
    return BackupRBACMetaResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .setRBACMeta(backup)
        .build();
  }

  private static UserInfo encode(SecurityState state, User user) {
    return UserInfo.newBuilder()
        .setUser(user.name())
        .setPassword(user.password().orElseThrow().text())
        .addAllRoles(
            state.rolesOf(user).stream()
                .map(role -> RoleEntity.newBuilder().setName(role.name()).build())
                .toList())
        .build();
  }

  private static RoleEntity encode(Role role) {
    return RoleEntity.newBuilder().setName(role.name()).setDescription(role.description()).build();
  }

  /// Refuses what is there already, before anything is restored.
  public Status restoreRBAC(RestoreRBACMetaRequest request) {
    RBACMeta backup = request.getRBACMeta();
    RestoreSecurity.Builder restore = RestoreSecurity.newBuilder();
    backup.getUsersList().forEach(user -> restore.addUsers(decode(user)));
    backup
        .getRolesList()
        .forEach(role -> {
          SecurityNames.checkRole(role.getName());
          restore.addRoles(
              CreateRole.newBuilder()
                  .setName(role.getName())
                  .setDescription(role.getDescription()));
        });
    backup.getGrantsList().forEach(grant -> restore.addGrants(decode(grant)));
    backup
        .getPrivilegeGroupsList()
        .forEach(group -> {
          SecurityNames.checkPrivilegeGroup(group.getGroupName());
          restore.addGroups(
              PrivilegeGroupMeta.newBuilder()
                  .setName(group.getGroupName())
                  .addAllPrivileges(
                      group.getPrivilegesList().stream().map(PrivilegeEntity::getName).toList()));
        });
    return changes.change(
        ChangeSecurityRequest.newBuilder().setRestore(restore),
        ErrorCode.OperatePrivilegeFailure,
        "%d users, %d roles".formatted(restore.getUsersCount(), restore.getRolesCount()));
  }

  private static RestoredUser decode(UserInfo user) {
    SecurityNames.checkUser(user.getUser());
    return RestoredUser.newBuilder()
        .setName(user.getUser())
        .setPassword(requireHash(user))
        .addAllRoles(user.getRolesList().stream().map(RoleEntity::getName).toList())
        .build();
  }

  /// Milvus keeps bcrypt hashes, which cannot be checked here.
  private static String requireHash(UserInfo user) {
    try {
      return new PasswordHash(user.getPassword()).text();
    } catch (DbException _) {
      throw Invalid.parameter(
          "the password of user %s is not a hash of this server; create the user anew",
          user.getUser());
    }
  }

  private static Right decode(GrantEntity entity) {
    SecurityNames.checkRole(entity.getRole().getName());
    SecurityNames.checkObjectType(entity.getObject().getName());
    SecurityNames.checkObject(entity.getObjectName());
    String database = Requests.database(entity.getDbName());
    SecurityNames.checkDatabase(database);
    Grant grant =
        new Grant(
            entity.getObject().getName(),
            entity.getObjectName(),
            database,
            entity.getGrantor().getPrivilege().getName(),
            entity.getGrantor().getUser().getName());
    return Right.newBuilder()
        .setRole(entity.getRole().getName())
        .setGrant(SecurityCodec.encode(grant))
        .build();
  }
}
