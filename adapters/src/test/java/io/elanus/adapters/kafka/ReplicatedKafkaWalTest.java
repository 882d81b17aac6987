package io.elanus.adapters.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.run.Deadline;
import io.elanus.common.run.Task;
import io.elanus.common.run.Together;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import io.elanus.common.wal.WalContract;
import io.elanus.servers.KafkaBroker;
import io.elanus.servers.KafkaOptions;
import io.elanus.servers.KafkaServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract on three brokers, where the end is the place of a barrier.
class ReplicatedKafkaWalTest extends WalContract {
  private static KafkaServer server;
  private static int topics;

  @SuppressWarnings("NullAway.Init") // before each test
  private KafkaWalConfig config;

  @BeforeAll
  static void startBrokers(@TempDir Path folder) {
    server = KafkaServer.start(folder, KafkaOptions.THREE_BROKERS);
  }

  @AfterAll
  static void stopBrokers() {
    server.close();
  }

  @Override
  protected Wal open() {
    KafkaTopic topic = new KafkaTopic("log-" + ++topics, LOGS, 3, 3 << 20);
    config = KafkaWalConfig.of(server.bootstrapServers(), topic).creatingTopic();
    return KafkaWal.open(run, config);
  }

  @Override
  protected Wal openAnother() {
    return KafkaWal.open(run, config);
  }

  /// A process that still believes in the broker that stood still asks for the end, again and again, while
  /// another process appends by way of its successor.
  @Test
  void theEndMissesNothingWhenALeaderStoodStill() throws Exception {
    LogId log = logWithoutTheController();
    KafkaBroker leader = server.broker(leader(log));
    Wal writer = openAnother();
    writer.append(log, bytes(0));
    wal.end(log);
    AtomicReference<Position> acknowledged = new AtomicReference<>(writer.append(log, bytes(1)));
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger asked = new AtomicInteger();

    leader.pause(true);
    Task asking = run.fork("ends", () -> askEnds(log, acknowledged, stop, asked));
    appendFor(writer, log, acknowledged, 50);
    leader.pause(false);
    appendFor(writer, log, acknowledged, 50);
    stop.set(true);

    Together.finish(run, asking);
    assertThat(asked).hasPositiveValue();
    assertThat(leader(log)).isNotEqualTo(leader.id());
    writer.close();
  }

  private void appendFor(Wal writer, LogId log, AtomicReference<Position> acknowledged, int count) {
    for (int i = 0; i < count; i++) {
      acknowledged.set(writer.append(log, bytes(i)));
    }
  }

  private void askEnds(
      LogId log, AtomicReference<Position> acknowledged, AtomicBoolean stop, AtomicInteger asked) {
    while (!stop.get()) {
      Position before = acknowledged.get();
      assertThat(wal.end(log).isAtOrAfter(before.next())).isTrue();
      asked.incrementAndGet();
    }
  }

  @Test
  void aKilledLeaderLosesNothingThatWasAcknowledged() throws Exception {
    LogId log = logWithoutTheController();
    KafkaBroker leader = server.broker(leader(log));
    Ledger ledger = new Ledger();
    AtomicBoolean stop = new AtomicBoolean();
    List<Task> writers =
        IntStream.range(0, 4)
            .mapToObj(writer -> run.fork("writer", () -> write(log, ledger, writer, stop)))
            .toList();
    awaitAcknowledged(ledger, 100);

    leader.kill();
    awaitAcknowledged(ledger, ledger.acknowledgedCount() + 200);
    stop.set(true);
    writers.forEach(writer -> Together.finish(run, writer));

    ledger.check(readAll(log));
    leader.restart();
  }

  private void write(LogId log, Ledger ledger, long writer, AtomicBoolean stop) {
    for (long number = 0; !stop.get(); number++) {
      ledger.append(wal, log, writer, number);
    }
  }

  private void awaitAcknowledged(Ledger ledger, long count) {
    Deadline limit = soon();
    while (ledger.acknowledgedCount() < count) {
      limit.check(run, "%d acknowledged appends".formatted(count));
      run.sleep(Duration.ofMillis(10));
    }
  }

  private List<byte[]> readAll(LogId log) {
    List<byte[]> all = new ArrayList<>();
    Position end = wal.end(log);
    try (Wal.WalReader reader = wal.tail(log, wal.start(log))) {
      while (reader.position().isBefore(end)) {
        reader.poll(soon()).forEach(record -> all.add(record.bytes()));
      }
    }
    return all;
  }

  /// So that one failure is one failure: the controllers stay as they are.
  private LogId logWithoutTheController() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()))) {
      int controller = admin.describeMetadataQuorum().quorumInfo().get().leaderId();
      return IntStream.range(0, LOGS)
          .mapToObj(LogId::new)
          .filter(log -> leader(log) != controller)
          .findFirst()
          .orElseThrow();
    }
  }

  private int leader(LogId log) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()))) {
      String name = config.topic().name();
      return Objects.requireNonNull(
              admin.describeTopics(Set.of(name)).allTopicNames().get().get(name))
          .partitions()
          .get(log.value())
          .leader()
          .id();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
