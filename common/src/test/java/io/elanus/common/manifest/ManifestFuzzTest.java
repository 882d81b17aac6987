package io.elanus.common.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.catalog.CatalogExportCodec;
import io.elanus.common.format.Format;
import io.elanus.common.format.GoldenFile;
import io.elanus.common.fuzz.FuzzCorpus;
import io.elanus.common.fuzz.Fuzzing;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Bytes of what the bucket and the metastore hold besides rows, whose checksums are right. The first byte says what
/// they are to be read as.
public final class ManifestFuzzTest {
  private static final ShardId SHARD = new ShardId(new CollectionId(451), 2);

  static List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    add(seeds, 0, "manifest-3-first", "manifest-3-halted", "manifest-3-staged", "manifest-2-full");
    add(seeds, 1, "shard-pointer-3", "shard-pointer-3-halted", "shard-pointer-2");
    add(seeds, 2, "spill-file-1");
    add(seeds, 3, "catalog-1");
    return seeds;
  }

  private static void add(List<byte[]> seeds, int what, String... goldenFiles) {
    for (String name : goldenFiles) {
      byte[] golden = new GoldenFile(name + ".bin").bytes();
      byte[] seed = new byte[golden.length + 1];
      seed[0] = (byte) what;
      System.arraycopy(golden, 0, seed, 1, golden.length);
      seeds.add(seed);
    }
  }

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length > 0) {
      byte[] bytes = Fuzzing.sealed(Arrays.copyOfRange(input, 1, input.length));
      Fuzzing.judge(input, Fuzzing.CORRUPT, () -> read(input[0], bytes));
    }
  }

  private static void read(int what, byte[] bytes) {
    switch (what & 7) {
      case 0 -> {
        Manifest manifest = ManifestCodec.decode(bytes);
        assertThat(ManifestCodec.decode(ManifestCodec.encode(manifest))).isEqualTo(manifest);
        manifest.files();
        manifest.covered();
      }
      case 1 -> {
        ShardPointer pointer = ShardPointerCodec.decode(bytes);
        assertThat(ShardPointerCodec.decode(ShardPointerCodec.encode(pointer))).isEqualTo(pointer);
      }
      case 2 -> {
        FileRef file =
            new FileRef(
                new ObjectKey("spill"), bytes.length, Format.crc32c(bytes, 0, bytes.length));
        SpillFile.read(bytes, SHARD, new SpillEntry(file, 1, 0, 1));
      }
      case 3 -> CatalogExportCodec.decode(bytes);
      default -> ManifestCodec.decodeSegments(bytes);
    }
  }

  @Test
  void theCorpusPasses() {
    FuzzCorpus.replay("manifest", seeds(), ManifestFuzzTest::fuzzerTestOneInput);
  }
}
