package io.elanus.rootcoord.security;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.security.PasswordHash;
import io.elanus.common.security.PrivilegeGroup;
import io.elanus.common.security.RoleId;
import io.elanus.proto.internal.ChangeSecurityRequest;
import io.elanus.proto.internal.RestoreSecurity;
import io.elanus.proto.internal.Right;
import io.elanus.rootcoord.security.SecurityCommand.Allow;
import io.elanus.rootcoord.security.SecurityCommand.BackedUser;
import io.elanus.rootcoord.security.SecurityCommand.Backup;
import io.elanus.rootcoord.security.SecurityCommand.CreateRole;
import io.elanus.rpc.codec.SecurityCodec;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Commands, as they come over the wire.
final class SecurityCommands {
  private SecurityCommands() {}

  /// @param ids gives a fresh one each time
  static SecurityCommand decode(ChangeSecurityRequest request, LongSupplier ids) {
    return switch (request.getCommandCase()) {
      case CREATE_USER ->
          new SecurityCommand.CreateUser(
              request.getCreateUser().getName(),
              new PasswordHash(request.getCreateUser().getPassword()),
              request.getCreateUser().getDescription());
      case UPDATE_USER -> decode(request.getUpdateUser());
      case DROP_USER -> new SecurityCommand.DropUser(request.getDropUser().getName());
      case CREATE_ROLE -> decode(request.getCreateRole(), ids);
      case ALTER_ROLE ->
          new SecurityCommand.AlterRole(
              request.getAlterRole().getName(), request.getAlterRole().getDescription());
      case DROP_ROLE ->
          new SecurityCommand.DropRole(
              request.getDropRole().getName(), request.getDropRole().getWithGrants());
      case ADD_TO_ROLE ->
          new SecurityCommand.AddToRole(
              request.getAddToRole().getUser(), request.getAddToRole().getRole());
      case REMOVE_FROM_ROLE ->
          new SecurityCommand.RemoveFromRole(
              request.getRemoveFromRole().getUser(), request.getRemoveFromRole().getRole());
      case GRANT -> allow(request.getGrant());
      case REVOKE -> {
        Allow asked = allow(request.getRevoke());
        yield new SecurityCommand.Revoke(asked.role(), asked.grant(), asked.byLevel());
      }
      case CREATE_GROUP -> new SecurityCommand.CreateGroup(request.getCreateGroup().getName());
      case DROP_GROUP -> new SecurityCommand.DropGroup(request.getDropGroup().getName());
      case ADD_TO_GROUP ->
          new SecurityCommand.AddToGroup(
              request.getAddToGroup().getName(), request.getAddToGroup().getPrivilegesList());
      case REMOVE_FROM_GROUP ->
          new SecurityCommand.RemoveFromGroup(
              request.getRemoveFromGroup().getName(),
              request.getRemoveFromGroup().getPrivilegesList());
      case RESTORE -> new SecurityCommand.CheckRestore(backup(request.getRestore(), ids));
      case COMMAND_NOT_SET ->
          throw ErrorCode.UNIMPLEMENTED.because("a change of security that is not known here");
    };
  }

  private static SecurityCommand decode(io.elanus.proto.internal.UpdateUser update) {
    return new SecurityCommand.UpdateUser(
        update.getName(),
        SecurityCodec.password(update.getFormerPassword()),
        SecurityCodec.password(update.getPassword()),
        update.hasDescription() ? Optional.of(update.getDescription()) : Optional.empty());
  }

  private static CreateRole decode(io.elanus.proto.internal.CreateRole create, LongSupplier ids) {
    return new CreateRole(new RoleId(ids.getAsLong()), create.getName(), create.getDescription());
  }

  private static Allow allow(Right right) {
    return new Allow(right.getRole(), SecurityCodec.decode(right.getGrant()), right.getByLevel());
  }

  private static Backup backup(RestoreSecurity restore, LongSupplier ids) {
    List<BackedUser> users =
        restore.getUsersList().stream()
            .map(user ->
                new BackedUser(
                    user.getName(), new PasswordHash(user.getPassword()), user.getRolesList()))
            .toList();
    return new Backup(
        users,
        restore.getRolesList().stream().map(role -> decode(role, ids)).toList(),
        restore.getGrantsList().stream().map(SecurityCommands::allow).toList(),
        restore.getGroupsList().stream()
            .map(group -> new PrivilegeGroup(group.getName(), group.getPrivilegesList()))
            .toList());
  }
}
