package io.elanus.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.common.security.Privileges;
import io.elanus.proto.milvus.ClientTelemetryServiceGrpc;
import io.elanus.proto.milvus.CommonProto;
import io.elanus.proto.milvus.CreateCredentialRequest;
import io.elanus.proto.milvus.CreateRoleRequest;
import io.elanus.proto.milvus.GrantEntity;
import io.elanus.proto.milvus.GrantorEntity;
import io.elanus.proto.milvus.MilvusServiceGrpc;
import io.elanus.proto.milvus.ObjectEntity;
import io.elanus.proto.milvus.OperatePrivilegeRequest;
import io.elanus.proto.milvus.OperatePrivilegeType;
import io.elanus.proto.milvus.OperatePrivilegeV2Request;
import io.elanus.proto.milvus.OperateUserRoleRequest;
import io.elanus.proto.milvus.PrivilegeEntity;
import io.elanus.proto.milvus.PrivilegeExt;
import io.elanus.proto.milvus.ProxyServiceGrpc;
import io.elanus.proto.milvus.RoleEntity;
import io.elanus.proto.milvus.Status;
import io.elanus.proto.tokenizer.TokenizerGrpc;
import io.elanus.rpc.binding.RpcMethod;
import io.grpc.ServiceDescriptor;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every RPC of the public port, by everybody: who may call what. Generated from the services: an RPC that is new
/// is walked too, and one that asks for no privilege fails here until somebody has said that this is meant.
class AuthorizationMatrixTest {
  private static final List<ServiceDescriptor> SERVICES =
      List.of(
          MilvusServiceGrpc.getServiceDescriptor(),
          ClientTelemetryServiceGrpc.getServiceDescriptor(),
          ProxyServiceGrpc.getServiceDescriptor(),
          TokenizerGrpc.getServiceDescriptor());

  /// Who has logged in may call these, as in Milvus. Those that list show what the caller has something to do with.
  private static final Set<String> FOR_EVERY_USER =
      Set.of(
          "AllocTimestamp",
          "CalcDistance",
          "CheckHealth",
          "ClientHeartbeat",
          "ComputePhraseMatchSlop",
          "Connect",
          "CreateReplicateStream",
          "DeleteClientCommand",
          "DescribeSegmentIndexData",
          "DumpMessages",
          "Dummy",
          "GetClientTelemetry",
          "GetCompactionState",
          "GetCompactionStateWithPlans",
          "GetComponentStates",
          "GetFlushAllState",
          "GetImportState",
          "GetMetrics",
          "GetPartitionStatistics",
          "GetPersistentSegmentInfo",
          "GetQuerySegmentInfo",
          "GetRefreshExternalCollectionProgress",
          "GetReplicas",
          "GetReplicateInfo",
          "GetRestoreSnapshotState",
          "GetVersion",
          "HasCollection",
          "ListDatabases",
          "ListImportTasks",
          "ListIndexedSegment",
          "ListRefreshExternalCollectionJobs",
          "PushClientCommand",
          "RegisterLink",
          "ReplicateMessage",
          "RunAnalyzer",
          "ShowCollections",
          "Tokenize");

  private static final String ROOT = "root:Milvus";

  /// What a caller gets to hear.
  private enum Verdict {
    UNAUTHENTICATED,
    DENIED,
    SERVED
  }

  @TempDir Path data;

  private final Run run = new SystemRun();
  private final List<String> wrong = new ArrayList<>();

  @Test
  void everyCallIsClassified() {
    TreeSet<String> open = new TreeSet<>();
    methods()
        .filter(method -> privilege(method).isEmpty())
        .forEach(method -> open.add(method.name()));

    assertThat(open).isEqualTo(new TreeSet<>(FOR_EVERY_USER));
  }

  @Test
  void everyPrivilegeThatIsAskedForCanBeGranted() {
    methods()
        .flatMap(method -> privilege(method).stream())
        .map(required -> Privileges.nameOf(required.getObjectPrivilege().name()))
        .forEach(name -> assertThat(Privileges.names()).contains(name));
  }

  @Test
  void everyCallByEverybody() {
    ProcessConfig config =
        Configs.process(
            "localStorage.path=" + data,
            "common.security.authorizationEnabled=true",
            "proxy.maxRoleNum=16");
    try (RoleProcess server =
            RoleProcess.start(
                config, Role.all(), context -> EmbeddedDisk.open(context.run(), config.folder()));
        Caller caller = new Caller(run, server.publicPort().orElseThrow())) {
      setUp(caller);
      methods().filter(RpcMethod::isUnary).forEach(method -> walk(caller, method));
    }

    assertThat(wrong).isEmpty();
  }

