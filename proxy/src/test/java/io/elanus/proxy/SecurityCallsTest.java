package io.elanus.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.security.Grant;
import io.elanus.common.security.PasswordHash;
import io.elanus.common.security.Role;
import io.elanus.common.security.User;
import io.elanus.proto.internal.ChangeSecurityRequest;
import io.elanus.proto.internal.ChangeSecurityResponse;
import io.elanus.proto.milvus.CreateCredentialRequest;
import io.elanus.proto.milvus.CreateRoleRequest;
import io.elanus.proto.milvus.GrantEntity;
import io.elanus.proto.milvus.ListPrivilegeGroupsRequest;
import io.elanus.proto.milvus.ObjectEntity;
import io.elanus.proto.milvus.OperatePrivilegeGroupRequest;
import io.elanus.proto.milvus.OperatePrivilegeRequest;
import io.elanus.proto.milvus.OperateUserRoleRequest;
import io.elanus.proto.milvus.PrivilegeGroupInfo;
import io.elanus.proto.milvus.RestoreRBACMetaRequest;
import io.elanus.proto.milvus.RoleEntity;
import io.elanus.proto.milvus.SelectGrantRequest;
import io.elanus.proto.milvus.SelectUserRequest;
import io.elanus.proto.milvus.UpdateCredentialRequest;
import io.elanus.proto.milvus.UserInfo;
import io.elanus.proxy.service.GrantService;
import io.elanus.proxy.service.PrivilegeGroupService;
import io.elanus.proxy.service.RoleService;
import io.elanus.proxy.service.SecurityBackupService;
import io.elanus.proxy.service.UserService;
import io.elanus.rpc.codec.SecurityCodec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the proxy makes of calls about users, roles and grants, and what it refuses itself.
class SecurityCallsTest {
  private final MemoryCluster cluster = new MemoryCluster();
  private final UserService users = cluster.service(UserService.class);
  private final RoleService roles = cluster.service(RoleService.class);
  private final GrantService grants = cluster.service(GrantService.class);
  private final PrivilegeGroupService groups = cluster.service(PrivilegeGroupService.class);
  private final List<ChangeSecurityRequest> asked = new ArrayList<>();

