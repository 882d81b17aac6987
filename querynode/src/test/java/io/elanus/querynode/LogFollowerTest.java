package io.elanus.querynode;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.ShardId;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.run.Task;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.MemoryWal;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import io.elanus.common.wal.Wal.WalRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class LogFollowerTest {
  private static final LogId LOG = new LogId(0);

  /// A log in the simulator whose readers are counted.
  private static final class Fixture {
    final SimulatedRun run;
    final RandomGenerator random;
    final MemoryWal memory;
    final Wal wal;
    final LogFollower follower;
    final Map<ShardId, List<Position>> appended = new HashMap<>();
    int openReaders;
    int mostReaders;
    int failingReads;

    Fixture(SimulatedRun run) {
      this.run = run;
      this.random = run.random();
      this.memory = new MemoryWal(run, 1);
      this.wal = new CountingWal();
      this.follower = new LogFollower(run, wal, LOG);
    }

    static ShardId shard(int index) {
      return new ShardId(new CollectionId(7), index);
    }

    void append(int shard) {
      RecordHeader header = new RecordHeader(shard(shard), 1, 1, 0, 1, 0, 0);
      Position position = memory.append(LOG, RecordCodec.encode(new LogRecord.Barrier(header)));
      appended.computeIfAbsent(shard(shard), _ -> new ArrayList<>()).add(position);
    }

    void awaitEnd(Following shard) {
      while (shard.position.isBefore(memory.end(LOG))) {
        run.sleep(Duration.ofMillis(1));
      }
    }

    /// The log as it is, with reads that may fail.
    private final class CountingWal implements Wal {
      @Override
      public WalReader tail(LogId log, Position from) {
        WalReader reader = memory.tail(log, from);
        mostReaders = Math.max(mostReaders, ++openReaders);
        return new WalReader() {
          @Override
          public List<WalRecord> poll(Deadline deadline) {
            if (failingReads > 0) {
              failingReads--;
              throw ErrorCode.LOG_FAILED.because("no answer");
            }
            return reader.poll(deadline);
          }

          @Override
          public Position position() {
            return reader.position();
          }

          @Override
          public void close() {
            openReaders--;
            reader.close();
          }
        };
      }

      @Override
      public int logCount() {
        return 1;
      }

      @Override
      public Position append(LogId log, byte[] record) {
        return memory.append(log, record);
      }

      @Override
      public Position end(LogId log) {
        return memory.end(log);
      }

      @Override
      public Position start(LogId log) {
        return memory.start(log);
      }

      @Override
      public void trim(LogId log, Position before) {
        memory.trim(log, before);
      }

      @Override
      public int maxRecordBytes() {
        return memory.maxRecordBytes();
      }

      @Override
      public void close() {}
    }
  }

  /// A shard that notes what it gets.
  private static final class Following implements LogFollower.Shard {
    final Fixture fixture;
    final ShardId id;
    final Position from;
    final List<Position> got = new ArrayList<>();
    final Set<Position> leaptOver = new HashSet<>();
    Position position;
    Duration pause = Duration.ZERO;
    Optional<RuntimeException> poison = Optional.empty();
    Task task;

    Following(Fixture fixture, int shard, Position from) {
      this.fixture = fixture;
      this.id = Fixture.shard(shard);
      this.from = from;
      this.position = from;
      this.task = fixture.run.fork("shard", () -> fixture.follower.follow(this));
    }

    @Override
    public ShardId id() {
      return id;
    }

    @Override
    public Position position() {
      return position;
    }

    @Override
    public void apply(List<WalRecord> records, Position end) {
      fixture.run.sleep(pause.plusNanos(1_000L * fixture.random.nextInt(1, 500)));
      poison.ifPresent(e -> {
        throw e;
      });
      for (WalRecord record : records) {
        if (!position.isAtOrAfter(record.next())) {
          got.add(record.position());
          position = record.next();
        }
      }
      position = position.isAtOrAfter(end) ? position : end;
    }

    /// Goes on from `checkpoint`, as a leader does that has taken a newer manifest.
    void leapTo(Position checkpoint) {
      if (position.isBefore(checkpoint)) {
        fixture.appended.getOrDefault(id, List.of()).stream()
            .filter(at -> at.isAtOrAfter(position) && at.isBefore(checkpoint))
            .forEach(leaptOver::add);
        position = checkpoint;
      }
    }

    void stop() {
      task.cancel();
      task.awaitEnd();
    }

    void requireAllFromStart() {
      List<Position> expected =
          fixture.appended.getOrDefault(id, List.of()).stream()
              .filter(at -> at.isAtOrAfter(from) && at.isBefore(position))
              .filter(at -> !leaptOver.contains(at))
              .toList();
      assertThat(got).isEqualTo(expected);
    }
  }

  @Test
  void aLogIsReadOnceForAllItsShards() {
    simulate(fixture -> {
      List<Following> shards = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        shards.add(new Following(fixture, i, fixture.memory.start(LOG)));
      }
      fixture.run.sleep(Duration.ofMillis(1));
      for (int i = 0; i < 200; i++) {
        fixture.append(fixture.random.nextInt(20));
      }
      shards.forEach(fixture::awaitEnd);

      shards.forEach(Following::requireAllFromStart);
      assertThat(fixture.mostReaders).isEqualTo(1);
      shards.forEach(Following::stop);
      fixture.run.sleep(Duration.ofSeconds(1));
      assertThat(fixture.openReaders).as("nobody follows any more").isZero();
    });
  }

  @Test
  void shardsThatAreBehindAreReadForTogetherAndThenJoin() {
    simulate(fixture -> {
      for (int i = 0; i < 100; i++) {
        fixture.append(i % 2);
      }
      Following ahead = new Following(fixture, 0, fixture.memory.end(LOG));
      fixture.run.sleep(Duration.ofMillis(10));
      Following behind = new Following(fixture, 1, fixture.memory.start(LOG));
      Following too = new Following(fixture, 0, fixture.memory.start(LOG));
      for (int i = 0; i < 100; i++) {
        fixture.append(i % 2);
        fixture.run.sleep(Duration.ofNanos(1_000L * 300));
      }
      fixture.awaitEnd(ahead);
      fixture.awaitEnd(behind);
      fixture.awaitEnd(too);
      fixture.append(0);
      fixture.awaitEnd(too);

      ahead.requireAllFromStart();
      behind.requireAllFromStart();
      too.requireAllFromStart();
      assertThat(behind.got).hasSize(100);
      assertThat(fixture.mostReaders).isBetween(2, 3);
      assertThat(fixture.openReaders).as("all have met").isEqualTo(1);
      ahead.stop();
      behind.stop();
      too.stop();
    });
  }

  @Test
  void aShardThatIsFarBehindHoldsUpNoOther() {
    simulate(fixture -> {
      for (int i = 0; i < 1_000; i++) {
        fixture.append(1);
      }
      Following ahead = new Following(fixture, 0, fixture.memory.end(LOG));
      fixture.run.sleep(Duration.ofMillis(1));
      Following behind = new Following(fixture, 1, fixture.memory.start(LOG));
      behind.pause = Duration.ofMillis(10); // a batch
      fixture.run.sleep(Duration.ofMillis(15));
      for (int i = 0; i < 5; i++) {
        fixture.append(0);
        fixture.run.sleep(Duration.ofMillis(2));
        assertThat(ahead.position).isEqualTo(fixture.memory.end(LOG));
      }
      assertThat(behind.position.isBefore(ahead.from)).isTrue();
      fixture.awaitEnd(behind);

      behind.requireAllFromStart();
      ahead.requireAllFromStart();
      ahead.stop();
      behind.stop();
    });
  }

  @Test
  void whatFailsForOneShardIsNoOthersFailure() {
    simulate(fixture -> {
      Following good = new Following(fixture, 0, fixture.memory.start(LOG));
      Following bad = new Following(fixture, 1, fixture.memory.start(LOG));
      bad.poison = Optional.of(ErrorCode.CORRUPT.because("cannot be applied"));
      for (int i = 0; i < 50; i++) {
        fixture.append(i % 2);
      }
      fixture.awaitEnd(good);
      bad.task.awaitEnd();

      good.requireAllFromStart();
      assertThat(bad.task.failure()).containsInstanceOf(DbException.class);
      assertThat(fixture.openReaders).isEqualTo(1);
      good.stop();
    });
  }

  @Test
  void aLogThatDoesNotAnswerIsAskedAgainAndNobodyNotices() {
    simulate(fixture -> {
      Following shard = new Following(fixture, 0, fixture.memory.start(LOG));
      fixture.append(0);
      fixture.awaitEnd(shard);
      fixture.failingReads = 5;
      for (int i = 0; i < 20; i++) {
        fixture.append(0);
      }
      fixture.awaitEnd(shard);

      shard.requireAllFromStart();
      assertThat(shard.task.isDone()).isFalse();
      shard.stop();
    });
  }

  @Test
  void shardsThatJumpAheadAreNotReadBehindThem() {
    simulate(fixture -> {
      Following shard = new Following(fixture, 0, fixture.memory.start(LOG));
      fixture.run.sleep(Duration.ofMillis(5));
      for (int i = 0; i < 50; i++) {
        fixture.append(0);
      }
      Position end = fixture.memory.end(LOG);
      shard.position = end;
      fixture.memory.trim(LOG, end);
      fixture.append(0);
      fixture.awaitEnd(shard);

      assertThat(shard.task.isDone()).isFalse();
      assertThat(shard.got.getLast()).isEqualTo(end);
      shard.stop();
    });
  }

  @Test
  void whoeverComesAfterAllOthersLeaptAheadMissesNothing() {
    simulate(fixture -> {
      Following ahead = new Following(fixture, 0, fixture.memory.start(LOG));
      ahead.pause = Duration.ofMillis(10);
      fixture.append(0);
      fixture.run.sleep(Duration.ofMillis(1));
      Position next = fixture.memory.end(LOG);
      fixture.append(1);
      fixture.append(1);
      ahead.leapTo(fixture.memory.end(LOG));
      fixture.run.sleep(Duration.ofMillis(20));

      Following behind = new Following(fixture, 1, next);
      fixture.run.sleep(Duration.ofMillis(20));
      fixture.append(1);
      fixture.awaitEnd(behind);
      behind.requireAllFromStart();
      assertThat(behind.got).hasSize(3);
      ahead.stop();
      behind.stop();
    });
  }

  @Test
  void whoeverComesGoesAndLeapsAheadGetsEveryOtherRecordOnce() {
    for (long seed = 0; seed < 100; seed++) {
      new SimulatedFixture(seed)
          .run(fixture -> {
            List<Following> shards = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
              switch (fixture.random.nextInt(8)) {
                case 0 ->
                    shards.add(
                        new Following(fixture, fixture.random.nextInt(3), somewhere(fixture)));
                case 1 -> {
                  if (!shards.isEmpty()) {
                    Following gone = shards.remove(fixture.random.nextInt(shards.size()));
                    gone.stop();
                    gone.requireAllFromStart();
                  }
                }
                case 2, 3 -> {
                  if (!shards.isEmpty()) {
                    Following behind = shards.get(fixture.random.nextInt(shards.size()));
                    fixture.append(fixture.random.nextInt(3));
                    fixture.run.sleep(Duration.ofNanos(1_000L * fixture.random.nextInt(500)));
                    fixture.append(fixture.random.nextInt(3));
                    behind.leapTo(fixture.memory.end(LOG));
                  }
                }
                default -> {
                  int count = fixture.random.nextInt(1, 10);
                  for (int j = 0; j < count; j++) {
                    fixture.append(fixture.random.nextInt(3));
                  }
                }
              }
              fixture.run.sleep(Duration.ofNanos(1_000L * fixture.random.nextInt(1, 3_000)));
            }
            shards.forEach(fixture::awaitEnd);
            shards.forEach(Following::requireAllFromStart);
            shards.forEach(Following::stop);
          });
    }
  }

  private static Position somewhere(Fixture fixture) {
    long end = fixture.memory.end(LOG).offset();
    return new Position(fixture.memory.end(LOG).incarnation(), fixture.random.nextLong(end + 1));
  }

  private static void simulate(Consumer<Fixture> test) {
    new SimulatedFixture(5).run(test);
  }

  private record SimulatedFixture(long seed) {
    void run(Consumer<Fixture> test) {
      SimulatedRun run = new SimulatedRun(seed);
      run.run(() -> test.accept(new Fixture(run)), Duration.ofMinutes(10));
    }
  }
}
