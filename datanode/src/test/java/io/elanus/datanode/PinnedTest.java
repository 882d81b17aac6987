package io.elanus.datanode;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.MarkPoint;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.Pin;
import io.elanus.rpc.codec.PinsCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is pinned stays in manifests, and goes when it is not pinned any more.
final class PinnedTest {
  private static final CollectionId FILMS = new CollectionId(DataNodeWorld.FILMS);

  @TempDir private Path scratch;
  private DataNodeWorld world;

  @BeforeEach
  void makeWorld() {
    world = new DataNodeWorld(7, scratch);
  }

  private void pin(long... marks) {
    if (marks.length == 0) {
      world.commit(new Change.Remove(MetaKeys.pins(FILMS)));
      return;
    }
    world.put(
        MetaKeys.pins(FILMS),
        PinsCodec.encode(
            LongStream.of(marks).mapToObj(m -> new Pin(m, Duration.ofMinutes(1))).toList()));
  }

  private DataNodeRole owner() {
    DataNodeRole node = world.start(1, world.world.process("node-1"));
    world.own(1, DataNodeWorld.LOG, DataNodeWorld.OTHER_LOG);
    return node;
  }

  private Checkpoint checkpoint() {
    return world.manifest(0).map(Manifest::checkpoint).orElseThrow();
  }

  @Test
  void rowsDeletedAfterAMarkStayAsLongAsItIsPinned() {
    world.run(() -> {
      DataNodeRole node = owner();
      world.insert(0, 5);
      pin(500);
      world.mark(0, 500);
      world.delete(0, 1, 2);
      world.insert(0, 3);
      world.flush(node, 0);

      assertThat(world.flushedRows(0)).isEqualTo(8);
      assertThat(checkpoint().marks()).containsExactly(new MarkPoint(500, checkpoint().horizon()));
      assertThat(checkpoint().horizon()).isLessThan(checkpoint().version());

      world.delete(0, 3);
      world.flush(node, 0);
      assertThat(checkpoint().marks()).hasSize(1);
    });
  }

  @Test
  void whatNobodyPinsAnyMoreIsLetGoThoughNothingIsWritten() {
    world.run(() -> {
      DataNodeRole node = owner();
      world.insert(0, 5);
      pin(500, 600);
      world.mark(0, 500);
      world.delete(0, 1);
      world.mark(0, 600);
      world.delete(0, 2);
      world.flush(node, 0);
      long first = checkpoint().horizon();

      pin(600);
      world.world.sleep(Duration.ofMinutes(2));
      long second = checkpoint().horizon();
      pin();
      world.world.sleep(Duration.ofMinutes(2));

      assertThat(second).isGreaterThan(first).isLessThan(checkpoint().version());
      assertThat(checkpoint().horizon()).isEqualTo(checkpoint().version());
      assertThat(checkpoint().marks()).isEmpty();
    });
  }

  @Test
  void whatATruncateRemovedLeavesTheManifestWhenNobodyPinsItAnyMore() {
    world.run(() -> {
      DataNodeRole node = owner();
      world.insert(0, 5);
      world.flush(node, 0);
      pin(500);
      world.mark(0, 500);
      world.truncate(0, 1);
      world.insert(0, 2);
      world.flush(node, 0);
      assertThat(world.flushedRows(0)).isEqualTo(7);

      pin();
      world.world.sleep(Duration.ofMinutes(2));

      assertThat(world.flushedRows(0)).isEqualTo(2);
      assertThat(world.manifest(0).orElseThrow().deleteFiles()).isEmpty();
    });
  }

  @Test
  void anOwnerThatTakesOverKeepsWhatIsPinned() {
    world.run(() -> {
      DataNodeRole node = owner();
      world.insert(0, 5);
      pin(500);
      world.mark(0, 500);
      world.delete(0, 1);
      world.flush(node, 0);
      long horizon = checkpoint().horizon();

      DataNodeRole next = world.start(2, world.world.process("node-2"));
      world.own(2, DataNodeWorld.LOG, DataNodeWorld.OTHER_LOG);
      world.settle();
      world.delete(0, 2);
      world.flush(next, 0);

      assertThat(checkpoint().horizon()).isEqualTo(horizon);
      assertThat(checkpoint().marks()).containsExactly(new MarkPoint(500, horizon));
    });
  }
}