  @BeforeEach
  void listen() {
    cluster.catalog.security =
        request -> {
          asked.add(request);
          return ChangeSecurityResponse.getDefaultInstance();
        };
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private void createUser(String name, String password) {
    cluster.call(() ->
        users.createCredential(
            CreateCredentialRequest.newBuilder().setUsername(name).setPassword(password).build()));
  }

  private void assertRefused(Runnable call, String text) {
    assertThatThrownBy(() ->
            cluster.call(() -> {
              call.run();
              return true;
            }))
        .isInstanceOf(DbException.class)
        .hasMessage(text);
    assertThat(asked).isEmpty();
  }

  @Test
  void aPasswordLeavesTheProxyAsAHash() {
    createUser("ann", base64("secret"));

    String kept = asked.getFirst().getCreateUser().getPassword();
    assertThat(kept).startsWith("pbkdf2-sha256$600000$");
    assertThat(new PasswordHash(kept).matches("secret")).isTrue();
  }

  @Test
  void anUpdateSaysWhatTheOldPasswordWasCheckedAgainst() {
    PasswordHash former = PasswordHash.of("secret", 10);
    User ann = new User("ann", Optional.of(former), "", List.of());
    cluster.put(MetaKeys.user("ann"), SecurityCodec.encode(ann).toByteArray());

    assertRefused(
        () -> update("guess", "changed"), "old password not correct for ann: not authenticated");
    cluster.call(() -> {
      update("secret", "changed");
      return true;
    });

    var update = asked.getFirst().getUpdateUser();
    assertThat(update.getFormerPassword()).isEqualTo(former.text());
    assertThat(new PasswordHash(update.getPassword()).matches("changed")).isTrue();
  }

  private void update(String former, String password) {
    users.updateCredential(
        UpdateCredentialRequest.newBuilder()
            .setUsername("ann")
            .setOldPassword(base64(former))
            .setNewPassword(base64(password))
            .build());
  }

  @Test
  void badNamesAndPasswordsAreRefusedInTheWordsOfMilvus() {
    assertRefused(
        () -> createUser("", base64("secret")), "username must be not empty: invalid parameter");
    assertRefused(
        () -> createUser("0a", base64("secret")),
        "invalid user name 0a, the first character must be a letter, but got 0: invalid parameter");
    assertRefused(
        () -> createUser("a b", base64("secret")),
        "invalid user name a b, username must contain only numbers, letters, underscores, dots,"
            + " and hyphens, but got  : invalid parameter");
    assertRefused(
        () -> createUser("a".repeat(33), base64("secret")),
        "invalid username %s with length 33, the length of username must be less than 32: invalid parameter"
            .formatted("a".repeat(33)));
    assertRefused(
        () -> createUser("ann", base64("short")),
        "invalid password length: invalid parameter[5 out of range 6 <= value <= 72]");
    assertRefused(
        () -> createUser("ann", "%%%"), "decode password fail key:ann: invalid parameter");
    assertRefused(
        () -> createRole("1st"),
        "the first character of role name must be an underscore or letter:"
            + " invalid parameter[expected=95][actual=49]");
    assertRefused(
        () -> createRole("a-b"),
        "role name can only contain numbers, letters, dollars and underscores, found - at 1:"
            + " invalid parameter");
    assertRefused(
        () -> createRole(""),
        "role name should be not empty: invalid parameter[expected=not empty][actual=]");
    assertRefused(
        () -> createRole("r".repeat(256)),
        "the length of role name must be not greater than limit:"
            + " invalid parameter[256 out of range 0 <= value <= 255]");
    assertRefused(
        () ->
            groups.operatePrivilegeGroup(
                OperatePrivilegeGroupRequest.newBuilder().setGroupName("a b").build()),
        "privilege group name a b can only contain numbers, letters and underscores: invalid parameter");
  }

  private void createRole(String name) {
    roles.createRole(
        CreateRoleRequest.newBuilder().setEntity(RoleEntity.newBuilder().setName(name)).build());
  }

  @Test
  void requestsThatLackAPartAreRefused() {
    assertRefused(
        () -> grants.operatePrivilege(OperatePrivilegeRequest.getDefaultInstance()),
        "the grant entity in the request is nil: invalid parameter");
    assertRefused(
        () ->
            grants.operatePrivilege(
                OperatePrivilegeRequest.newBuilder()
                    .setEntity(
                        GrantEntity.newBuilder()
                            .setObject(ObjectEntity.newBuilder().setName("Global"))
                            .setObjectName("*")
                            .setRole(RoleEntity.newBuilder().setName("reader")))
                    .build()),
        "the grantor entity in the grant entity is nil: invalid parameter");
    assertRefused(
        () -> grants.selectGrant(SelectGrantRequest.getDefaultInstance()),
        "the grant entity in the request is nil: invalid parameter");
    assertRefused(
        () ->
            roles.operateUserRole(
                OperateUserRoleRequest.newBuilder()
                    .setUsername("ann")
                    .setRoleName("reader")
                    .setTypeValue(7)
                    .build()),
        "invalid operate user role type: invalid parameter");
    assertRefused(
        () ->
            cluster
                .service(SecurityBackupService.class)
                .restoreRBAC(
                    RestoreRBACMetaRequest.newBuilder()
                        .setRBACMeta(
                            io.elanus.proto.milvus.RBACMeta.newBuilder()
                                .addUsers(
                                    UserInfo.newBuilder().setUser("ann").setPassword("$2a$10$x")))
                        .build()),
        "the password of user ann is not a hash of this server; create the user anew: invalid parameter");
  }

  @Test
  void usersAreReadFromTheMetastoreWithoutACoordinator() {
    User ann =
        new User(
            "ann",
            Optional.of(PasswordHash.decoy(1)),
            "an ornithologist",
            List.of(Role.ADMIN.id()));
    cluster.put(MetaKeys.user("ann"), SecurityCodec.encode(ann).toByteArray());
    cluster.coordinatorsDie();

    var all =
        cluster.call(() ->
            users.selectUser(SelectUserRequest.newBuilder().setIncludeRoleInfo(true).build()));

    assertThat(all.getResultsList())
        .extracting(result -> result.getUser().getName())
        .containsExactly("ann", "root");
    assertThat(all.getResults(0).getRoles(0).getName()).isEqualTo("admin");
    assertThat(all.getResults(0).getDescription()).isEqualTo("an ornithologist");
  }

  @Test
  void grantsAreListedByDatabaseAndByObject() {
    Role reader = new Role(new io.elanus.common.security.RoleId(1_000), "reader", "");
    cluster.put(MetaKeys.role(reader.id()), SecurityCodec.encode(reader).toByteArray());
    List<Grant> all =
        List.of(
            new Grant("Collection", "films", "default", "Search", "root"),
            new Grant("Collection", "books", "default", "Query", "root"),
            new Grant("Collection", "films", "zoo", "Insert", "root"),
            new Grant("Global", "*", "*", "ListDatabases", "root"));
    cluster.put(MetaKeys.grants(reader.id()), SecurityCodec.encode(reader.id(), all).toByteArray());

    assertThat(privileges("", "", "")).containsExactly("Search", "Query", "ListDatabases");
    assertThat(privileges("zoo", "", "")).containsExactly("Insert", "ListDatabases");
    assertThat(privileges("*", "", "")).hasSize(4);
    assertThat(privileges("", "Collection", "films")).containsExactly("Search");
  }

  private List<String> privileges(String database, String type, String object) {
    GrantEntity.Builder entity =
        GrantEntity.newBuilder()
            .setRole(RoleEntity.newBuilder().setName("reader"))
            .setDbName(database)
            .setObjectName(object);
    if (!type.isEmpty()) {
      entity.setObject(ObjectEntity.newBuilder().setName(type));
    }
    return cluster
        .call(() -> grants.selectGrant(SelectGrantRequest.newBuilder().setEntity(entity).build()))
        .getEntitiesList()
        .stream()
        .map(grant -> grant.getGrantor().getPrivilege().getName())
        .toList();
  }

  @Test
  void theGroupsOfEveryClusterAreListedFirst() {
    assertThat(
            cluster
                .call(() ->
                    groups.listPrivilegeGroups(ListPrivilegeGroupsRequest.getDefaultInstance()))
                .getPrivilegeGroupsList())
        .extracting(PrivilegeGroupInfo::getGroupName)
        .containsExactly(
            "ClusterReadOnly",
            "ClusterReadWrite",
            "ClusterAdmin",
            "DatabaseReadOnly",
            "DatabaseReadWrite",
            "DatabaseAdmin",
            "CollectionReadOnly",
            "CollectionReadWrite",
            "CollectionAdmin");
  }
}
