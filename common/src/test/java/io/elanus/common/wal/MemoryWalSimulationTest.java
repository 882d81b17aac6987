package io.elanus.common.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.wal.Wal.WalReader;
import io.elanus.common.wal.Wal.WalRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The log in memory under the simulator: processes that die, answers that are lost or late.
class MemoryWalSimulationTest {
  private static final LogId LOG = new LogId(0);

  private final List<Long> acknowledged = new ArrayList<>();
  private final List<Long> refused = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void whatIsAcknowledgedIsReadOnceAndWhatIsRefusedNever(long seed) {
    SimulatedRun world = new SimulatedRun(seed);
    world.run(() -> writeAndKill(world), Duration.ofMinutes(1));

    assertThat(acknowledged).isNotEmpty();
    assertThat(world.taskFailures()).isEmpty();
  }

  private void writeAndKill(SimulatedRun world) {
    MemoryWal logs = new MemoryWal(world, 1);
    SimulatedProcess victim = world.process("victim");
    victim.fork("writer", () -> append(logs.on(new Mishaps(victim)), 0, 1000));
    for (int i = 1; i < 4; i++) {
      SimulatedProcess process = world.process("process-" + i);
      long first = i * 1000L;
      process.fork("writer", () -> append(logs.on(new Mishaps(process)), first, 40));
    }
    world.sleep(Duration.ofMillis(70));
    world.kill(victim);
    world.sleep(Duration.ofSeconds(5));

    List<Long> read = readAll(world, logs);

    assertThat(read).doesNotHaveDuplicates().containsAll(acknowledged);
    assertThat(read).doesNotContainAnyElementsOf(refused);
  }

  private void append(Wal wal, long first, int count) {
    for (long payload = first; payload < first + count; payload++) {
      try {
        Position position = wal.append(LOG, ByteBuffer.allocate(8).putLong(payload).array());
        acknowledged.add(payload);
        assertThat(position.isBefore(wal.end(LOG))).isTrue();
      } catch (DbException e) {
        note(payload, e.code());
      }
    }
  }

  private void note(long payload, ErrorCode code) {
    if (code == ErrorCode.LOG_FAILED) {
      refused.add(payload);
    } else {
      assertThat(code).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
    }
  }

  private static List<Long> readAll(Run run, Wal wal) {
    List<Long> found = new ArrayList<>();
    try (WalReader reader = wal.tail(LOG, wal.start(LOG))) {
      List<WalRecord> records = reader.poll(Deadline.after(run, Duration.ZERO));
      while (!records.isEmpty()) {
        records.forEach(record -> found.add(ByteBuffer.wrap(record.bytes()).getLong()));
        records = reader.poll(Deadline.after(run, Duration.ZERO));
      }
    }
    return found;
  }

  private record Mishaps(Run run) implements MemoryWal.Faults {
    @Override
    public void beforeAppend(LogId log) {
      sleepOrThrow();
    }

    @Override
    public Optional<Duration> landsLater(LogId log) {
      boolean late = run.random().nextInt(10) == 0;
      return late ? Optional.of(Duration.ofMillis(200)) : Optional.empty();
    }

    @Override
    public void beforeSync(LogId log) {
      run.sleep(Duration.ofMillis(run.random().nextInt(8)));
    }

    @Override
    public void afterAppend(LogId log) {
      sleepOrThrow();
    }

    private void sleepOrThrow() {
      RandomGenerator random = run.random();
      run.sleep(Duration.ofMillis(random.nextInt(3)));
      if (random.nextInt(10) == 0) {
        throw ErrorCode.LOG_FAILED.because("planned");
      }
    }
  }
}
