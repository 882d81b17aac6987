package io.elanus.rootcoord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.Pin;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.MemoryWal;
import io.elanus.common.wal.Wal;
import io.elanus.proto.internal.CollectionMeta;
import io.elanus.proto.internal.CreateCollectionRequest;
import io.elanus.proto.internal.CreateMarkRequest;
import io.elanus.proto.internal.DropCollectionRequest;
import io.elanus.proto.internal.TouchMarkRequest;
import io.elanus.rootcoord.pin.PinLimits;
import io.elanus.rpc.codec.PinsCodec;
import io.elanus.rpc.codec.SchemaCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Marks that rootcoord gives out, and how long it keeps their pins.
final class MarksTest {
  private static final Duration TTL = PinLimits.DEFAULT.iteratorTtl();

  private final SimulatedRun world = new SimulatedRun(3);
  private final MemoryMetaStore meta = new MemoryMetaStore(world);
  private final MemoryWal wal = new MemoryWal(world, 4);
  private final MemoryObjectStore objects = new MemoryObjectStore(world);

  private void simulate(Runnable body) {
    world.run(body, Duration.ofHours(2));
  }

  private RootProcess leading(int id) {
    return RootProcess.leading(world, id, meta, wal, objects);
  }

  private static CollectionMeta create(RootProcess root, int shards) {
    return root.api()
        .createCollection(
            CreateCollectionRequest.newBuilder()
                .setSchema(SchemaCodec.encode(Films.schema("films", 8)))
                .setShardCount(shards)
                .build())
        .getCollection();
  }

  private static long mark(RootProcess root, long collection) {
    return root.api()
        .createMark(CreateMarkRequest.newBuilder().setCollectionId(collection).build())
        .getMark();
  }

  private static boolean touch(RootProcess root, long collection, long mark) {
    return root.api()
        .touchMark(TouchMarkRequest.newBuilder().setCollectionId(collection).setMark(mark).build())
        .getPinned();
  }

  private List<Long> pinned(long collection) {
    return meta.get(MetaKeys.pins(new CollectionId(collection))).map(PinsCodec::decode).stream()
        .flatMap(List::stream)
        .map(Pin::mark)
        .toList();
  }

  private List<Long> marksInLogs() {
    List<Long> marks = new ArrayList<>();
    for (int log = 0; log < 4; log++) {
      LogId id = new LogId(log);
      try (Wal.WalReader reader = wal.tail(id, wal.start(id))) {
        while (reader.position().isBefore(wal.end(id))) {
          reader.poll(Deadline.NEVER).stream()
              .map(raw -> RecordCodec.decode(raw.bytes()))
              .filter(LogRecord.Mark.class::isInstance)
              .forEach(record -> marks.add(((LogRecord.Mark) record).mark()));
        }
      }
    }
    return marks;
  }

  @Test
  void aMarkIsPinnedAndInTheLogOfEveryShard() {
    simulate(() -> {
      RootProcess root = leading(1);
      long films = create(root, 3).getId();

      long first = mark(root, films);
      long second = mark(root, films);

      assertThat(second).isGreaterThan(first);
      assertThat(pinned(films)).containsExactly(first, second);
      assertThat(marksInLogs())
          .containsExactlyInAnyOrder(first, first, first, second, second, second);
    });
  }

  @Test
  void whatIsUsedStaysAndWhatIsNotExpires() {
    simulate(() -> {
      RootProcess root = leading(1);
      long films = create(root, 1).getId();
      long used = mark(root, films);
      long left = mark(root, films);

      for (int i = 0; i < 4; i++) {
        world.sleep(TTL.dividedBy(2));
        assertThat(touch(root, films, used)).isTrue();
      }

      assertThat(pinned(films)).containsExactly(used);
      assertThat(touch(root, films, left)).isFalse();
      world.sleep(TTL.plusSeconds(5));
      assertThat(meta.get(MetaKeys.pins(new CollectionId(films)))).isEmpty();
    });
  }

  @Test
  void whatIsReadToItsEndIsKeptForAMomentOnly() {
    simulate(() -> {
      RootProcess root = leading(1);
      long films = create(root, 1).getId();
      long read = mark(root, films);

      root.api()
          .touchMark(
              TouchMarkRequest.newBuilder()
                  .setCollectionId(films)
                  .setMark(read)
                  .setLast(true)
                  .build());

      world.sleep(Duration.ofSeconds(20));
      assertThat(pinned(films)).containsExactly(read);
      world.sleep(Duration.ofSeconds(20));
      assertThat(pinned(films)).isEmpty();
    });
  }

  @Test
  void aSuccessorGrantsTheWholeTimeAnew() {
    simulate(() -> {
      RootProcess first = leading(1);
      long films = create(first, 1).getId();
      long mark = mark(first, films);
      world.sleep(TTL.multipliedBy(9).dividedBy(10));
      first.kill();
      RootProcess second = leading(2);

      world.sleep(TTL.dividedBy(2));
      assertThat(pinned(films)).containsExactly(mark);
      world.sleep(TTL);
      assertThat(pinned(films)).isEmpty();
      assertThat(touch(second, films, mark)).isFalse();
    });
  }

  @Test
  void livePinsAreCapped() {
    simulate(() -> {
      RootProcess root = leading(1);
      long films = create(root, 1).getId();
      for (int i = 0; i < PinLimits.DEFAULT.maxOfCollection(); i++) {
        mark(root, films);
      }

      assertThatThrownBy(() -> mark(root, films))
          .isInstanceOfSatisfying(
              DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED))
          .hasMessageContaining("has 1024 live iterators, as many as there may be");
      world.sleep(TTL.plusSeconds(5));
      assertThat(mark(root, films)).isPositive();
    });
  }

  @Test
  void nothingIsPinnedOfACollectionThatIsGone() {
    simulate(() -> {
      RootProcess root = leading(1);
      long films = create(root, 2).getId();
      mark(root, films);

      root.api().dropCollection(DropCollectionRequest.newBuilder().setName("films").build());
      world.sleep(Duration.ofSeconds(5));

      assertThat(pinned(films)).isEmpty();
      assertThatThrownBy(() -> mark(root, films))
          .isInstanceOfSatisfying(
              DbException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.COLLECTION_NOT_FOUND));
    });
  }
}
