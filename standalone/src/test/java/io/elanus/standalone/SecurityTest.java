package io.elanus.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.proto.milvus.AlterRoleRequest;
import io.elanus.proto.milvus.BackupRBACMetaRequest;
import io.elanus.proto.milvus.CheckHealthRequest;
import io.elanus.proto.milvus.CheckHealthResponse;
import io.elanus.proto.milvus.CreateCredentialRequest;
import io.elanus.proto.milvus.CreateDatabaseRequest;
import io.elanus.proto.milvus.CreatePrivilegeGroupRequest;
import io.elanus.proto.milvus.CreateRoleRequest;
import io.elanus.proto.milvus.DeleteCredentialRequest;
import io.elanus.proto.milvus.DescribeDatabaseRequest;
import io.elanus.proto.milvus.DropPrivilegeGroupRequest;
import io.elanus.proto.milvus.DropRoleRequest;
import io.elanus.proto.milvus.ErrorCode;
import io.elanus.proto.milvus.GrantEntity;
import io.elanus.proto.milvus.GrantorEntity;
import io.elanus.proto.milvus.HasCollectionRequest;
import io.elanus.proto.milvus.ListCredUsersRequest;
import io.elanus.proto.milvus.ListDatabasesRequest;
import io.elanus.proto.milvus.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.elanus.proto.milvus.OperatePrivilegeGroupRequest;
import io.elanus.proto.milvus.OperatePrivilegeType;
import io.elanus.proto.milvus.OperatePrivilegeV2Request;
import io.elanus.proto.milvus.OperateUserRoleRequest;
import io.elanus.proto.milvus.PrivilegeEntity;
import io.elanus.proto.milvus.RBACMeta;
import io.elanus.proto.milvus.RenameCollectionRequest;
import io.elanus.proto.milvus.RestoreRBACMetaRequest;
import io.elanus.proto.milvus.RoleEntity;
import io.elanus.proto.milvus.SelectGrantRequest;
import io.elanus.proto.milvus.SelectRoleRequest;
import io.elanus.proto.milvus.SelectUserRequest;
import io.elanus.proto.milvus.ShowPartitionsRequest;
import io.elanus.proto.milvus.Status;
import io.elanus.proto.milvus.UpdateCredentialRequest;
import io.elanus.proto.milvus.UserEntity;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Users, roles and grants through the whole server.
class SecurityTest {
  private static final String ROOT = "root:Milvus";

  @TempDir Path data;

  private final Run run = new SystemRun();

  private RoleProcess start(boolean authorization) {
    ProcessConfig config =
        Configs.process(
            "localStorage.path=" + data, "common.security.authorizationEnabled=" + authorization);
    return RoleProcess.start(
        config, Role.all(), context -> EmbeddedDisk.open(context.run(), config.folder()));
  }

  private Caller caller(RoleProcess server) {
    return new Caller(run, server.publicPort().orElseThrow());
  }

  @Test
  void whatIsChangedCountsAtOnceAndIsThereAfterARestart() {
    try (RoleProcess server = start(true);
        Caller caller = caller(server)) {
      MilvusServiceBlockingStub root = caller.as(ROOT);
      require(createUser(root, "ann", "secret"));
      assertDenied(caller, "ann:secret", "PrivilegeShowPartitions");
      require(createRole(root, "reader"));
      require(give(root, "ann", "reader"));
      require(grant(root, "reader", "ShowPartitions", "films", OperatePrivilegeType.Grant));
      assertServed(caller, "ann:secret");
      require(updatePassword(caller.as("ann:secret"), "ann", "secret", "changed"));
      assertRefused(caller, "ann:secret");
      assertServed(caller, "ann:changed");
    }
    try (RoleProcess server = start(true);
        Caller caller = caller(server)) {
      assertRefused(caller, "ann:secret");
      assertServed(caller, "ann:changed");
      MilvusServiceBlockingStub root = caller.as(ROOT);
      require(grant(root, "reader", "ShowPartitions", "films", OperatePrivilegeType.Revoke));
      assertDenied(caller, "ann:changed", "PrivilegeShowPartitions");
      require(
          root.deleteCredential(DeleteCredentialRequest.newBuilder().setUsername("ann").build()));
      assertRefused(caller, "ann:changed");
    }
  }

