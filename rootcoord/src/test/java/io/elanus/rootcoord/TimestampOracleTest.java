package io.elanus.rootcoord;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.model.HybridTimestamp;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.wal.MemoryWal;
import io.elanus.proto.internal.AllocateIdsRequest;
import io.elanus.proto.internal.AllocateTimestampRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampOracleTest {
  private static final AllocateTimestampRequest TEN =
      AllocateTimestampRequest.newBuilder().setCount(10).build();

  private long newestTimestamp;
  private long newestId;

  private void take(RootProcess process) {
    long first = process.api().allocateTimestamp(TEN).getFirst();
    assertThat(first).isGreaterThan(newestTimestamp);
    newestTimestamp = first + 9;
    long id =
        process.api().allocateIds(AllocateIdsRequest.newBuilder().setCount(5).build()).getFirst();
    assertThat(id).isGreaterThan(newestId);
    newestId = id + 4;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void neitherTimestampsNorIdsRepeatOverAHundredRestartsAndClockJumps(long seed) {
    SimulatedRun world = new SimulatedRun(seed);
    MemoryMetaStore meta = new MemoryMetaStore(world);
    MemoryWal wal = new MemoryWal(world, 4);
    MemoryObjectStore objects = new MemoryObjectStore(world);

    world.run(
        () -> {
          for (int restart = 0; restart < 100; restart++) {
            RootProcess process = RootProcess.leading(world, restart, meta, wal, objects);
            for (int i = 0; i < 5; i++) {
              take(process);
              long jump = world.random().nextLong(-3_600_000, 60_000);
              process.process().shiftWall(Duration.ofMillis(jump));
            }
            if (world.random().nextBoolean()) {
              process.role().close();
            }
            process.kill();
          }
        },
        Duration.ofHours(10));

    assertThat(newestId).isLessThan(100 * 100_100L);
  }

  @Test
  void timestampsFollowTheClockAndTheMarkStaysAhead() {
    SimulatedRun world = new SimulatedRun(1);
    MemoryMetaStore meta = new MemoryMetaStore(world);
    MemoryWal wal = new MemoryWal(world, 4);
    MemoryObjectStore objects = new MemoryObjectStore(world);

    world.run(
        () -> {
          RootProcess process = RootProcess.leading(world, 1, meta, wal, objects);
          for (int i = 0; i < 50; i++) {
            world.sleep(Duration.ofMillis(777));
            take(process);

            assertThat(HybridTimestamp.millis(newestTimestamp))
                .isBetween(world.wallMillis() - 1_000, world.wallMillis());
            assertThat(newestTimestamp).isLessThan(mark(meta));
          }
        },
        Duration.ofMinutes(5));
  }

  private static long mark(MemoryMetaStore meta) {
    byte[] value = meta.get(MetaKeys.TIMESTAMP_MARK).orElseThrow().value();
    return Long.parseLong(new String(value, StandardCharsets.US_ASCII));
  }
}
