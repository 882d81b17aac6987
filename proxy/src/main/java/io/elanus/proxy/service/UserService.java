package io.elanus.proxy.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.elanus.common.error.DbException;
import io.elanus.common.security.PasswordHash;
import io.elanus.common.security.Role;
import io.elanus.common.security.SecurityState;
import io.elanus.common.security.User;
import io.elanus.proto.internal.ChangeSecurityRequest;
import io.elanus.proto.internal.CreateUser;
import io.elanus.proto.internal.DropUser;
import io.elanus.proto.internal.UpdateUser;
import io.elanus.proto.milvus.CreateCredentialRequest;
import io.elanus.proto.milvus.DeleteCredentialRequest;
import io.elanus.proto.milvus.ErrorCode;
import io.elanus.proto.milvus.ListCredUsersRequest;
import io.elanus.proto.milvus.ListCredUsersResponse;
import io.elanus.proto.milvus.RoleEntity;
import io.elanus.proto.milvus.SelectUserRequest;
import io.elanus.proto.milvus.SelectUserResponse;
import io.elanus.proto.milvus.Status;
import io.elanus.proto.milvus.UpdateCredentialRequest;
import io.elanus.proto.milvus.UserEntity;
import io.elanus.proto.milvus.UserResult;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.Requests;
import io.elanus.proxy.schema.SecurityNames;
import io.elanus.proxy.security.ProxySecurity;
import io.elanus.rpc.status.StatusMapper;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Users and their passwords. Passwords come in here and go no further: what leaves is their hash.
public final class UserService {
  private final ProxySecurity security;
  private final SecurityChanges changes;

  public UserService(ProxySecurity security, SecurityChanges changes) {
    this.security = security;
    this.changes = changes;
  }

  public Status createCredential(CreateCredentialRequest request) {
    String name = request.getUsername().strip();
    SecurityNames.checkUser(name);
    String password =
        decode(request.getPassword(), () -> Invalid.parameter("decode password fail key:%s", name));
    SecurityNames.checkPassword(password);
    if (security.state().findUser(name).isEmpty()) {
      return create(name, hash(password), request.getDescription());
    }
    // what rootcoord would say, without computing a hash for it
    return StatusMapper.failure(
        Invalid.parameter("user already exists: %s", name), ErrorCode.CreateCredentialFailure);
  }

  private Status create(String name, PasswordHash password, String description) {
    CreateUser create =
        CreateUser.newBuilder()
            .setName(name)
            .setPassword(password.text())
            .setDescription(description)
            .build();
    return changes.change(
        ChangeSecurityRequest.newBuilder().setCreateUser(create),
        ErrorCode.CreateCredentialFailure,
        name);
  }

  /// The password, for who knows the old one; the description too, or alone.
  public Status updateCredential(UpdateCredentialRequest request) {
    String name = request.getUsername().strip();
    boolean descriptionAlone =
        request.getOldPassword().isEmpty()
            && request.getNewPassword().isEmpty()
            && request.hasDescription();
    UpdateUser.Builder update = UpdateUser.newBuilder().setName(name);
    if (request.hasDescription()) {
      update.setDescription(request.getDescription());
    }
    Optional<User> user =
        descriptionAlone ? security.state().findUser(name) : authenticated(name, request);
    User known = user.orElseThrow(() -> wrongPassword(name));
    known.password().map(PasswordHash::text).ifPresent(update::setFormerPassword);
    if (!descriptionAlone) {
      update.setPassword(hash(decodeNew(request)).text());
    }
    return changes.change(
        ChangeSecurityRequest.newBuilder().setUpdateUser(update),
        ErrorCode.UpdateCredentialFailure,
        name);
  }

  /// The user, if the old password is right, and a fit new one given.
  private Optional<User> authenticated(String name, UpdateCredentialRequest request) {
    String former =
        decode(
            request.getOldPassword(),
            () -> Invalid.parameter("decode old password fail key:%s", name));
    SecurityNames.checkPassword(decodeNew(request));
    Optional<User> user = security.state().findUser(name);
    return security.passwords().matches(name, user, former, Requests.deadline())
        ? user
        : Optional.empty();
  }

  private static String decodeNew(UpdateCredentialRequest request) {
    return decode(
        request.getNewPassword(),
        () -> Invalid.parameter("decode password fail key:%s", request.getUsername()));
  }

  private static DbException wrongPassword(String name) {
    return Invalid.of(
        io.elanus.common.error.ErrorCode.NOT_AUTHENTICATED, "old password not correct for " + name);
  }

  private PasswordHash hash(String password) {
    return security.passwords().hash(password, Requests.deadline());
  }

  private static String decode(String base64, Supplier<DbException> refusal) {
    try {
      return new String(Base64.getDecoder().decode(base64), UTF_8);
    } catch (IllegalArgumentException _) {
      throw refusal.get();
    }
  }

  /// A user that is not there is success.
  public Status deleteCredential(DeleteCredentialRequest request) {
    String name = request.getUsername().strip();
    if (name.isEmpty()) {
      throw Invalid.parameter("username is empty");
    }
    return changes.change(
        ChangeSecurityRequest.newBuilder().setDropUser(DropUser.newBuilder().setName(name)),
        ErrorCode.DeleteCredentialFailure,
        name);
  }

  public ListCredUsersResponse listCredUsers(ListCredUsersRequest request) {
    return ListCredUsersResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .addAllUsernames(security.state().users().stream().map(User::name).toList())
        .build();
  }

  /// One user, or none when there is no such; all when none is named.
  public SelectUserResponse selectUser(SelectUserRequest request) {
    if (request.hasUser()) {
      SecurityNames.checkUser(request.getUser().getName());
    }
    SecurityState state = security.state();
    List<User> selected =
        request.hasUser()
            ? state.findUser(request.getUser().getName()).stream().toList()
            : state.users();
    return SelectUserResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .addAllResults(
            selected.stream()
                .map(user -> result(state, user, request.getIncludeRoleInfo()))
                .toList())
        .build();
  }

  private static UserResult result(SecurityState state, User user, boolean withRoles) {
    List<Role> roles = withRoles ? state.rolesOf(user) : List.of();
    return UserResult.newBuilder()
        .setUser(UserEntity.newBuilder().setName(user.name()))
        .setDescription(user.description())
        .addAllRoles(
            roles.stream()
                .map(role -> RoleEntity.newBuilder().setName(role.name()).build())
                .toList())
        .build();
  }
}