  @Test
  void refusalsCarryTheCodesOfMilvus() {
    try (RoleProcess server = start(true);
        Caller caller = caller(server)) {
      MilvusServiceBlockingStub root = caller.as(ROOT);
      assertFails(createUser(root, "root", "secret"), 1100, ErrorCode.CreateCredentialFailure);
      assertFails(createUser(root, "0", "secret"), 1100, ErrorCode.IllegalArgument);
      assertFails(createUser(root, "ann", "s"), 1100, ErrorCode.IllegalArgument);
      assertFails(createRole(root, "public"), 1100, ErrorCode.CreateRoleFailure);
      assertFails(give(root, "nobody", "admin"), 1100, ErrorCode.OperateUserRoleFailure);
      assertFails(
          root.dropRole(DropRoleRequest.newBuilder().setRoleName("nothing").build()),
          1100,
          ErrorCode.DropRoleFailure);
      assertFails(
          root.dropRole(DropRoleRequest.newBuilder().setRoleName("public").build()),
          1401,
          ErrorCode.UnexpectedError);
      assertFails(
          root.alterRole(AlterRoleRequest.newBuilder().setRoleName("admin").build()),
          1401,
          ErrorCode.UnexpectedError);
      assertFails(
          grant(root, "public", "Fly", "*", OperatePrivilegeType.Grant),
          1100,
          ErrorCode.OperatePrivilegeFailure);
      assertFails(
          updatePassword(root, "ann", "secret", "changed"), 1400, ErrorCode.UnexpectedError);
      assertFails(
          root.selectGrant(selectGrant("nothing")).getStatus(), 1100, ErrorCode.SelectGrantFailure);
      assertThat(root.selectUser(selectUser("nobody")).getResultsList()).isEmpty();
      assertThat(
              root.selectRole(
                      SelectRoleRequest.newBuilder()
                          .setRole(RoleEntity.newBuilder().setName("nothing"))
                          .build())
                  .getResultsList())
          .isEmpty();
      assertThat(root.listCredUsers(ListCredUsersRequest.getDefaultInstance()).getUsernamesList())
          .containsExactly("root");
    }
  }

  @Test
  void everybodyMayLookAtOneselfAndNobodyElse() {
    try (RoleProcess server = start(true);
        Caller caller = caller(server)) {
      MilvusServiceBlockingStub root = caller.as(ROOT);
      require(createUser(root, "ann", "secret"));
      require(createUser(root, "bob", "secret"));
      require(createRole(root, "reader"));
      require(give(root, "ann", "reader"));
      MilvusServiceBlockingStub ann = caller.as("ann:secret");

      assertThat(ann.selectUser(selectUser("ann")).getResults(0).getRoles(0).getName())
          .isEqualTo("reader");
      assertThat(ann.selectGrant(selectGrant("reader")).getStatus().getCode()).isZero();
      assertThat(ann.selectGrant(selectGrant("public")).getEntitiesList()).hasSize(3);
      assertThatThrownBy(() -> ann.selectUser(selectUser("bob")))
          .hasMessageContaining("PrivilegeSelectUser: permission deny to ann");
      assertThatThrownBy(() -> ann.selectGrant(selectGrant("admin")))
          .hasMessageContaining("PrivilegeSelectOwnership: permission deny to ann");
      assertThatThrownBy(() -> updatePassword(ann, "bob", "secret", "changed"))
          .hasMessageContaining("PrivilegeUpdateUser: permission deny to ann");
    }
  }

