package io.elanus.common.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.format.Damage;
import io.elanus.common.format.GoldenFile;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectLayout;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal.WalRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpillFileTest {
  private static final ShardId SHARD = new ShardId(new CollectionId(451), 2);

  private final List<WalRecord> records =
      List.of(
          record(1000, 1001, "what nobody understands"), record(1007, 1009, "and what follows"));
  private final byte[] bytes = SpillFile.write(SHARD, records);
  private final SpillEntry entry = SpillFile.entry(ObjectLayout.spill(SHARD, 3), bytes, records);

  private static WalRecord record(long offset, long next, String text) {
    return new WalRecord(
        new Position(-3, offset), new Position(-3, next), text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void theGoldenFileIsWrittenAndRead() {
    new GoldenFile("spill-file-1.bin").assertWrites(bytes);

    List<WalRecord> read = SpillFile.read(bytes, SHARD, entry);

    assertThat(read)
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactlyElementsOf(records);
    assertThat(entry.recordCount()).isEqualTo(2);
    assertThat(entry.firstOffset()).isEqualTo(1000);
    assertThat(entry.endOffset()).isEqualTo(1009);
  }

  @Test
  void damageIsNoticed() {
    Damage.assertNoticed(bytes, b -> SpillFile.read(b, SHARD, entry));
  }

  @Test
  void theFileOfAnotherShardIsRefused() {
    ShardId other = new ShardId(new CollectionId(451), 3);

    assertThatThrownBy(() -> SpillFile.read(bytes, other, entry))
        .hasMessageContaining("of shard 451/2, expected 451/3");
  }
}
