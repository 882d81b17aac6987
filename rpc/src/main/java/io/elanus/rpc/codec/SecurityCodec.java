package io.elanus.rpc.codec;

import com.google.protobuf.InvalidProtocolBufferException;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.security.Grant;
import io.elanus.common.security.PasswordHash;
import io.elanus.common.security.PrivilegeGroup;
import io.elanus.common.security.Role;
import io.elanus.common.security.RoleId;
import io.elanus.common.security.SecurityState;
import io.elanus.common.security.User;
import io.elanus.proto.internal.GrantMeta;
import io.elanus.proto.internal.GrantsMeta;
import io.elanus.proto.internal.PrivilegeGroupMeta;
import io.elanus.proto.internal.RoleMeta;
import io.elanus.proto.internal.UserMeta;
import java.util.List;
import java.util.Optional;

/// Users, roles, grants and privilege groups, as the metastore keeps them.
public final class SecurityCodec {
  private SecurityCodec() {}

  public static UserMeta encode(User user) {
    return UserMeta.newBuilder()
        .setName(user.name())
        .setPassword(user.password().map(PasswordHash::text).orElse(""))
        .setDescription(user.description())
        .addAllRoleIds(user.roles().stream().map(RoleId::value).toList())
        .build();
  }

  private static User decode(UserMeta meta) {
    return new User(
        meta.getName(),
        password(meta.getPassword()),
        meta.getDescription(),
        meta.getRoleIdsList().stream().map(RoleId::new).toList());
  }

  /// Empty for the default password.
  public static Optional<PasswordHash> password(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(new PasswordHash(text));
  }

  public static RoleMeta encode(Role role) {
    return RoleMeta.newBuilder()
        .setId(role.id().value())
        .setName(role.name())
        .setDescription(role.description())
        .build();
  }

  public static GrantsMeta encode(RoleId role, List<Grant> grants) {
    return GrantsMeta.newBuilder()
        .setRoleId(role.value())
        .addAllGrants(grants.stream().map(SecurityCodec::encode).toList())
        .build();
  }

  public static GrantMeta encode(Grant grant) {
    return GrantMeta.newBuilder()
        .setObjectType(grant.objectType())
        .setObject(grant.object())
        .setDatabase(grant.database())
        .setPrivilege(grant.privilege())
        .setGrantor(grant.grantor())
        .build();
  }

  public static Grant decode(GrantMeta meta) {
    return new Grant(
        meta.getObjectType(),
        meta.getObject(),
        meta.getDatabase(),
        meta.getPrivilege(),
        meta.getGrantor());
  }

  public static PrivilegeGroupMeta encode(PrivilegeGroup group) {
    return PrivilegeGroupMeta.newBuilder()
        .setName(group.name())
        .addAllPrivileges(group.privileges())
        .build();
  }

  /// @param entries everything below [MetaKeys#SECURITY]
  /// @throws DbException `CORRUPT`
  public static SecurityState state(List<MetaEntry> entries) {
    SecurityState state = SecurityState.EMPTY;
    for (MetaEntry entry : entries) {
      try {
        state = with(state, entry);
      } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
        throw new DbException(ErrorCode.CORRUPT, "entry %s is corrupt".formatted(entry.key()), e);
      }
    }
    return state;
  }

  private static SecurityState with(SecurityState state, MetaEntry entry)
      throws InvalidProtocolBufferException {
    byte[] value = entry.value();
    if (entry.key().startsWith(MetaKeys.USERS)) {
      return state.with(decode(UserMeta.parseFrom(value)));
    }
    if (entry.key().startsWith(MetaKeys.ROLES)) {
      RoleMeta role = RoleMeta.parseFrom(value);
      return state.with(new Role(new RoleId(role.getId()), role.getName(), role.getDescription()));
    }
    if (entry.key().startsWith(MetaKeys.GRANTS)) {
      GrantsMeta grants = GrantsMeta.parseFrom(value);
      return state.with(
          new RoleId(grants.getRoleId()),
          grants.getGrantsList().stream().map(SecurityCodec::decode).toList());
    }
    if (entry.key().startsWith(MetaKeys.PRIVILEGE_GROUPS)) {
      PrivilegeGroupMeta group = PrivilegeGroupMeta.parseFrom(value);
      return state.with(new PrivilegeGroup(group.getName(), group.getPrivilegesList()));
    }
    return state; // of a newer version
  }
}
