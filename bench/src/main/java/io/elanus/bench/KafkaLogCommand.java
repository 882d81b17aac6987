package io.elanus.bench;

import io.elanus.adapters.kafka.KafkaTopic;
import io.elanus.adapters.kafka.KafkaWal;
import io.elanus.adapters.kafka.KafkaWalConfig;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.common.run.Task;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal.WalReader;
import io.elanus.common.wal.Wal.WalRecord;
import io.elanus.servers.KafkaOptions;
import io.elanus.servers.KafkaServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `bench/run kafka-log`: what the log on Kafka costs.
@Command(
    name = "kafka-log",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Starts Kafka brokers on this machine and measures the log on them: appends, asking for the end,",
      "append to read, replay, and what an idle log grows by. Records are random floats."
    })
final class KafkaLogCommand implements Callable<Integer> {
  private static final int LOGS = 16;
  private static final LogId LOG = new LogId(0);

  @Option(names = "--brokers", description = "1 (one copy) or 3 (three copies, two in sync).")
  private int brokers = 1;

  @Option(names = "--seconds", description = "Of each measurement of appends.")
  private int seconds = 5;

  @Option(names = "--replay-mib", description = "How much is appended and read again.")
  private int replayMib = 512;

  @Option(names = "--client", description = "Settings of Kafka's clients: NAME=VALUE.")
  private Map<String, String> client = Map.of();

