package io.elanus.proxy.service;

import io.elanus.common.security.Grant;
import io.elanus.common.security.Role;
import io.elanus.common.security.SecurityState;
import io.elanus.proto.internal.ChangeSecurityRequest;
import io.elanus.proto.internal.Right;
import io.elanus.proto.milvus.ErrorCode;
import io.elanus.proto.milvus.GrantEntity;
import io.elanus.proto.milvus.GrantorEntity;
import io.elanus.proto.milvus.ObjectEntity;
import io.elanus.proto.milvus.ObjectType;
import io.elanus.proto.milvus.OperatePrivilegeRequest;
import io.elanus.proto.milvus.OperatePrivilegeType;
import io.elanus.proto.milvus.OperatePrivilegeV2Request;
import io.elanus.proto.milvus.PrivilegeEntity;
import io.elanus.proto.milvus.RoleEntity;
import io.elanus.proto.milvus.SelectGrantRequest;
import io.elanus.proto.milvus.SelectGrantResponse;
import io.elanus.proto.milvus.Status;
import io.elanus.proto.milvus.UserEntity;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.Requests;
import io.elanus.proxy.schema.SecurityNames;
import io.elanus.proxy.security.ProxySecurity;
import io.elanus.rpc.call.RequestContext;
import io.elanus.rpc.codec.SecurityCodec;
import io.elanus.rpc.status.StatusMapper;
import java.util.Arrays;
import java.util.List;

/// What roles may do. The first API names the type of the object, the second one tells it by the privilege.
public final class GrantService {
  private final ProxySecurity security;
  private final SecurityChanges changes;

  public GrantService(ProxySecurity security, SecurityChanges changes) {
    this.security = security;
    this.changes = changes;
  }

  public Status operatePrivilege(OperatePrivilegeRequest request) {
    if (!request.hasEntity()) {
      throw Invalid.parameter("the grant entity in the request is nil");
    }
    GrantEntity entity = request.getEntity();
    if (!entity.hasObject()) {
      throw Invalid.parameter("the resource entity in the grant entity is nil");
    }
    SecurityNames.checkObjectType(entity.getObject().getName());
    SecurityNames.checkObject(entity.getObjectName());
    if (!entity.hasRole()) {
      throw Invalid.parameter("the object entity in the grant entity is nil");
    }
    SecurityNames.checkRole(entity.getRole().getName());
    requirePrivilege(entity.hasGrantor(), entity.getGrantor());
    Grant grant =
        new Grant(
            entity.getObject().getName(),
            entity.getObjectName(),
            Requests.database(entity.getDbName()),
            entity.getGrantor().getPrivilege().getName(),
            RequestContext.current().user());
    boolean byLevel = request.getVersion().equals("v2");
    return change(entity.getRole().getName(), grant, byLevel, request.getType());
  }

  public Status operatePrivilegeV2(OperatePrivilegeV2Request request) {
    if (!request.hasRole()) {
      throw Invalid.parameter("the role in the request is nil");
    }
    SecurityNames.checkRole(request.getRole().getName());
    requirePrivilege(request.hasGrantor(), request.getGrantor());
    String database = Requests.database(request.getDbName());
    SecurityNames.checkDatabase(database);
    SecurityNames.checkCollection(request.getCollectionName());
    Grant grant =
        new Grant(
            "",
            request.getCollectionName(),
            database,
            request.getGrantor().getPrivilege().getName(),
            RequestContext.current().user());
    return change(request.getRole().getName(), grant, true, request.getType());
  }

  private static void requirePrivilege(boolean hasGrantor, GrantorEntity grantor) {
    if (!hasGrantor) {
      throw Invalid.parameter("the grantor entity in the grant entity is nil");
    }
    if (!grantor.hasPrivilege()) {
      throw Invalid.parameter("the privilege entity in the grantor entity is nil");
    }
    SecurityNames.checkPrivilege(grantor.getPrivilege().getName());
  }

  private Status change(String role, Grant grant, boolean byLevel, OperatePrivilegeType type) {
    Right right =
        Right.newBuilder()
            .setRole(role)
            .setGrant(SecurityCodec.encode(grant))
            .setByLevel(byLevel)
            .build();
    ChangeSecurityRequest.Builder change = ChangeSecurityRequest.newBuilder();
    if (type == OperatePrivilegeType.Grant) {
      change.setGrant(right);
    } else if (type == OperatePrivilegeType.Revoke) {
      change.setRevoke(right);
    } else {
      throw Invalid.parameter("invalid operate privilege type");
    }
    return changes.change(
        change,
        ErrorCode.OperatePrivilegeFailure,
        "%s, %s on %s in %s".formatted(role, grant.privilege(), grant.object(), grant.database()));
  }

  /// The grants of a role in one database, or with `*` in all, of one object when that is named.
  public SelectGrantResponse selectGrant(SelectGrantRequest request) {
    if (!request.hasEntity()) {
      throw Invalid.parameter("the grant entity in the request is nil");
    }
    GrantEntity asked = request.getEntity();
    if (asked.hasObject()) {
      SecurityNames.checkObjectType(asked.getObject().getName());
      SecurityNames.checkObject(asked.getObjectName());
    }
    if (!asked.hasRole()) {
      throw Invalid.parameter("the role entity in the grant entity is nil");
    }
    SecurityNames.checkRole(asked.getRole().getName());
    SecurityState state = security.state();
    Role role = state.findRole(asked.getRole().getName()).orElse(null);
    if (role == null) {
      return refuse("not found the role, maybe the role isn't existed or internal system error");
    }
    if (asked.hasObject() && !isObjectType(asked.getObject().getName())) {
      return refuse(
          "not found the object type[name: %s], supported the object types: %s"
              .formatted(asked.getObject().getName(), List.of("Collection", "Global", "User")));
    }
    return SelectGrantResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .addAllEntities(
            state.grantsOf(role).stream()
                .filter(grant -> isAsked(grant, asked))
                .map(grant -> entity(role, grant))
                .toList())
        .build();
  }

  private static SelectGrantResponse refuse(String reason) {
    return SelectGrantResponse.newBuilder()
        .setStatus(
            StatusMapper.failure(Invalid.parameter("%s", reason), ErrorCode.SelectGrantFailure))
        .build();
  }

  private static boolean isObjectType(String name) {
    return Arrays.stream(ObjectType.values()).anyMatch(type -> type.name().equals(name));
  }

  private static boolean isAsked(Grant grant, GrantEntity asked) {
    String database = Requests.database(asked.getDbName());
    boolean there =
        grant.database().equals(database)
            || grant.database().equals(Grant.ANY)
            || database.equals(Grant.ANY);
    boolean anyObject = !asked.hasObject() || asked.getObjectName().isEmpty();
    return there
        && (anyObject
            || grant.objectType().equals(asked.getObject().getName())
                && grant.object().equals(asked.getObjectName()));
  }

  static GrantEntity entity(Role role, Grant grant) {
    return GrantEntity.newBuilder()
        .setRole(RoleEntity.newBuilder().setName(role.name()))
        .setObject(ObjectEntity.newBuilder().setName(grant.objectType()))
        .setObjectName(grant.object())
        .setDbName(grant.database())
        .setGrantor(
            GrantorEntity.newBuilder()
                .setUser(UserEntity.newBuilder().setName(grant.grantor()))
                .setPrivilege(PrivilegeEntity.newBuilder().setName(grant.privilege())))
        .build();
  }
}
