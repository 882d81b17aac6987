package io.elanus.proxy.security;

import io.elanus.common.security.Access;
import io.elanus.common.security.Privileges;
import io.elanus.proto.milvus.SelectGrantRequest;
import io.elanus.proto.milvus.SelectRoleRequest;
import io.elanus.proto.milvus.SelectUserRequest;
import io.elanus.proto.milvus.UpdateCredentialRequest;
import io.elanus.rpc.call.Authorizer;
import io.elanus.rpc.call.Call;
import io.elanus.rpc.call.RequiredPrivilege;
import java.util.List;
import java.util.Optional;

/// Knows what users may do by their roles.
final class RoleAuthorizer implements Authorizer {
  private final SecurityCopy copy;
  private final Audit audit;

  RoleAuthorizer(SecurityCopy copy, Audit audit) {
    this.copy = copy;
    this.audit = audit;
  }

  @Override
  public boolean permits(Call call, RequiredPrivilege required) {
    boolean permitted =
        permits(copy.current(call.context().deadline()), call, required)
            || permits(copy.newest(call.context().deadline()), call, required);
    if (!permitted) {
      audit.denied(call, required);
    }
    return permitted;
  }

  static boolean permits(Access access, Call call, RequiredPrivilege required) {
    String user = call.context().user();
    if (access.isAdmin(user) || isOwn(access, call, required)) {
      return true;
    }
    String privilege = Privileges.nameOf(required.privilege());
    List<Optional<String>> objects =
        required.objectType().equals(Privileges.GLOBAL)
            ? List.of(Optional.empty())
            : required.objects().stream().map(Optional::of).toList();
    return !objects.isEmpty()
        && call.databases().stream()
            .allMatch(database ->
                objects.stream()
                    .allMatch(object -> access.permits(user, privilege, database, object)));
  }

  /// What everybody may do: look at oneself, change one's password, and see what one's roles are and may do, but not
  /// who else has them.
  private static boolean isOwn(Access access, Call call, RequiredPrivilege required) {
    String user = call.context().user();
    return switch (call.request()) {
      case UpdateCredentialRequest _, SelectUserRequest _ ->
          required.objects().equals(List.of(user));
      case SelectGrantRequest select ->
          access.hasRole(user, select.getEntity().getRole().getName());
      case SelectRoleRequest select ->
          !select.getIncludeUserInfo() && access.hasRole(user, select.getRole().getName());
      default -> false;
    };
  }
}
