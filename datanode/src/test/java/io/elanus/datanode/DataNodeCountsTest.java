package io.elanus.datanode;

import static io.elanus.datanode.DataNodeWorld.LOG;
import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.run.Deadline;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.MemoryWal;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a datanode says of itself, in simulated time.
@SuppressWarnings("NullAway.Init") // by simulate()
class DataNodeCountsTest {
  @TempDir Path scratch;

  private DataNodeWorld w;

  private void simulate(Runnable body) {
    w = new DataNodeWorld(1, scratch);
    w.run(body);
  }

  @Test
  void anOwnerThatHasAppliedItsLogHasNoLagHoweverOldTheLastRecord() {
    simulate(() -> {
      DataNodeRole node = w.start(1, w.world.process("node"));
      w.own(1, LOG);
      w.insertNow(0, 10);
      w.settle();
      assertThat(node.counts().lag()).isZero();

      w.world.sleep(Duration.ofMinutes(5));

      assertThat(node.counts().logs()).isEqualTo(1);
      assertThat(node.counts().lag()).isZero();
      assertThat(node.counts().unflushedBytes()).isPositive();
    });
  }

  @Test
  void theLagGrowsWhileTheLogCannotBeReadAndIsGoneWhenItWasRead() {
    AtomicBoolean broken = new AtomicBoolean();
    MemoryWal.Faults faults =
        new MemoryWal.Faults() {
          @Override
          public void beforeRead(LogId log) {
            if (broken.get()) {
              throw ErrorCode.LOG_FAILED.because("planned");
            }
          }
        };
    simulate(() -> {
      DataNodeRole node =
          w.start(w.config(1), 1, w.world.process("node"), DataNodeWorld.Faults.NONE.with(faults));
      w.own(1, LOG);
      w.insertNow(0, 1);
      w.settle();

      broken.set(true);
      w.insertNow(0, 1);
      w.settle();
      w.world.sleep(Duration.ofMinutes(1));
      assertThat(node.counts().lag()).isBetween(Duration.ofSeconds(59), Duration.ofSeconds(63));
      assertThat(node.counts().failingLogs()).isEqualTo(1);

      broken.set(false);
      w.world.sleep(Duration.ofSeconds(15));
      assertThat(node.counts().lag()).isZero();
      assertThat(node.counts().failingLogs()).isZero();
    });
  }

  @Test
  void aRecordThatWaitsForAFlushIsAsOldAsItIs() {
    AtomicBoolean slow = new AtomicBoolean();
    MemoryObjectStore.Faults faults =
        new MemoryObjectStore.Faults() {
          @Override
          public void before(MemoryObjectStore.Operation operation, String key) {
            if (slow.get()) {
              w.world.sleep(Duration.ofSeconds(40));
            }
          }
        };
    simulate(() -> {
      DataNodeRole node =
          w.start(w.config(1), 1, w.world.process("node"), DataNodeWorld.Faults.NONE.with(faults));
      w.own(1, LOG);
      w.insertNow(0, 1);
      w.settle();

      slow.set(true);
      w.askFlush(node, 0);
      w.insertNow(1, 1);
      w.world.sleep(Duration.ofSeconds(20));
      assertThat(node.counts().lag()).isBetween(Duration.ofSeconds(19), Duration.ofSeconds(22));

      slow.set(false);
      w.world.sleep(Duration.ofMinutes(3));
      assertThat(node.counts().lag()).isZero();
      assertThat(node.counts().flushes()).isEqualTo(1);
      assertThat(node.counts().flushedRows()).isEqualTo(1);
    });
  }

  @Test
  void aNewOwnerIsBehindByTheAgeOfWhatItReads() {
    simulate(() -> {
      for (int i = 0; i < 5; i++) {
        w.insertNow(0, 1);
        w.world.sleep(Duration.ofMinutes(1));
      }
      LogLag lag = new LogLag(w.world);
      try (var reader = w.wal.tail(LOG, w.wal.start(LOG))) {
        lag.polls();
        var batch = reader.poll(Deadline.after(w.world, Duration.ZERO));
        lag.read(batch);
        assertThat(lag.now()).isBetween(Duration.ofMinutes(5), Duration.ofSeconds(301));

        lag.applied(batch);
        lag.polls();
        Duration last = lag.now();
        assertThat(last).isGreaterThanOrEqualTo(Duration.ofMinutes(1));
        w.world.sleep(Duration.ofSeconds(1));
        assertThat(lag.now()).isZero();
      }
    });
  }

  @Test
  void theMetricsAreTheCounts() {
    MeterRegistry meters = new SimpleMeterRegistry();
    simulate(() -> {
      DataNodeRole node = w.start(1, w.world.process("node"));
      DataNodeMetrics.watch(node, meters);
      w.own(1, LOG);
      w.insert(0, 10);
      w.appendUnknownKind(1);
      w.settle();

      assertThat(gauge(meters, "elanus_datanode_owned_logs")).isEqualTo(1);
      assertThat(gauge(meters, "elanus_datanode_unflushed_bytes")).isPositive();
      assertThat(gauge(meters, "elanus_datanode_halted_shards")).isEqualTo(1);
      w.flush(node, 0, 1);

      assertThat(gauge(meters, "elanus_datanode_unflushed_bytes")).isZero();
      assertThat(gauge(meters, "elanus_datanode_set_aside_shards")).isZero();
      assertThat(meters.get("elanus_datanode_flushed_rows_total").functionCounter().count())
          .isEqualTo(10);
    });
  }

  private static double gauge(MeterRegistry meters, String name) {
    return meters.get(name).gauge().value();
  }
}
