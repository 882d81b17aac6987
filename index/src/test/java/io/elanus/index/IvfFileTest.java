package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Nothing of a file that is not as it was written is used.
class IvfFileTest {
  private static final int COUNT = 90;
  private static final FloatVectors VECTORS =
      FloatVectors.of(TestVectors.clustered(COUNT, 5, 3, 1), 5);

  @Test
  void everyFlippedByteIsNoticed() throws IOException {
    byte[] file = written();

    for (int at = 0; at < file.length; at++) {
      byte[] broken = file.clone();
      broken[at] ^= 0x10;
      assertThatThrownBy(() -> VectorIndex.map(MemorySegment.ofArray(broken), VECTORS))
          .as("byte %d", at)
          .isInstanceOf(IndexCorruptException.class);
    }
  }

  @Test
  void everyShorterOrLongerFileIsNoticed() throws IOException {
    byte[] file = written();

    for (int size = 0; size < file.length + 70; size++) {
      MemorySegment broken = MemorySegment.ofArray(Arrays.copyOf(file, size));
      if (size != file.length) {
        assertThatThrownBy(() -> VectorIndex.map(broken, VECTORS))
            .isInstanceOf(IndexCorruptException.class);
      }
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

  @Test
  void otherVectorsAreRefused() throws IOException {
    MemorySegment file = MemorySegment.ofArray(written());

    assertThatThrownBy(() -> VectorIndex.map(file, FloatVectors.of(new float[89 * 5], 5)))
        .isInstanceOf(IndexCorruptException.class)
        .hasMessage("index is over 90 vectors of dimension 5, opened with 89 of 5");
  }

  @Test
  void aGraphIsNotTakenForLists() throws IOException {
    IndexParams.Hnsw params = new IndexParams.Hnsw(Metric.L2, 4, 10, 1);
    MemorySegment file = MemorySegment.ofArray(bytes(params));
    file.set(IndexFile.INT, 12, 9);
    IndexFile.writeChecksum(file);

    assertThatThrownBy(() -> HnswIndex.map(MemorySegment.ofArray(written()), VECTORS))
        .hasMessage("index file of kind IVF_FLAT, expected HNSW");
    assertThatThrownBy(() -> VectorIndex.map(file, VECTORS))
        .hasMessage("index file of unknown kind 9");
  }

  private static byte[] written() throws IOException {
    return bytes(new IndexParams.Ivf(Metric.COSINE, 2, 1));
  }

  private static byte[] bytes(IndexParams params) throws IOException {
    return HnswBuilderTest.bytes(
        IndexBuilder.build(VECTORS, params, BuildControl.onCallingThread()));
  }

  private static void assertRefused(byte[] file, String message) {
    assertThatThrownBy(() -> VectorIndex.map(MemorySegment.ofArray(file), VECTORS))
        .isInstanceOf(IndexCorruptException.class)
        .hasMessageContaining(message);
  }

  private static byte[] resealed(byte[] file, long at, int value) {
    byte[] changed = file.clone();
    MemorySegment bytes = MemorySegment.ofArray(changed);
    bytes.set(IndexFile.INT, at, value);
    IndexFile.writeChecksum(bytes);
    return changed;
  }
}