  /// `nobody` has no role, `stranger` and `able` get one that each call's walk fills, `admin` is an administrator.
  /// What everybody has by `public` is taken away.
  private static void setUp(Caller caller) {
    var root = caller.as(ROOT);
    for (String user : List.of("nobody", "stranger", "able", "chief")) {
      require(
          root.createCredential(
              CreateCredentialRequest.newBuilder()
                  .setUsername(user)
                  .setPassword(
                      Base64.getEncoder()
                          .encodeToString(
                              "secret".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                  .build()));
    }
    for (String role : List.of("elsewhere", "right")) {
      require(
          root.createRole(
              CreateRoleRequest.newBuilder()
                  .setEntity(RoleEntity.newBuilder().setName(role))
                  .build()));
    }
    give(caller, "stranger", "elsewhere");
    give(caller, "able", "right");
    give(caller, "chief", "admin");
    change(caller, "public", "DescribeCollection", "*", "*", OperatePrivilegeType.Revoke);
    change(caller, "public", "ListAliases", "*", "*", OperatePrivilegeType.Revoke);
    change(caller, "public", "IndexDetail", "*", "*", OperatePrivilegeType.Revoke);
  }

  private static void give(Caller caller, String user, String role) {
    require(
        caller
            .as(ROOT)
            .operateUserRole(
                OperateUserRoleRequest.newBuilder().setUsername(user).setRoleName(role).build()));
  }

  private void walk(Caller caller, RpcMethod method) {
    Optional<PrivilegeExt> required = privilege(method);
    Message request = required.map(r -> naming(method, r, "films")).orElse(method.request());
    expect(Verdict.UNAUTHENTICATED, caller, method, request, "");
    expect(Verdict.UNAUTHENTICATED, caller, method, request, "chief:guess");
    expect(Verdict.UNAUTHENTICATED, caller, method, request, "ghost:secret");
    expect(Verdict.SERVED, caller, method, request, "chief:secret");
    expect(Verdict.SERVED, caller, method, request, ROOT);
    Verdict without = required.isPresent() ? Verdict.DENIED : Verdict.SERVED;
    expect(without, caller, method, request, "nobody:secret");
    required.ifPresent(r -> {
      grant(caller, r, OperatePrivilegeType.Grant);
      expect(Verdict.DENIED, caller, method, request, "stranger:secret");
      expect(Verdict.SERVED, caller, method, request, "able:secret");
      grant(caller, r, OperatePrivilegeType.Revoke);
      expect(Verdict.DENIED, caller, method, request, "able:secret");
    });
  }

  /// Elsewhere: on another collection, and in another database. Right: where the call is about.
  private static void grant(Caller caller, PrivilegeExt required, OperatePrivilegeType type) {
    String privilege = Privileges.nameOf(required.getObjectPrivilege().name());
    boolean named = required.getObjectNameIndex() > 0 || required.getObjectNameIndexs() > 0;
    if (required.getObjectType().name().equals("User")) {
      user(caller, "elsewhere", privilege, named ? "books" : "ann", type);
      user(caller, "right", privilege, named ? "films" : "*", type);
      return;
    }
    if (named) {
      change(caller, "elsewhere", privilege, "default", "books", type);
    }
    change(caller, "elsewhere", privilege, "zoo", "*", type);
    change(caller, "right", privilege, "default", named ? "films" : "*", type);
  }

  private static void change(
      Caller caller,
      String role,
      String privilege,
      String database,
      String object,
      OperatePrivilegeType type) {
    require(
        caller
            .as(ROOT)
            .operatePrivilegeV2(
                OperatePrivilegeV2Request.newBuilder()
                    .setRole(RoleEntity.newBuilder().setName(role))
                    .setGrantor(grantor(privilege))
                    .setDbName(database)
                    .setCollectionName(object)
                    .setType(type)
                    .build()));
  }

  private static void user(
      Caller caller, String role, String privilege, String user, OperatePrivilegeType type) {
    require(
        caller
            .as(ROOT)
            .operatePrivilege(
                OperatePrivilegeRequest.newBuilder()
                    .setEntity(
                        GrantEntity.newBuilder()
                            .setRole(RoleEntity.newBuilder().setName(role))
                            .setObject(ObjectEntity.newBuilder().setName("User"))
                            .setObjectName(user)
                            .setGrantor(grantor(privilege)))
                    .setType(type)
                    .build()));
  }

  private static GrantorEntity grantor(String privilege) {
    return GrantorEntity.newBuilder()
        .setPrivilege(PrivilegeEntity.newBuilder().setName(privilege))
        .build();
  }

  private void expect(
      Verdict expected, Caller caller, RpcMethod method, Message request, String token) {
    Verdict actual = verdict(caller, method, request, token);
    if (actual != expected) {
      wrong.add("%s by '%s': %s, not %s".formatted(method.name(), token, actual, expected));
    }
  }

  /// Whatever comes of a call that was let through.
  private static Verdict verdict(Caller caller, RpcMethod method, Message request, String token) {
    try {
      caller.call(method, request, token);
      return Verdict.SERVED;
    } catch (StatusRuntimeException e) {
      return switch (e.getStatus().getCode()) {
        case UNAUTHENTICATED -> Verdict.UNAUTHENTICATED;
        case PERMISSION_DENIED -> Verdict.DENIED;
        default -> Verdict.SERVED;
      };
    }
  }

  private static Stream<RpcMethod> methods() {
    return SERVICES.stream().flatMap(service -> RpcMethod.of(service).stream());
  }

  private static Optional<PrivilegeExt> privilege(RpcMethod method) {
    var options = method.request().getDescriptorForType().getOptions();
    return options.hasExtension(CommonProto.privilegeExtObj)
        ? Optional.of(options.getExtension(CommonProto.privilegeExtObj))
        : Optional.empty();
  }

  /// A request about `object`, where it names one.
  private static Message naming(RpcMethod method, PrivilegeExt required, String object) {
    Message.Builder request = method.request().toBuilder();
    int one = required.getObjectNameIndex();
    int many = required.getObjectNameIndexs();
    if (many > 0) {
      request.addRepeatedField(field(method, many), object);
    } else if (one > 0) {
      FieldDescriptor field = field(method, one);
      if (field.isRepeated()) {
        request.addRepeatedField(field, object);
      } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        Message.Builder entity = request.newBuilderForField(field);
        entity.setField(entity.getDescriptorForType().findFieldByNumber(1), object);
        request.setField(field, entity.build());
      } else {
        request.setField(field, object);
      }
    }
    return request.build();
  }

  private static FieldDescriptor field(RpcMethod method, int number) {
    return method.request().getDescriptorForType().findFieldByNumber(number);
  }

  private static void require(Status status) {
    assertThat(status.getCode()).as(status.getReason()).isZero();
  }
}
