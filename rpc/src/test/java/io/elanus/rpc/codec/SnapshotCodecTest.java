package io.elanus.rpc.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.CollectionSchema;
import io.elanus.common.model.CollectionState;
import io.elanus.common.model.ConsistencyLevel;
import io.elanus.common.model.DataType;
import io.elanus.common.model.DatabaseId;
import io.elanus.common.model.Field;
import io.elanus.common.model.IndexDefinition;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.Partition;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.Snapshot;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.wal.LogId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapshotCodecTest {
  private static final CollectionId FILMS = new CollectionId(7);

  private static Snapshot snapshot() {
    Field key = new Field(100, "id", "", DataType.INT64, true, false, false, false, Map.of());
    Collection films =
        new Collection(
            FILMS,
            new DatabaseId(1),
            "default",
            new CollectionSchema("films", "of old", List.of(key), 1),
            List.of(new LogId(3), new LogId(4)),
            List.of(new Partition(new PartitionId(8), "_default", 9)),
            ConsistencyLevel.BOUNDED,
            Map.of("a", "b"),
            5,
            2,
            1,
            3,
            CollectionState.ACTIVE);
    return new Snapshot(
        77,
        "monday",
        "before the storm",
        films,
        List.of(new IndexDefinition(new IndexId(50), FILMS, 100, "i", Map.of("x", "y"), 1)),
        1L << 60,
        List.of(
            new Snapshot.Image(new ObjectKey("a/c7/s0/m"), 1L << 59),
            new Snapshot.Image(new ObjectKey("a/c7/s1/m"), 0)));
  }

  @Test
  void itIsReadBackAsItWasWritten() {
    MetaEntry entry = new MetaEntry("k", SnapshotCodec.encode(snapshot()).toByteArray(), 1);

    assertThat(SnapshotCodec.snapshot(entry)).isEqualTo(snapshot());
    assertThat(SnapshotCodec.decodeObject(SnapshotCodec.encodeObject(snapshot())))
        .isEqualTo(snapshot());
  }

  @Test
  void noDamageOfItsObjectPassesUnnoticed() {
    byte[] whole = SnapshotCodec.encodeObject(snapshot());
    for (int i = 0; i < whole.length; i++) {
      byte[] flipped = whole.clone();
      flipped[i] ^= 0x10;
      assertCorrupt(flipped);
      assertCorrupt(Arrays.copyOf(whole, i));
    }
    assertCorrupt(Arrays.copyOf(whole, whole.length + 1));
  }

  private static void assertCorrupt(byte[] bytes) {
    assertThatThrownBy(() -> SnapshotCodec.decodeObject(bytes))
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
  }
}
