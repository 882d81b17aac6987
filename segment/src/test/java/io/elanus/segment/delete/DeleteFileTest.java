package io.elanus.segment.delete;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.format.Damage;
import io.elanus.common.manifest.DeleteFileEntry;
import io.elanus.common.model.Column.Int64Column;
import io.elanus.common.model.Column.VarCharColumn;
import io.elanus.common.model.PartitionId;
import io.elanus.common.object.ObjectLayout;
import io.elanus.segment.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DeleteFileTest {
  private static final List<Deletes> INTEGERS =
      List.of(
          new Deletes(10, 9, Optional.empty(), new Int64Column(new long[] {1, -2, 3})),
          new Deletes(
              20, 5, Optional.of(new PartitionId(4)), new Int64Column(new long[] {1L << 40})));
  private static final List<Deletes> TEXTS =
      List.of(
          new Deletes(10, 9, Optional.empty(), new VarCharColumn(new String[] {"a", "", "grün"})));
  private static final List<Deletes> EVERYTHING =
      List.of(
          Deletes.everything(11, Optional.empty()),
          Deletes.everything(12, Optional.of(new PartitionId(3))));

  @Test
  void whatIsWrittenIsRead() {
    for (List<Deletes> deletes : List.of(INTEGERS, TEXTS, EVERYTHING, List.<Deletes>of())) {
      assertThat(DeleteFile.read(DeleteFile.write(deletes)))
          .usingRecursiveComparison()
          .isEqualTo(deletes);
    }
  }

  @Test
  void theBytesAreThoseOfTheGoldenFiles() throws IOException {
    assertGolden("delete-file-2-integers.bin", DeleteFile.write(INTEGERS));
    assertGolden("delete-file-2-texts.bin", DeleteFile.write(TEXTS));
    assertGolden("delete-file-2-everything.bin", DeleteFile.write(EVERYTHING));
  }

  @Test
  void theFirstVersionIsRead() throws IOException {
    assertThat(DeleteFile.read(golden("delete-file-1-integers.bin")))
        .usingRecursiveComparison()
        .isEqualTo(INTEGERS);
    assertThat(DeleteFile.read(golden("delete-file-1-texts.bin")))
        .usingRecursiveComparison()
        .isEqualTo(TEXTS);
  }

  private static byte[] golden(String name) throws IOException {
    return Files.readAllBytes(Path.of("src/test/resources/golden", name));
  }

  private static void assertGolden(String name, byte[] written) throws IOException {
    Path golden = Path.of("src/test/resources/golden", name);
    if (Files.notExists(golden) && "write".equals(System.getProperty("elanus.golden"))) {
      Files.write(golden, written);
    }
    assertThat(written).isEqualTo(Files.readAllBytes(golden));
  }

  @Test
  void noDamageOfAByteAndNoCutIsReadAsDeletes() throws IOException {
    for (List<Deletes> deletes : List.of(INTEGERS, TEXTS, EVERYTHING)) {
      byte[] whole = DeleteFile.write(deletes);
      DeleteFileEntry entry =
          DeleteFile.entry(ObjectLayout.deletes(Samples.SHARD, 1), whole, deletes);

      Damage.assertNoticed(whole, DeleteFile::read);
      Damage.assertNoticed(whole, bytes -> DeleteFile.read(bytes, entry));
    }
    Damage.assertNoticed(golden("delete-file-1-integers.bin"), DeleteFile::read);
  }

  @Test
  void anotherWholeFileIsNotTheOneTheManifestNames() {
    byte[] bytes = DeleteFile.write(INTEGERS);
    DeleteFileEntry entry =
        DeleteFile.entry(ObjectLayout.deletes(Samples.SHARD, 1), bytes, INTEGERS);

    assertThat(entry.deleteCount()).isEqualTo(4);
    assertThat(entry.minVersion()).isEqualTo(10);
    assertThat(entry.maxVersion()).isEqualTo(20);
    assertThat(DeleteFile.read(bytes, entry)).hasSize(2);
    assertThatThrownBy(() -> DeleteFile.read(DeleteFile.write(TEXTS), entry))
        .isInstanceOf(DbException.class)
        .hasMessageContaining("expected");
  }
}
