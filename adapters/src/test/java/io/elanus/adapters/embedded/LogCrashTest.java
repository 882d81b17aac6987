package io.elanus.adapters.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.run.Deadline;
import io.elanus.common.run.Task;
import io.elanus.common.run.Together;
import io.elanus.common.wal.Wal;
import io.elanus.common.wal.Wal.WalReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is acknowledged survives the loss of everything that was not synced, and the kill of the process.
class LogCrashTest {
  private static final EmbeddedWalConfig CONFIG = new EmbeddedWalConfig(1, 1 << 20, 64 << 20);

  @TempDir Path folder;

  /// A power loss at many instants: of the last file, an arbitrary part of what was not synced is gone.
  @Test
  void anAcknowledgedRecordSurvivesAPowerLoss() throws IOException {
    Random random = new Random(11);
    AtomicLong synced = new AtomicLong();
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    AtomicBoolean stop = new AtomicBoolean();
    LogFixture original = LogFixture.unsealed(folder.resolve("original"), List.of());
    EmbeddedLog log = original.open(remembering(synced));
    Task appenders = LogFixture.RUN.fork("appenders", () -> appendUntil(stop, log, acknowledged));

    for (int crash = 0; crash < 40; crash++) {
      LogFixture.RUN.sleep(Duration.ofMillis(random.nextInt(10)));
      Set<String> safe = new HashSet<>(acknowledged);
      long safeBytes = synced.get();
      byte[] written = original.bytes();
      long left = safeBytes + random.nextLong(Math.max(1, written.length - safeBytes + 1));
      LogFixture copy = LogFixture.unsealed(folder.resolve("crash-" + crash), List.of());

      copy.with(Arrays.copyOf(written, (int) Math.min(written.length, left)));

      assertThat(copy.readAll()).doesNotHaveDuplicates().containsAll(safe);
    }
    stop.set(true);
    Together.finish(LogFixture.RUN, appenders);
    log.close();
    assertThat(acknowledged).hasSizeGreaterThan(100);
  }

  private static Disk remembering(AtomicLong synced) {
    return new Disk() {
      @Override
      public void write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
        Disk.SYSTEM.write(file, bytes, position);
      }

      @Override
      public void sync(FileChannel file) throws IOException {
        Disk.SYSTEM.sync(file);
        synced.set(file.size());
      }
    };
  }

  private static void appendUntil(AtomicBoolean stop, EmbeddedLog log, Set<String> acknowledged) {
    Together.run(
        LogFixture.RUN,
        8,
        writer -> {
          for (int i = 0; !stop.get(); i++) {
            String record = writer + "-" + i + "-" + "x".repeat(i % 900);
            log.append(record.getBytes());
            acknowledged.add(record);
          }
          return writer;
        });
  }

  @Test
  void anAcknowledgedRecordSurvivesTheKillOfTheProcess() throws Exception {
    for (int round = 0; round < 3; round++) {
      Path data = folder.resolve("log-" + round);
      List<String> acknowledged = runAndKill(data, 300 + 500 * round);

      List<String> read = readAll(data);

      assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(300);
      assertThat(read).doesNotHaveDuplicates().containsAll(acknowledged);
    }
  }

  /// @return what the child said it had appended
  private List<String> runAndKill(Path data, int afterRecords) throws Exception {
    Path said = folder.resolve("said");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                data.toString())
            .redirectOutput(said.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    while (child.isAlive() && lines(said).size() < afterRecords) {
      LogFixture.RUN.sleep(Duration.ofMillis(5));
    }
    child.destroyForcibly().waitFor();
    return lines(said);
  }

  /// All whole lines.
  private static List<String> lines(Path file) throws IOException {
    String text = Files.readString(file);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  private static List<String> readAll(Path data) {
    List<String> found = new ArrayList<>();
    try (Wal wal = EmbeddedWal.open(LogFixture.RUN, data, CONFIG);
        WalReader reader = wal.tail(LogFixture.LOG, wal.start(LogFixture.LOG))) {
      while (reader.position().isBefore(wal.end(LogFixture.LOG))) {
        reader
            .poll(Deadline.NEVER)
            .forEach(record -> found.add(new String(record.bytes(), StandardCharsets.UTF_8)));
      }
    }
    return found;
  }

  /// Appends until it is killed, and prints each record once it is acknowledged.
  static final class Victim {
    private Victim() {}

    public static void main(String[] args) throws IOException {
      Files.createDirectories(Path.of(args[0]).getParent());
      Wal wal = EmbeddedWal.open(LogFixture.RUN, Path.of(args[0]), CONFIG);
      Together.run(
          LogFixture.RUN,
          8,
          writer -> {
            for (int i = 0; i < 1_000_000; i++) {
              String record = writer + "-" + i;
              wal.append(LogFixture.LOG, record.getBytes(StandardCharsets.UTF_8));
              System.out.println(record);
            }
            return writer;
          });
    }
  }
}
