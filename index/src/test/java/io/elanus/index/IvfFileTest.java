package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is refused of a file of lists.
class IvfFileTest extends IndexFileContract {
  private static final int COUNT = 90;
  private static final DenseVectors VECTORS =
      DenseVectors.of(TestVectors.clustered(COUNT, 5, 3, 1), 5);

  private static final DenseVectors GOLDEN_VECTORS =
      DenseVectors.of(TestVectors.whole(90, 5, 20, 11), 5);

  @ParameterizedTest
  @EnumSource(names = {"L2", "COSINE"})
  void theWriterStillProducesTheGoldenBytes(Metric metric) throws IOException {
    assertThat(bytes(GOLDEN_VECTORS, metric)).isEqualTo(golden(metric, 2));
  }

  /// Sums are what came with the second version, and nothing else changed.
  @ParameterizedTest
  @EnumSource(names = {"L2", "COSINE"})
  void bothVersionsFindTheSame(Metric metric) throws IOException {
    VectorIndex before = VectorIndex.map(MemorySegment.ofArray(golden(metric, 1)), GOLDEN_VECTORS);
    VectorIndex after = VectorIndex.map(MemorySegment.ofArray(golden(metric, 2)), GOLDEN_VECTORS);

    for (float[] query : TestVectors.queriesNear(GOLDEN_VECTORS, 10, 1)) {
      SearchParams params = new SearchParams.Ivf(1);
      assertThat(after.search(query, 5, params, AcceptedRows.ALL).ordinals())
          .isEqualTo(before.search(query, 5, params, AcceptedRows.ALL).ordinals());
    }
  }

  /// A writer that is wrong makes a right checksum, too.
  @Test
  void placesThatHoldNoRowOfTheirOwnAreRefused() throws IOException {
    byte[] file = written();
    IvfHeader header = IvfHeader.read(MemorySegment.ofArray(file));

    assertRefused(resealed(file, 28, 0), "impossible values");
    assertRefused(resealed(file, 28, 30), "file has");
    assertRefused(resealed(file, header.endsStart(), COUNT + 1), "a list ends at 91 of 90");
    assertRefused(resealed(file, header.endsStart(), -1), "a list ends at -1 of 90");
    assertRefused(resealed(file, header.endsStart() + 4, COUNT - 1), "the lists end at 89 of 90");
    assertRefused(resealed(file, header.rowsStart() + 4, COUNT), "row 90 of 90 in place 1");
    assertRefused(resealed(file, header.rowsStart(), -1), "row -1 of 90 in place 0");
    int second = MemorySegment.ofArray(file).get(IndexFile.INT, header.rowsStart() + 4);
    assertRefused(resealed(file, header.rowsStart(), second), "in place 1");
  }

  @Override
  DenseVectors vectors() {
    return VECTORS;
  }

  @Override
  byte[] written() throws IOException {
    return bytes(VECTORS, Metric.COSINE);
  }

  private static byte[] golden(Metric metric, int version) throws IOException {
    return golden("ivf-v%d-%s.ivf".formatted(version, metric.name().toLowerCase(Locale.ROOT)));
  }

  private static byte[] bytes(DenseVectors vectors, Metric metric) throws IOException {
    IndexParams.Ivf params = new IndexParams.Ivf(metric, 2, 1);
    return HnswBuilderTest.bytes(
        IndexBuilder.build(vectors, params, BuildControl.onCallingThread()));
  }
}
