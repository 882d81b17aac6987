package io.elanus.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.DropCollectionReq;
import io.milvus.v2.service.collection.request.GetCollectionStatsReq;
import io.milvus.v2.service.rbac.PrivilegeGroup;
import io.milvus.v2.service.rbac.request.AddPrivilegesToGroupReq;
import io.milvus.v2.service.rbac.request.CreatePrivilegeGroupReq;
import io.milvus.v2.service.rbac.request.CreateRoleReq;
import io.milvus.v2.service.rbac.request.CreateUserReq;
import io.milvus.v2.service.rbac.request.DescribeRoleReq;
import io.milvus.v2.service.rbac.request.DescribeUserReq;
import io.milvus.v2.service.rbac.request.DropPrivilegeGroupReq;
import io.milvus.v2.service.rbac.request.DropRoleReq;
import io.milvus.v2.service.rbac.request.DropUserReq;
import io.milvus.v2.service.rbac.request.GrantPrivilegeReq;
import io.milvus.v2.service.rbac.request.GrantPrivilegeReqV2;
import io.milvus.v2.service.rbac.request.GrantRoleReq;
import io.milvus.v2.service.rbac.request.ListPrivilegeGroupsReq;
import io.milvus.v2.service.rbac.request.RevokePrivilegeReq;
import io.milvus.v2.service.rbac.request.RevokePrivilegeReqV2;
import io.milvus.v2.service.rbac.request.RevokeRoleReq;
import io.milvus.v2.service.rbac.request.UpdatePasswordReq;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Users, roles and grants as the Java SDK sees them.
@ExtendWith(SharedServer.class)
@WithAuthorization
class JavaSecurityTest {
  private final ElanusServer server;
  private final MilvusClientV2 root;
  private final String suffix = UUID.randomUUID().toString().replace("-", "").substring(0, 8);
  private final String user = "u_" + suffix;
  private final String role = "r_" + suffix;
  private final String films = "films_" + suffix;
  private MilvusClientV2 client;

  JavaSecurityTest(ElanusServer server) {
    this.server = server;
    root = connect(server.token());
  }

  private MilvusClientV2 connect(String token) {
    return new MilvusClientV2(ConnectConfig.builder().uri(server.uri()).token(token).build());
  }

  @BeforeEach
  void create() {
    root.createCollection(CreateCollectionReq.builder().collectionName(films).dimension(2).build());
    root.createUser(CreateUserReq.builder().userName(user).password("secret-1").build());
    root.createRole(CreateRoleReq.builder().roleName(role).build());
    root.grantRole(GrantRoleReq.builder().userName(user).roleName(role).build());
    client = connect(user + ":secret-1");
  }

  @AfterEach
  void drop() {
    root.dropCollection(DropCollectionReq.builder().collectionName(films).build());
    root.dropUser(DropUserReq.builder().userName(user).build());
    root.dropRole(DropRoleReq.builder().roleName(role).forceDrop(true).build());
    client.close();
    root.close();
  }

  private void stats() {
    client.getCollectionStats(GetCollectionStatsReq.builder().collectionName(films).build());
  }

  @Test
  void usersAndRolesAreListed() {
    assertThat(root.listUsers()).contains("root", user);
    assertThat(root.listRoles()).contains("admin", "public", role);
    assertThat(root.describeUser(DescribeUserReq.builder().userName(user).build()).getRoles())
        .containsExactly(role);
    root.revokeRole(RevokeRoleReq.builder().userName(user).roleName(role).build());
    assertThat(root.describeUser(DescribeUserReq.builder().userName(user).build()).getRoles())
        .isEmpty();
  }

  @Test
  void aWrongPasswordIsRefusedAndAPasswordChanges() {
    assertThatThrownBy(() -> connect(user + ":guess-1"))
        .hasStackTraceContaining("auth check failure");
    client.updatePassword(
        UpdatePasswordReq.builder()
            .userName(user)
            .password("secret-1")
            .newPassword("secret-2")
            .build());
    assertThatThrownBy(() -> client.listCollections())
        .hasStackTraceContaining("auth check failure");
    connect(user + ":secret-2").close();
  }

  @Test
  void theFirstApiGrants() {
    assertThatThrownBy(this::stats).hasStackTraceContaining("permission deny to " + user);
    root.grantPrivilege(
        GrantPrivilegeReq.builder()
            .roleName(role)
            .objectType("Collection")
            .objectName(films)
            .privilege("GetStatistics")
            .build());
    stats();
    assertThat(root.describeRole(DescribeRoleReq.builder().roleName(role).build()).getGrantInfos())
        .singleElement()
        .satisfies(grant -> {
          assertThat(grant.getPrivilege()).isEqualTo("GetStatistics");
          assertThat(grant.getObjectName()).isEqualTo(films);
          assertThat(grant.getGrantor()).isEqualTo("root");
        });
    root.revokePrivilege(
        RevokePrivilegeReq.builder()
            .roleName(role)
            .objectType("Collection")
            .objectName(films)
            .privilege("GetStatistics")
            .build());
    assertThatThrownBy(this::stats).hasStackTraceContaining("permission deny");
  }

  @Test
  void theSecondApiGrantsGroups() {
    String group = "g_" + suffix;
    root.createPrivilegeGroup(CreatePrivilegeGroupReq.builder().groupName(group).build());
    root.addPrivilegesToGroup(
        AddPrivilegesToGroupReq.builder()
            .groupName(group)
            .privileges(List.of("GetStatistics", "Query"))
            .build());
    assertThat(
            root.listPrivilegeGroups(ListPrivilegeGroupsReq.builder().build()).getPrivilegeGroups())
        .extracting(PrivilegeGroup::getGroupName)
        .contains("ClusterAdmin", "DatabaseReadOnly", "CollectionReadWrite", group);
    root.grantPrivilegeV2(
        GrantPrivilegeReqV2.builder()
            .roleName(role)
            .privilege(group)
            .dbName("default")
            .collectionName(films)
            .build());
    stats();
    assertThat(client.listCollections().getCollectionNames()).containsExactly(films);
    root.revokePrivilegeV2(
        RevokePrivilegeReqV2.builder()
            .roleName(role)
            .privilege(group)
            .dbName("default")
            .collectionName(films)
            .build());
    assertThatThrownBy(this::stats).hasStackTraceContaining("permission deny");
    root.dropPrivilegeGroup(DropPrivilegeGroupReq.builder().groupName(group).build());
  }
}
