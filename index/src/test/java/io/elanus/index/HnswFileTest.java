package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The bytes of the file: kept, checked, and used in place.
class HnswFileTest extends IndexFileContract {
  private static final int DIMENSION = 5;
  private static final DenseVectors VECTORS =
      DenseVectors.of(TestVectors.whole(48, DIMENSION, 20, 11), DIMENSION);

  @ParameterizedTest
  @EnumSource
  void theWriterStillProducesTheGoldenBytes(Metric metric) throws IOException {
    assertThat(written(metric)).isEqualTo(golden(metric, 2));
  }

  @ParameterizedTest
  @CsvSource({
    "L2, 1", "INNER_PRODUCT, 1", "COSINE, 1",
    "L2, 2", "INNER_PRODUCT, 2", "COSINE, 2"
  })
  void theReaderStillReadsTheGoldenBytes(Metric metric, int version) throws IOException {
    byte[] golden = golden(metric, version);
    VectorIndex index = VectorIndex.map(MemorySegment.ofArray(golden), VECTORS);

    assertThat(index.count()).isEqualTo(48);
    assertThat(index.dimension()).isEqualTo(DIMENSION);
    assertThat(index.metric()).isEqualTo(metric);
    assertThat(reachable(golden)).isGreaterThan(45);
  }

  /// Packing changes how links are written, and nothing else.
  @ParameterizedTest
  @EnumSource
  void bothVersionsHaveTheSameLinks(Metric metric) throws IOException {
    MemorySegment plain = MemorySegment.ofArray(golden(metric, 1));
    MemorySegment packed = MemorySegment.ofArray(golden(metric, 2));
    HnswHeader header = HnswFormat.readHeader(plain);
    HnswLinks before = new HnswLinks(plain, header);
    HnswLinks after = new HnswLinks(packed, HnswFormat.readHeader(packed));
    int[] expected = new int[header.degree(0)];
    int[] found = new int[header.degree(0)];
    for (int row = 0; row < header.count(); row++) {
      int size = before.read(0, row, expected);
      assertThat(after.read(0, row, found)).isEqualTo(size);
      assertThat(Arrays.copyOf(found, size)).isEqualTo(Arrays.copyOf(expected, size));
    }
    assertThat(packed.byteSize()).isLessThan(plain.byteSize());
  }

  /// A writer that is wrong makes a right checksum, too.
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aLinkThatLeadsNowhereIsRefused(int version) throws IOException {
    byte[] file = golden(Metric.L2, version);
    HnswHeader header = HnswFormat.readHeader(MemorySegment.ofArray(file));
    long firstUpperRow = -1;
    for (int row = 0; row < header.count() && firstUpperRow < 0; row++) {
      long slot = header.slotsStart() + 4L * row;
      firstUpperRow = MemorySegment.ofArray(file).get(IndexFile.INT, slot) == 0 ? slot : -1;
    }

    assertRefused(resealed(file, header.baseStart(), 48), "link 48 of 48 rows");
    if (version == 1) {
      assertRefused(resealed(file, header.baseStart() + 4, -2), "link -2 of 48 rows");
    }
    assertRefused(resealed(file, header.upperStart(), 48), "link 48 on level 1 leads to no row");
    assertRefused(resealed(file, firstUpperRow, 1), "begin at 1 of");
    assertRefused(resealed(file, 48, header.topLevel() + 1), "is not on the top level");
  }

  @Test
  void messagesSayWhatIsWrong() {
    assertThatThrownBy(() -> VectorIndex.map(MemorySegment.ofArray(new byte[9]), VECTORS))
        .hasMessage("9 bytes are too few for an index file");
    assertThatThrownBy(() -> VectorIndex.map(MemorySegment.ofArray(new byte[99]), VECTORS))
        .hasMessage("not an index file: its magic is 0x0000000000000000");
  }

  @ParameterizedTest
  @EnumSource
  void aMappedFileAnswersAsTheGraphInMemory(Metric metric, @TempDir Path folder)
      throws IOException {
    DenseVectors vectors = TestVectors.offHeap(TestVectors.clustered(2500, 12, 9, 1), 12);
    BuiltIndex graph = build(vectors, new IndexParams.Hnsw(metric, 8, 50, 2));
    Path path = folder.resolve("graph.hnsw");
    graph.writeTo(path);

    try (Arena arena = Arena.ofShared();
        FileChannel channel = FileChannel.open(path)) {
      assertThat(channel.size()).isEqualTo(graph.sizeBytes());
      MemorySegment file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      VectorIndex mapped = VectorIndex.map(file, vectors);
      VectorIndex inMemory = VectorIndex.of(graph, vectors);
      SearchParams ef = new SearchParams.Hnsw(20);
      for (float[] query : TestVectors.queriesNear(vectors, 50, 3)) {
        VectorIndexContract.assertSame(
            mapped.search(query, 10, ef, AcceptedRows.ALL),
            inMemory.search(query, 10, ef, AcceptedRows.ALL));
      }
    }
  }

  /// Rows that a walk over the links of a file reaches on level 0.
  private static int reachable(byte[] file) {
    MemorySegment bytes = MemorySegment.ofArray(file);
    IndexFile.verify(bytes);
    HnswHeader header = HnswFormat.verifyHeader(bytes);
    HnswWalk walk = new HnswWalk(new HnswLinks(bytes, header));
    Scorer scorer = Distances.of(VECTORS, header.metric()).from(new float[DIMENSION]);
    return walk.nearest(scorer, 0, walk.descend(scorer, 0), header.count(), 0).size();
  }

  @Override
  DenseVectors vectors() {
    return VECTORS;
  }

  @Override
  byte[] written() throws IOException {
    return written(Metric.COSINE);
  }

  private static byte[] written(Metric metric) throws IOException {
    return HnswBuilderTest.bytes(build(VECTORS, new IndexParams.Hnsw(metric, 3, 10, 5)));
  }

  private static byte[] golden(Metric metric, int version) throws IOException {
    return golden("hnsw-v%d-%s.hnsw".formatted(version, metric.name().toLowerCase(Locale.ROOT)));
  }

  private static BuiltIndex build(DenseVectors vectors, IndexParams.Hnsw params) {
    return IndexBuilder.build(vectors, params, BuildControl.onCallingThread());
  }
}
