package io.elanus.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.proto.internal.AllocateIdsRequest;
import io.elanus.proto.internal.DataNodeGrpc;
import io.elanus.proto.internal.FlushShardsRequest;
import io.elanus.proto.internal.RootCoordGrpc;
import io.elanus.proto.milvus.ConnectRequest;
import io.elanus.proto.milvus.MilvusServiceGrpc;
import io.elanus.rpc.internal.DataNodeApi;
import io.elanus.rpc.internal.RootCoordApi;
import io.elanus.rpc.peer.Channels;
import io.elanus.rpc.peer.RpcClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// All roles in one process over one folder: `elanus standalone`.
class RoleProcessTest {
  private final Run run = new SystemRun();

  @TempDir Path data;

  @Test
  void internalCallsNeverArriveOnThePublicPort() {
    try (RoleProcess server = start();
        Channels channels = new Channels(run, Optional.empty())) {
      var channel = channels.to("127.0.0.1:" + server.publicPort().orElseThrow());
      RpcClient client = new RpcClient(run, Duration.ofSeconds(10));
      RootCoordApi root =
          client.of(RootCoordApi.class, RootCoordGrpc.getServiceDescriptor(), channel);
      DataNodeApi data = client.of(DataNodeApi.class, DataNodeGrpc.getServiceDescriptor(), channel);

      var connected =
          MilvusServiceGrpc.newBlockingStub(channel).connect(ConnectRequest.getDefaultInstance());
      assertThat(connected.getIdentifier()).isNotZero();
      assertRefused(() -> root.allocateIds(AllocateIdsRequest.getDefaultInstance()));
      assertRefused(() -> data.flushShards(FlushShardsRequest.getDefaultInstance()));
    }
  }

  @Test
  void aFolderBelongsToOneProcessAndAPortToOneServer() {
    try (RoleProcess server = start()) {
      assertThatThrownBy(this::start)
          .isInstanceOf(DbException.class)
          .hasMessageContaining(data.toString());
      int taken = server.publicPort().orElseThrow();

      assertThatThrownBy(() -> start(data.resolve("other"), "proxy.port=" + taken))
          .isInstanceOf(DbException.class)
          .hasMessageContaining("127.0.0.1:" + taken);
    }
  }

  @Test
  void readinessNamesEveryRole() throws Exception {
    try (RoleProcess server = start();
        HttpClient http = HttpClient.newHttpClient()) {
      assertThat(server.awaitReady(Deadline.after(run, Duration.ofSeconds(30)))).isTrue();

      URI readyz = URI.create("http://127.0.0.1:%d/readyz".formatted(server.managementPort()));
      HttpResponse<String> answer =
          http.send(HttpRequest.newBuilder(readyz).build(), HttpResponse.BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body())
          .contains("\"name\":\"rootcoord\",\"ready\":true", "role=active")
          .contains("\"name\":\"querycoord\"", "\"name\":\"datacoord\"", "\"name\":\"datanode\"")
          .contains("\"name\":\"querynode\"", "\"name\":\"indexnode\"", "\"name\":\"proxy\"");
    }
  }

  private RoleProcess start() {
    return start(data);
  }

  private static RoleProcess start(Path folder, String... settings) {
    String[] all = new String[settings.length + 1];
    System.arraycopy(settings, 0, all, 0, settings.length);
    all[settings.length] = "localStorage.path=" + folder;
    ProcessConfig config = Configs.process(all);
    return RoleProcess.start(
        config, Role.all(), context -> EmbeddedDisk.open(context.run(), config.folder()));
  }

  private static void assertRefused(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NODE_NOT_MATCH));
  }
}
