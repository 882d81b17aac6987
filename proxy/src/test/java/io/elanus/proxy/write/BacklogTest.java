package io.elanus.proxy.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.rpc.codec.FloorCodec;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class BacklogTest {
  private static final LogId LOG = new LogId(0);
  private static final ShardId FIRST = new ShardId(new CollectionId(7), 0);
  private static final ShardId SECOND = new ShardId(new CollectionId(7), 1);

  private final SimulatedRun world = new SimulatedRun(3);
  private final MemoryMetaStore meta = new MemoryMetaStore(world);
  private int commits;

  /// With limits of 1,000 bytes per shard and 1,500 per log.
  private void run(Consumer<Backlog> body) {
    world.run(
        () -> {
          try (Backlog backlog = new Backlog(world, meta, new Backlog.Limits(1_000, 1_500))) {
            body.accept(backlog);
          }
        },
        Duration.ofHours(1));
  }

  private static Position at(long offset) {
    return new Position(5, offset);
  }

  private void commit(Change change) {
    meta.commit("c" + commits++, List.of(), List.of(change));
    world.sleep(Duration.ofSeconds(1));
  }

  private void flushed(ShardId shard, long checkpoint, long covered) {
    ShardPointer pointer =
        new ShardPointer(
            shard,
            ObjectLayout.manifest(shard, 1, 1, 1),
            1,
            1,
            at(checkpoint),
            1,
            1,
            1,
            at(covered));
    commit(new Change.Put(MetaKeys.pointer(shard), ShardPointerCodec.encode(pointer)));
  }

  private void floor(long offset) {
    commit(new Change.Put(MetaKeys.floor(LOG), FloorCodec.encode(at(offset), 1)));
  }

  private static void assertRefused(Backlog backlog, ShardId shard, String message) {
    assertThatThrownBy(() -> backlog.requireRoom(shard, LOG))
        .isInstanceOfSatisfying(
            DbException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.RATE_LIMIT);
              assertThat(e.code().retriable()).isTrue();
            })
        .hasMessage(message);
  }

  private static void assertRoom(Backlog backlog, ShardId shard) {
    assertThatCode(() -> backlog.requireRoom(shard, LOG)).doesNotThrowAnyException();
  }

  @Test
  void aShardThatNobodyFlushesIsRefusedUntilItIsFlushed() {
    run(backlog -> {
      for (int i = 0; i < 10; i++) {
        assertRoom(backlog, FIRST);
        backlog.appended(FIRST, LOG, at(i), 100);
      }

      assertRefused(
          backlog,
          FIRST,
          "rate limit exceeded[shard=7/0][unflushedBytes=1000][limit=1000]"
              + "[reason=its datanode is behind or stopped]");
      assertRoom(backlog, SECOND);
      flushed(FIRST, 5, 5);
      assertRoom(backlog, FIRST);
      assertThat(backlog.bytes(FIRST)).isEqualTo(500);
    });
  }

  @Test
  void theShardsOfALogHaveALimitTogether() {
    run(backlog -> {
      backlog.appended(FIRST, LOG, at(0), 900);
      backlog.appended(SECOND, LOG, at(1), 600);

      assertRefused(
          backlog,
          FIRST,
          "rate limit exceeded[log=0][unflushedBytes=1500][limit=1500]"
              + "[reason=its datanode is behind or stopped]");
      floor(1);
      assertRoom(backlog, SECOND);
      assertThat(backlog.bytes(FIRST)).isZero();
    });
  }

  @Test
  void aFlushThatWasSeenBeforeTheAppendsAnswerCountsToo() {
    run(backlog -> {
      flushed(FIRST, 8, 8);

      backlog.appended(FIRST, LOG, at(7), 900);

      assertThat(backlog.bytes(FIRST)).isZero();
    });
  }

  @Test
  void theSpillOfAHaltedShardCounts() {
    run(backlog -> {
      flushed(FIRST, 3, 20);
      for (int i = 0; i < 13; i++) {
        backlog.appended(FIRST, LOG, at(i), 100);
      }
      floor(20);

      assertRefused(
          backlog,
          FIRST,
          "rate limit exceeded[shard=7/0][unflushedBytes=1000][limit=1000]"
              + "[reason=the shard is halted at a record that cannot be applied]");
      backlog.appended(SECOND, LOG, at(21), 900);
      assertRoom(backlog, SECOND); // the log's limit is not the halted shard's to use up
      flushed(FIRST, 20, 20);
      assertRoom(backlog, FIRST);
    });
  }

  @Test
  void aDroppedCollectionFreesWhatItHad() {
    run(backlog -> {
      flushed(FIRST, 0, 0);
      backlog.appended(FIRST, LOG, at(1), 1_000);

      commit(new Change.Remove(MetaKeys.pointer(FIRST)));

      assertRoom(backlog, FIRST);
    });
  }

  @Test
  void aPointerThatCannotBeReadKeepsNoOther() {
    run(backlog -> {
      backlog.appended(SECOND, LOG, at(1), 1_000);
      commit(new Change.Put(MetaKeys.pointer(FIRST), new byte[] {1, 2, 3}));

      flushed(SECOND, 9, 9);

      assertRoom(backlog, SECOND);
    });
  }
}
