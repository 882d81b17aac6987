package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.elanus.index.kernel.NarrowRows;
import io.elanus.index.kernel.ValueType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A graph that has the rows in its records: what is refused, and that nothing else is read of them.
class HnswPagedFileTest extends IndexFileContract {
  private static final int COUNT = 3000;
  private static final DenseVectors VECTORS = DenseVectors.of(TestVectors.whole(8, 5, 20, 11), 5);

  @Test
  void codesThatTheStartKnowsNothingOfAreRefused() throws IOException {
    assertRefused(resealed(written(), 56, 7), "an index of kind HNSW_PAGED has no");
    assertRefused(resealed(written(), 12, 6), "file has");
    assertRefused(resealed(written(), 4096 + 1024, 8), "link 8 of 8 rows");
  }

  /// The rows beside it may lie on a disk, or be gone: here they are all zeros.
  @ParameterizedTest
  @EnumSource
  void aWalkReadsNoRowElsewhere(ValueType type) {
    DenseVectors vectors = vectors(type);
    var params = new IndexParams.Paged(Metric.L2, 32, 60, 1);
    BuiltIndex built = IndexBuilder.build(vectors, params, BuildControl.onCallingThread());
    MemorySegment none = Arena.ofAuto().allocate(vectors.data().byteSize(), 64);
    VectorIndex elsewhere = VectorIndex.of(built, new DenseVectors(none, COUNT, 20, type));
    VectorIndex index = VectorIndex.of(built, vectors);

    List<float[]> queries = TestVectors.queriesNear(vectors, 30, 5);
    for (float[] query : queries) {
      Neighbors found = elsewhere.search(query, 5, new SearchParams.Hnsw(40), AcceptedRows.ALL);
      VectorIndexContract.assertSame(
          found, index.search(query, 5, new SearchParams.Hnsw(40), AcceptedRows.ALL));
      assertThat((double) found.scores()[0])
          .isCloseTo(
              TestVectors.score(query, vectors, found.ordinals()[0], Metric.L2),
              withinPercentage(0.01));
    }
  }

  private static DenseVectors vectors(ValueType type) {
    MemorySegment values =
        type == ValueType.FLOAT32
            ? MemorySegment.ofArray(TestVectors.whole(COUNT, 20, 60, 4))
            : MemorySegment.ofArray(NarrowRows.random(type, COUNT * 20, new Random(4)));
    MemorySegment data = Arena.ofAuto().allocate(values.byteSize(), 64);
    data.copyFrom(values);
    return new DenseVectors(data, COUNT, 20, type);
  }

  @Override
  DenseVectors vectors() {
    return VECTORS;
  }

  @Override
  byte[] written() throws IOException {
    var params = new IndexParams.Paged(Metric.COSINE, 40, 10, 5);
    return HnswBuilderTest.bytes(
        IndexBuilder.build(VECTORS, params, BuildControl.onCallingThread()));
  }
}
