package io.elanus.proxy.service;

import io.elanus.common.security.PrivilegeGroup;
import io.elanus.common.security.Privileges;
import io.elanus.proto.internal.ChangeSecurityRequest;
import io.elanus.proto.internal.CreatePrivilegeGroup;
import io.elanus.proto.internal.DropPrivilegeGroup;
import io.elanus.proto.internal.GroupPrivileges;
import io.elanus.proto.milvus.CreatePrivilegeGroupRequest;
import io.elanus.proto.milvus.DropPrivilegeGroupRequest;
import io.elanus.proto.milvus.ErrorCode;
import io.elanus.proto.milvus.ListPrivilegeGroupsRequest;
import io.elanus.proto.milvus.ListPrivilegeGroupsResponse;
import io.elanus.proto.milvus.OperatePrivilegeGroupRequest;
import io.elanus.proto.milvus.OperatePrivilegeGroupType;
import io.elanus.proto.milvus.PrivilegeEntity;
import io.elanus.proto.milvus.PrivilegeGroupInfo;
import io.elanus.proto.milvus.Status;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.schema.SecurityNames;
import io.elanus.proxy.security.ProxySecurity;
import io.elanus.rpc.status.StatusMapper;
import java.util.List;

/// Groups of privileges: those of every cluster, and those that users of the database make.
public final class PrivilegeGroupService {
  private final ProxySecurity security;
  private final SecurityChanges changes;

  public PrivilegeGroupService(ProxySecurity security, SecurityChanges changes) {
    this.security = security;
    this.changes = changes;
  }

  public Status createPrivilegeGroup(CreatePrivilegeGroupRequest request) {
    String name = request.getGroupName().strip();
    SecurityNames.checkPrivilegeGroup(name);
    return changes.change(
        ChangeSecurityRequest.newBuilder()
            .setCreateGroup(CreatePrivilegeGroup.newBuilder().setName(name)),
        ErrorCode.CreatePrivilegeGroupFailure,
        name);
  }

  /// A group that is not there is success.
  public Status dropPrivilegeGroup(DropPrivilegeGroupRequest request) {
    String name = request.getGroupName().strip();
    SecurityNames.checkPrivilegeGroup(name);
    return changes.change(
        ChangeSecurityRequest.newBuilder()
            .setDropGroup(DropPrivilegeGroup.newBuilder().setName(name)),
        ErrorCode.DropPrivilegeGroupFailure,
        name);
  }

  public Status operatePrivilegeGroup(OperatePrivilegeGroupRequest request) {
    String name = request.getGroupName().strip();
    SecurityNames.checkPrivilegeGroup(name);
    List<String> privileges =
        request.getPrivilegesList().stream().map(PrivilegeEntity::getName).toList();
    privileges.forEach(SecurityNames::checkPrivilege);
    GroupPrivileges members =
        GroupPrivileges.newBuilder().setName(name).addAllPrivileges(privileges).build();
    ChangeSecurityRequest.Builder change = ChangeSecurityRequest.newBuilder();
    if (request.getType() == OperatePrivilegeGroupType.AddPrivilegesToGroup) {
      change.setAddToGroup(members);
    } else if (request.getType() == OperatePrivilegeGroupType.RemovePrivilegesFromGroup) {
      change.setRemoveFromGroup(members);
    } else {
      throw Invalid.parameter("invalid operate privilege group type");
    }
    return changes.change(change, ErrorCode.OperatePrivilegeGroupFailure, name);
  }

  public ListPrivilegeGroupsResponse listPrivilegeGroups(ListPrivilegeGroupsRequest request) {
    return ListPrivilegeGroupsResponse.newBuilder()
        .setStatus(StatusMapper.success())
        .addAllPrivilegeGroups(
            Privileges.BUILT_IN_GROUPS.stream().map(PrivilegeGroupService::encode).toList())
        .addAllPrivilegeGroups(
            security.state().groups().stream().map(PrivilegeGroupService::encode).toList())
        .build();
  }

  static PrivilegeGroupInfo encode(PrivilegeGroup group) {
    return PrivilegeGroupInfo.newBuilder()
        .setGroupName(group.name())
        .addAllPrivileges(
            group.privileges().stream()
                .map(name -> PrivilegeEntity.newBuilder().setName(name).build())
                .toList())
        .build();
  }
}