  @Test
  void aDatabaseThatIsNamedIsTheOneThatCounts() {
    try (RoleProcess server = start(true);
        Caller caller = caller(server)) {
      MilvusServiceBlockingStub root = caller.as(ROOT);
      require(root.createDatabase(CreateDatabaseRequest.newBuilder().setDbName("zoo").build()));
      require(createUser(root, "ann", "secret"));
      require(createRole(root, "keeper"));
      require(give(root, "ann", "keeper"));
      require(grantIn(root, "keeper", "zoo", "DatabaseAdmin"));
      require(grantIn(root, "keeper", "zoo", "RenameCollection"));

      MilvusServiceBlockingStub inZoo = caller.as("ann:secret", "zoo");
      DescribeDatabaseRequest zoo = DescribeDatabaseRequest.newBuilder().setDbName("zoo").build();
      assertThat(caller.as("ann:secret").describeDatabase(zoo).getStatus().getCode()).isZero();
      assertThatThrownBy(() ->
              inZoo.describeDatabase(
                  DescribeDatabaseRequest.newBuilder().setDbName("default").build()))
          .hasMessageContaining("permission deny to ann");
      assertThatThrownBy(() ->
              inZoo.renameCollection(
                  RenameCollectionRequest.newBuilder()
                      .setOldName("birds")
                      .setNewName("fowl")
                      .setNewDBName("default")
                      .build()))
          .hasMessageContaining("PrivilegeRenameCollection: permission deny to ann");
      assertThat(
              caller
                  .as("ann:secret")
                  .listDatabases(ListDatabasesRequest.getDefaultInstance())
                  .getDbNamesList())
          .containsExactly("zoo");
      assertThat(root.listDatabases(ListDatabasesRequest.getDefaultInstance()).getDbNamesList())
          .contains("default", "zoo");
    }
  }

  @Test
  void whoGuessesIsSlowedDownAndWhoIsKnownIsNot() {
    try (RoleProcess server = start(true);
        Caller caller = caller(server)) {
      require(createUser(caller.as(ROOT), "ann", "secret"));
      assertDenied(caller, "ann:secret", "PrivilegeShowPartitions");
      HasCollectionRequest ask = HasCollectionRequest.newBuilder().setCollectionName("c").build();
      int limited = 0;
      for (int i = 0; i < 30; i++) {
        try {
          limited +=
              caller.as("ann:guess" + i).hasCollection(ask).getStatus().getCode() == 8 ? 1 : 0;
        } catch (io.grpc.StatusRuntimeException e) {
          assertThat(e).hasMessageContaining("auth check failure");
        }
      }
      assertDenied(caller, "ann:secret", "PrivilegeShowPartitions");

      // slow as hashing may be here, ten guesses and one a second are all that are looked at
      assertThat(limited).isPositive();
    }
  }

  @Test
  void administratorsAreToldOfTheDefaultPassword() {
    try (RoleProcess server = start(true);
        Caller caller = caller(server)) {
      MilvusServiceBlockingStub root = caller.as(ROOT);
      require(createUser(root, "ann", "secret"));

      assertThat(health(root).getReasonsList())
          .anyMatch(reason -> reason.contains("root has the default password"));
      assertThat(health(caller.as("ann:secret")).getReasonsList())
          .noneMatch(reason -> reason.contains("password"));
      require(updatePassword(root, "root", "Milvus", "changed"));
      assertThat(health(caller.as("root:changed")).getReasonsList())
          .noneMatch(reason -> reason.contains("password"));
      assertRefused(caller, ROOT);
    }
  }

