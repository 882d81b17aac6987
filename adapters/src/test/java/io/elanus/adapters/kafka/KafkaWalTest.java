package io.elanus.adapters.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Task;
import io.elanus.common.run.Together;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import io.elanus.common.wal.WalContract;
import io.elanus.servers.KafkaOptions;
import io.elanus.servers.KafkaServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TopicExistsException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract on one broker, which is asked for the end.
class KafkaWalTest extends WalContract {
  private static KafkaServer server;
  private static int topics;

  @SuppressWarnings("NullAway.Init") // before each test
  private KafkaWalConfig config;

  @BeforeAll
  static void startBroker(@TempDir Path folder) {
    server = KafkaServer.start(folder, KafkaOptions.ONE_BROKER);
  }

  @AfterAll
  static void stopBroker() {
    server.close();
  }

  @Override
  protected Wal open() {
    KafkaTopic topic = new KafkaTopic("log-" + ++topics, LOGS, 1, 3 << 20);
    config = KafkaWalConfig.of(server.bootstrapServers(), topic).creatingTopic();
    return KafkaWal.open(run, config);
  }

  @Override
  protected Wal openAnother() {
    return KafkaWal.open(run, config);
  }

  /// Each process that opens the logs leaves a barrier in the first.
  @Test
  void whoBeginsBeforeNothingButBarriersGetsToTheEnd() {
    LogId first = new LogId(0);
    Position start = wal.end(first);
    KafkaWal.open(run, config).close();
    CompletableFuture<Position> reached = new CompletableFuture<>();
    Task reading =
        run.fork(
            "reader",
            () -> {
              try (Wal.WalReader reader = wal.tail(first, start)) {
                assertThat(reader.poll(Deadline.NEVER)).isEmpty();
                reached.complete(reader.position());
              }
            });

    assertThat(wal.end(first)).isNotEqualTo(start);
    assertThat(reached).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(wal.end(first));
    reading.join(soon());
  }

  /// The broker is away for longer than an append has time: some outcomes are unknown, none is told wrong,
  /// and nobody has to open anything anew.
  @Test
  void aKilledBrokerLosesNothingThatWasAcknowledged() {
    KafkaWal impatient = KafkaWal.open(run, config.withDeliveryTimeout(Duration.ofSeconds(2)));
    Ledger ledger = new Ledger();
    AtomicBoolean stop = new AtomicBoolean();
    Queue<byte[]> seen = new ConcurrentLinkedQueue<>();
    Task follower = run.fork("follower", () -> follow(impatient, seen));
    List<Task> writers =
        IntStream.range(0, 4)
            .mapToObj(writer -> run.fork("writer", () -> write(impatient, ledger, writer, stop)))
            .toList();
    awaitAcknowledged(ledger, 200);

    server.broker(1).kill();
    run.sleep(Duration.ofSeconds(3));
    long before = ledger.acknowledgedCount();
    server.broker(1).restart();
    awaitAcknowledged(ledger, before + 200);
    stop.set(true);
    writers.forEach(writer -> Together.finish(run, writer));

    assertThat(ledger.unknownCount()).isPositive();
    List<byte[]> all = readAll();
    ledger.check(all);
    awaitCount(seen, all.size());
    assertThat(seen).containsExactlyElementsOf(all);
    follower.cancel();
    follower.join(soon());
    impatient.close();
  }

  private void write(Wal impatient, Ledger ledger, long writer, AtomicBoolean stop) {
    for (long number = 0; !stop.get(); number++) {
      ledger.append(impatient, LOG, writer, number);
    }
  }

  private void follow(Wal source, Queue<byte[]> seen) {
    try (Wal.WalReader reader = source.tail(LOG, source.start(LOG))) {
      while (true) {
        reader.poll(Deadline.NEVER).forEach(record -> seen.add(record.bytes()));
      }
    }
  }

  private List<byte[]> readAll() {
    List<byte[]> all = new ArrayList<>();
    Position end = wal.end(LOG);
    try (Wal.WalReader reader = wal.tail(LOG, wal.start(LOG))) {
      while (reader.position().isBefore(end)) {
        reader.poll(soon()).forEach(record -> all.add(record.bytes()));
      }
    }
    return all;
  }

  private void awaitAcknowledged(Ledger ledger, long count) {
    Deadline limit = soon();
    while (ledger.acknowledgedCount() < count) {
      limit.check(run, "%d acknowledged appends".formatted(count));
      run.sleep(Duration.ofMillis(10));
    }
  }

  private void awaitCount(Queue<byte[]> seen, int count) {
    Deadline limit = soon();
    while (seen.size() < count) {
      limit.check(run, "%d records".formatted(count));
      run.sleep(Duration.ofMillis(10));
    }
  }

  @Test
  void aTopicMadeAnewIsAnotherLog() throws Exception {
    appendAll(10);
    Position old = wal.end(LOG);
    KafkaWal onlyReading = (KafkaWal) openAnother();
    Uuid before;
    Uuid after;
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()))) {
      before = topicId(admin);
      admin.deleteTopics(Set.of(config.topic().name())).all().get();
      after = makeAnew(admin);
    }

    assertFails(ErrorCode.CORRUPT, () -> wal.append(LOG, bytes(1)));
    assertFails(ErrorCode.CORRUPT, () -> wal.append(LOG, bytes(1)));
    assertFails(ErrorCode.CORRUPT, () -> wal.end(LOG));
    assertFails(ErrorCode.CORRUPT, () -> wal.tail(LOG, old));

    TopicWatch.look(after, config.topic().name(), before, onlyReading.logs());
    assertFails(ErrorCode.CORRUPT, () -> onlyReading.start(LOG));
    onlyReading.close();

    try (Wal anew = openAnother()) {
      assertFails(ErrorCode.CORRUPT, () -> anew.tail(LOG, old));
      anew.append(LOG, bytes(1));
    }
  }

  private Uuid topicId(Admin admin) throws Exception {
    String name = config.topic().name();
    return Objects.requireNonNull(
            admin.describeTopics(Set.of(name)).allTopicNames().get().get(name))
        .topicId();
  }

  private Uuid makeAnew(Admin admin) throws Exception {
    KafkaTopic topic = config.topic();
    NewTopic wanted =
        new NewTopic(topic.name(), LOGS, (short) 1).configs(TopicRules.settings(topic));
    for (Deadline limit = soon(); ; limit.check(run, "the old topic to be gone")) {
      try {
        return admin.createTopics(Set.of(wanted)).topicId(topic.name()).get();
      } catch (ExecutionException e) {
        assertThat(e).hasCauseInstanceOf(TopicExistsException.class);
        run.sleep(Duration.ofMillis(50));
      }
    }
  }

  @Test
  void anIdleLogGrowsByNothing() {
    wal.append(LOG, bytes(1));
    KafkaLog log = ((KafkaWal) wal).logs().get(LOG.value());
    try (Wal.WalReader reader = wal.tail(LOG, wal.end(LOG))) {
      long before = log.plainEnd(Duration.ofSeconds(5));

      assertThat(reader.poll(Deadline.after(run, Duration.ofSeconds(2)))).isEmpty();

      assertThat(log.plainEnd(Duration.ofSeconds(5))).isEqualTo(before);
    }
  }
}
