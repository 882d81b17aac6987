package io.elanus.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// `elanus status` of a server that runs.
class StatusTest {
  @TempDir Path data;

  private final Run run = new SystemRun();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private RoleProcess start(boolean authorization) {
    ProcessConfig config =
        Configs.process(
            "localStorage.path=" + data, "common.security.authorizationEnabled=" + authorization);
    return RoleProcess.start(config, Role.all(), ConfiguredBackends.of(config));
  }

  private int status(RoleProcess server, String... more) {
    return status(server.publicPort().orElseThrow(), more);
  }

  private int status(int port, String... more) {
    CommandLine line = Elanus.commandLine("status");
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    String[] args = new String[3 + more.length];
    args[0] = "status";
    args[1] = "--uri";
    args[2] = "http://127.0.0.1:" + port;
    System.arraycopy(more, 0, args, 3, more.length);
    return line.execute(args);
  }

  @Test
  void nodesCollectionsAndWorkAreShown() {
    try (RoleProcess server = start(false);
        Birds birds = new Birds(run, server.publicPort().orElseThrow(), "birds")) {
      birds.create();
      birds.insert(0, 1_200);
      birds.flush();

      assertThat(status(server)).isZero();
      assertThat(out.toString())
          .contains(": healthy")
          .containsPattern("querynode +\\d+ +here")
          .containsPattern("proxy +\\d+ +here")
          .containsPattern("default\\.birds +1,200 +2 +1,200 +0 +100 %")
          .containsPattern("index build +0 +0 +\\d+ +0")
          .containsPattern("compaction +\\d+ +\\d+ +\\d+ +0");
    }
  }

  @Test
  void whoMayNotKnowIsTold() {
    try (RoleProcess server = start(true)) {
      assertThat(status(server)).isEqualTo(1);
      assertThat(err.toString()).contains("UNAUTHENTICATED");
      assertThat(status(server, "--token", "root:Milvus")).isZero();
      assertThat(out.toString()).contains("user root has the default password");
    }
  }

  @Test
  void nobodyThereIsSaid() {
    assertThat(status(1)).isEqualTo(1);
    assertThat(err.toString()).startsWith("no answer from 127.0.0.1:1");
  }
}
