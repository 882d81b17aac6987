package io.elanus.adapters.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaStore.Change.Put;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Wal.WalReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBackendsTest {
  private static final LogId LOG = new LogId(2);
  private static final ObjectKey KEY = new ObjectKey("a/b");

  private final Run run = new SystemRun();

  @TempDir Path folder;

  @Test
  void whatIsWrittenIsThereWhenOpenedAnew() {
    Path data = folder.resolve("deep/data");
    try (EmbeddedBackends backends = EmbeddedBackends.open(run, data)) {
      backends.wal().append(LOG, new byte[] {1});
      backends.objects().create(KEY, new byte[] {2});
      backends.meta().commit("r", List.of(), List.of(new Put("k", new byte[] {3})));
    }

    try (EmbeddedBackends backends = EmbeddedBackends.open(run, data);
        WalReader reader = backends.wal().tail(LOG, backends.wal().start(LOG))) {
      assertThat(reader.poll(Deadline.NEVER).getFirst().bytes()).containsExactly(1);
      assertThat(backends.objects().read(KEY)).containsExactly(2);
      assertThat(backends.meta().get("k").orElseThrow().value()).containsExactly(3);
    }
  }

  @Test
  void aDirectoryInUseIsRefusedWithItsHolder() {
    try (EmbeddedBackends first = EmbeddedBackends.open(run, folder)) {
      var error =
          LogFixture.assertFails(
              ErrorCode.SERVICE_UNAVAILABLE, () -> EmbeddedBackends.open(run, folder));

      assertThat(error.text())
          .contains(folder.toString())
          .contains("in use by process " + ProcessHandle.current().pid());
      assertThat(first.meta().get("k")).isEmpty();
    }
  }

  @Test
  void aDirectoryInUseByAnotherProcessIsRefused() throws Exception {
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(holder.getInputStream().read()).isEqualTo('!');

      var error =
          LogFixture.assertFails(
              ErrorCode.SERVICE_UNAVAILABLE, () -> EmbeddedBackends.open(run, folder));
      assertThat(error.text()).contains("in use by process " + holder.pid());
    } finally {
      holder.destroyForcibly().waitFor();
    }
    EmbeddedBackends.open(run, folder).close();
  }

  /// Opens a data directory and keeps it.
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws IOException {
      EmbeddedBackends backends = EmbeddedBackends.open(new SystemRun(), Path.of(args[0]));
      System.out.write('!');
      System.out.flush();
      backends.wal().tail(LOG, backends.wal().end(LOG)).poll(Deadline.NEVER);
    }
  }

  @Test
  void whatFailsToOpenLeavesNothingOpen() throws IOException {
    EmbeddedBackends.open(run, folder).close();
    Path log = folder.resolve("log/1/00000000000000000000.wal");
    byte[] good = Files.readAllBytes(log);
    Files.write(log, new byte[] {1, 2, 3});

    LogFixture.assertFails(ErrorCode.CORRUPT, () -> EmbeddedBackends.open(run, folder));

    Files.write(log, good);
    EmbeddedBackends.open(run, folder).close();
  }

  @Test
  void theNumberOfLogsIsFixed() {
    EmbeddedBackends.open(run, folder, new EmbeddedWalConfig(3, 1 << 20, 1 << 20)).close();

    var error =
        LogFixture.assertFails(
            ErrorCode.INVALID_PARAMETER, () -> EmbeddedBackends.open(run, folder));

    assertThat(error.text()).contains("has 3 logs, configured are 4");
  }
}