  @Test
  void aBackupGoesIntoAClusterWithoutAnyOfIt(@TempDir Path other) {
    RBACMeta backup;
    try (RoleProcess server = start(true);
        Caller caller = caller(server)) {
      MilvusServiceBlockingStub root = caller.as(ROOT);
      require(createUser(root, "ann", "secret"));
      require(createRole(root, "reader"));
      require(give(root, "ann", "reader"));
      require(
          root.createPrivilegeGroup(
              CreatePrivilegeGroupRequest.newBuilder().setGroupName("mine").build()));
      require(
          root.operatePrivilegeGroup(
              OperatePrivilegeGroupRequest.newBuilder()
                  .setGroupName("mine")
                  .addPrivileges(PrivilegeEntity.newBuilder().setName("ShowPartitions"))
                  .build()));
      require(grant(root, "reader", "mine", "films", OperatePrivilegeType.Grant));
      backup = root.backupRBAC(BackupRBACMetaRequest.getDefaultInstance()).getRBACMeta();
      Status again =
          root.restoreRBAC(RestoreRBACMetaRequest.newBuilder().setRBACMeta(backup).build());
      assertFails(again, 1100, ErrorCode.OperatePrivilegeFailure);
      Status used =
          root.dropPrivilegeGroup(
              DropPrivilegeGroupRequest.newBuilder().setGroupName("mine").build());
      assertFails(used, 1100, ErrorCode.DropPrivilegeGroupFailure);
    }
    ProcessConfig config =
        Configs.process("localStorage.path=" + other, "common.security.authorizationEnabled=true");
    try (RoleProcess server =
            RoleProcess.start(
                config, Role.all(), context -> EmbeddedDisk.open(context.run(), config.folder()));
        Caller caller = caller(server)) {
      require(
          caller
              .as(ROOT)
              .restoreRBAC(RestoreRBACMetaRequest.newBuilder().setRBACMeta(backup).build()));
      assertServed(caller, "ann:secret");
      assertThat(
              caller.as(ROOT).backupRBAC(BackupRBACMetaRequest.getDefaultInstance()).getRBACMeta())
          .isEqualTo(backup);
    }
  }

  @Test
  void withAuthorizationOffUsersAreKeptAndNobodyIsAsked() {
    try (RoleProcess server = start(false);
        Caller caller = caller(server)) {
      require(createUser(caller.as(""), "ann", "secret"));
      assertServed(caller, "");
      assertServed(caller, "root:wrong");
      assertThat(health(caller.as("")).getReasonsList())
          .noneMatch(reason -> reason.contains("password"));
    }
    try (RoleProcess server = start(true);
        Caller caller = caller(server)) {
      assertDenied(caller, "ann:secret", "PrivilegeShowPartitions");
      assertRefused(caller, "ann:wrong");
    }
  }

  @Test
  void anotherProxyHearsOfEveryChange(@TempDir Path folder) {
    try (MemoryCluster cluster = new MemoryCluster(folder)) {
      String on = "common.security.authorizationEnabled=true";
      cluster.start(List.of(on), Role.ROOTCOORD, Role.QUERYCOORD, Role.DATACOORD);
      int first = port(cluster.start(List.of(on), Role.PROXY));
      int second = port(cluster.start(List.of(on), Role.PROXY));
      try (Caller here = new Caller(run, first);
          Caller there = new Caller(run, second)) {
        MilvusServiceBlockingStub root = here.as(ROOT);
        require(createUser(root, "ann", "secret"));
        assertDenied(there, "ann:secret", "PrivilegeShowPartitions");
        require(createRole(root, "reader"));
        require(give(root, "ann", "reader"));
        require(grant(root, "reader", "ShowPartitions", "films", OperatePrivilegeType.Grant));
        assertServed(there, "ann:secret");
        require(grant(root, "reader", "ShowPartitions", "films", OperatePrivilegeType.Revoke));
        awaitDenied(there, "ann:secret");
        require(updatePassword(root, "ann", "secret", "changed"));
        assertDenied(there, "ann:changed", "PrivilegeShowPartitions");
      }
    }
  }

  private static int port(MemoryCluster.Member member) {
    return member.process().publicPort().orElseThrow();
  }

  /// What was revoked elsewhere ends when the news is here.
  private void awaitDenied(Caller caller, String token) {
    long end = System.nanoTime() + 30_000_000_000L;
    while (System.nanoTime() < end) {
      try {
        showPartitions(caller, token);
      } catch (io.grpc.StatusRuntimeException e) {
        assertThat(e).hasMessageContaining("permission deny");
        return;
      }
      run.sleep(java.time.Duration.ofMillis(10));
    }
    throw new AssertionError("the revocation never counted");
  }