  private final Run run = new SystemRun();

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("elanus-kafka-log");
    KafkaOptions options = brokers == 1 ? KafkaOptions.ONE_BROKER : KafkaOptions.THREE_BROKERS;
    try (KafkaServer server = KafkaServer.start(folder.resolve("kafka"), options);
        KafkaWal wal = KafkaWal.open(run, config(server))) {
      System.out.printf(
          "brokers %d, clients %s, load %s%n",
          brokers, client, Files.readString(Path.of("/proc/loadavg")).strip());
      appendFor(wal, 16, record(4096, 0), Duration.ofSeconds(seconds)); // warms both sides up
      for (int bytes : new int[] {1024, 4096}) {
        for (int writers : new int[] {1, 64}) {
          measureAppends(wal, writers, bytes);
        }
      }
      measureEnds(wal, folder);
      measureTail(wal);
      measureReplay(wal, new LogId(1), 64 << 10, replayMib, 1);
      measureReplay(wal, new LogId(2), 1 << 10, Math.min(replayMib, 64), 32);
      measureIdle(wal, folder);
    } finally {
      delete(folder);
    }
    return 0;
  }

  private KafkaWalConfig config(KafkaServer server) {
    KafkaTopic topic = new KafkaTopic("bench", LOGS, brokers == 1 ? 1 : 3, 16 << 20);
    KafkaWalConfig plain = KafkaWalConfig.of(server.bootstrapServers(), topic);
    return new KafkaWalConfig(
        plain.bootstrapServers(),
        plain.security(),
        topic,
        true,
        plain.development(),
        plain.deliveryTimeout(),
        client);
  }

  private void measureAppends(KafkaWal wal, int writers, int bytes) {
    long start = System.nanoTime();
    long[] nanos = appendFor(wal, writers, record(bytes, 0), Duration.ofSeconds(seconds));
    double took = (System.nanoTime() - start) / 1e9;
    print("append %d B, %d writers, %,.0f/s".formatted(bytes, writers, nanos.length / took), nanos);
  }

  /// @return how long each append took, in order of duration
  private long[] appendFor(KafkaWal wal, int writers, byte[] record, Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    List<List<Long>> all = new ArrayList<>();
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      List<Long> mine = new ArrayList<>();
      LogId log = new LogId(i % LOGS);
      all.add(mine);
      tasks.add(
          run.fork(
              "writer",
              () -> {
                while (System.nanoTime() < end) {
                  long start = System.nanoTime();
                  wal.append(log, record);
                  mine.add(System.nanoTime() - start);
                }
              }));
    }
    tasks.forEach(task -> task.join(Deadline.NEVER));
    return all.stream().flatMap(List::stream).mapToLong(Long::longValue).sorted().toArray();
  }

  /// One after the other, as one node asks for one log.
  private void measureEnds(KafkaWal wal, Path folder) {
    long[] nanos = new long[2000];
    long before = logBytes(folder);
    for (int i = 0; i < nanos.length; i++) {
      long start = System.nanoTime();
      wal.end(LOG);
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    print("end()", nanos);
    System.out.printf(
        "bytes written per end(), all copies: %.1f%n",
        (logBytes(folder) - before) / (double) nanos.length);
  }

  private void measureTail(KafkaWal wal) {
    int count = 2000;
    long[] nanos = new long[count];
    Position from = wal.end(LOG);
    try (WalReader reader = wal.tail(LOG, from)) {
      for (int i = 0; i < count; i++) {
        Task append = run.fork("append", () -> wal.append(LOG, record(4096, System.nanoTime())));
        List<WalRecord> read = List.of();
        while (read.isEmpty()) {
          read = reader.poll(Deadline.NEVER);
        }
        nanos[i] = System.nanoTime() - ByteBuffer.wrap(read.getFirst().bytes()).getLong();
        append.join(Deadline.NEVER);
      }
    }
    Arrays.sort(nanos);
    print("append to read, 4096 B", nanos);
  }

  /// A log is read from its beginning by several readers at a time, each reading all of it.
  private void measureReplay(KafkaWal wal, LogId log, int recordBytes, int mib, int readers) {
    Position from = wal.end(log);
    byte[] record = record(recordBytes, 0);
    long count = ((long) mib << 20) / recordBytes / 64;
    together(
        64,
        () -> {
          for (long n = 0; n < count; n++) {
            wal.append(log, record);
          }
        });
    Position end = wal.end(log);
    for (int round = 0; round < 3; round++) {
      long start = System.nanoTime();
      together(readers, () -> replay(wal, log, from, end));
      double took = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          "replay %d MiB in records of %,d B by %d readers: %,.0f MiB/s in all%n",
          mib, recordBytes, readers, mib * readers / took);
    }
  }

  private static void replay(KafkaWal wal, LogId log, Position from, Position end) {
    try (WalReader reader = wal.tail(log, from)) {
      while (reader.position().isBefore(end)) {
        reader.poll(Deadline.NEVER);
      }
    }
  }

  private void together(int threads, Runnable action) {
    List<Task> tasks =
        IntStream.range(0, threads).mapToObj(i -> run.fork("thread-" + i, action)).toList();
    tasks.forEach(task -> task.join(Deadline.NEVER));
  }

  /// All logs are followed, and nobody asks for anything.
  private void measureIdle(KafkaWal wal, Path folder) {
    List<WalReader> readers = new ArrayList<>();
    for (int i = 0; i < LOGS; i++) {
      LogId log = new LogId(i);
      readers.add(wal.tail(log, wal.end(log)));
    }
    run.sleep(Duration.ofSeconds(2));
    long before = logBytes(folder);
    run.sleep(Duration.ofSeconds(20));
    System.out.printf("idle for 20 s: logs grew by %d bytes%n", logBytes(folder) - before);
    readers.forEach(WalReader::close);
  }

  /// Of the topic's segments on all brokers.
  private static long logBytes(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().contains("/bench-") && file.toString().endsWith(".log"))
          .mapToLong(file -> file.toFile().length())
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Random floats between 0 and 1, after 8 bytes of `stamp`.
  private byte[] record(int bytes, long stamp) {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).putLong(stamp);
    RandomGenerator random = run.random();
    while (buffer.remaining() >= Float.BYTES) {
      buffer.putFloat(random.nextFloat());
    }
    return buffer.array();
  }

  private static void print(String what, long[] nanos) {
    System.out.printf(
        "%-45s p50 %.3f ms  p99 %.3f ms  max %.1f ms%n",
        what,
        nanos[nanos.length / 2] / 1e6,
        nanos[nanos.length * 99 / 100] / 1e6,
        nanos[nanos.length - 1] / 1e6);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }
}