  private static Status createUser(MilvusServiceBlockingStub stub, String name, String password) {
    return stub.createCredential(
        CreateCredentialRequest.newBuilder()
            .setUsername(name)
            .setPassword(base64(password))
            .build());
  }

  private static Status updatePassword(
      MilvusServiceBlockingStub stub, String name, String former, String password) {
    return stub.updateCredential(
        UpdateCredentialRequest.newBuilder()
            .setUsername(name)
            .setOldPassword(base64(former))
            .setNewPassword(base64(password))
            .build());
  }

  private static Status createRole(MilvusServiceBlockingStub stub, String name) {
    return stub.createRole(
        CreateRoleRequest.newBuilder().setEntity(RoleEntity.newBuilder().setName(name)).build());
  }

  private static Status give(MilvusServiceBlockingStub stub, String user, String role) {
    return stub.operateUserRole(
        OperateUserRoleRequest.newBuilder().setUsername(user).setRoleName(role).build());
  }

  private static Status grant(
      MilvusServiceBlockingStub stub,
      String role,
      String privilege,
      String collection,
      OperatePrivilegeType type) {
    return stub.operatePrivilegeV2(
        OperatePrivilegeV2Request.newBuilder()
            .setRole(RoleEntity.newBuilder().setName(role))
            .setGrantor(grantor(privilege))
            .setDbName("default")
            .setCollectionName(collection)
            .setType(type)
            .build());
  }

  private static Status grantIn(
      MilvusServiceBlockingStub stub, String role, String database, String privilege) {
    return stub.operatePrivilegeV2(
        OperatePrivilegeV2Request.newBuilder()
            .setRole(RoleEntity.newBuilder().setName(role))
            .setGrantor(grantor(privilege))
            .setDbName(database)
            .setCollectionName("*")
            .build());
  }

  private static GrantorEntity grantor(String privilege) {
    return GrantorEntity.newBuilder()
        .setPrivilege(PrivilegeEntity.newBuilder().setName(privilege))
        .build();
  }

  private static SelectUserRequest selectUser(String name) {
    return SelectUserRequest.newBuilder()
        .setUser(UserEntity.newBuilder().setName(name))
        .setIncludeRoleInfo(true)
        .build();
  }

  private static SelectGrantRequest selectGrant(String role) {
    return SelectGrantRequest.newBuilder()
        .setEntity(GrantEntity.newBuilder().setRole(RoleEntity.newBuilder().setName(role)))
        .build();
  }

  private static CheckHealthResponse health(MilvusServiceBlockingStub stub) {
    return stub.checkHealth(CheckHealthRequest.getDefaultInstance());
  }

  private static void showPartitions(Caller caller, String token) {
    caller
        .as(token)
        .showPartitions(ShowPartitionsRequest.newBuilder().setCollectionName("films").build());
  }

  private static void assertServed(Caller caller, String token) {
    showPartitions(caller, token);
  }

  private static void assertDenied(Caller caller, String token, String privilege) {
    String user = token.split(":")[0];
    assertThatThrownBy(() -> showPartitions(caller, token))
        .hasMessage(
            "PERMISSION_DENIED: %s: permission deny to %s in the `default` database"
                .formatted(privilege, user));
  }

  private static void assertRefused(Caller caller, String token) {
    assertThatThrownBy(() -> showPartitions(caller, token))
        .hasMessage(
            "UNAUTHENTICATED: auth check failure, please check username and password are correct");
  }

  @SuppressWarnings("deprecation") // error_code: what SDKs read
  private static void assertFails(Status status, int code, ErrorCode legacy) {
    assertThat(status.getCode()).as(status.getReason()).isEqualTo(code);
    assertThat(status.getErrorCode()).as(status.getReason()).isEqualTo(legacy);
  }

  private static void require(Status status) {
    assertThat(status.getCode()).as(status.getReason()).isZero();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
