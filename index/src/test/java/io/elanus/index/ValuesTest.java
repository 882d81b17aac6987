package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The small values that the rest is made of.
class ValuesTest {
  @Test
  void vectorsHaveTheSizeTheySay() {
    MemorySegment tenFloats = MemorySegment.ofArray(new float[10]);

    assertThat(new DenseVectors(tenFloats, 5, 2).row(4)).hasSize(2);
    assertThatIllegalArgumentException().isThrownBy(() -> new DenseVectors(tenFloats, 4, 2));
    assertThatIllegalArgumentException().isThrownBy(() -> new DenseVectors(tenFloats, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> DenseVectors.of(new float[7], 2));
  }

  @Test
  void parametersHaveRanges() {
    assertThatIllegalArgumentException().isThrownBy(() -> hnsw(1, 10)).withMessageContaining("m 1");
    assertThatIllegalArgumentException().isThrownBy(() -> hnsw(2049, 10));
    assertThatIllegalArgumentException().isThrownBy(() -> hnsw(16, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new SearchParams.Hnsw(0));
  }

  @Test
  void bitmapsCountWhatIsBelow() {
    AcceptedRows accepted = AcceptedRows.of(new long[] {-1L, 0b1011L});

    assertThat(accepted.cardinality(64)).isEqualTo(64);
    assertThat(accepted.cardinality(66)).isEqualTo(66);
    assertThat(accepted.cardinality(67)).isEqualTo(66);
    assertThat(accepted.cardinality(1000)).isEqualTo(67);
    assertThat(accepted.cardinality(0)).isZero();
    assertThat(accepted.accepts(66)).isFalse();
    assertThat(accepted.accepts(67)).isTrue();
    assertThat(accepted.accepts(128)).isFalse();
    assertThat(AcceptedRows.ALL.cardinality(9)).isEqualTo(9);
  }

  @Test
  void rowsBeyondTheCountAreNotFound() {
    FlatIndex index = new FlatIndex(DenseVectors.of(new float[70], 1), Metric.L2);
    AcceptedRows beyond = AcceptedRows.of(new long[] {1L, -1L, -1L});

    Neighbors found = index.search(new float[1], 100, new SearchParams.Exact(), beyond);

    assertThat(found.ordinals()).containsExactly(0, 64, 65, 66, 67, 68, 69);
  }

  @Test
  void keysSortByDistanceThenOrdinal() {
    float[] distances = {
      Float.NEGATIVE_INFINITY,
      -2,
      -1.5f,
      -Float.MIN_VALUE,
      0,
      Float.MIN_VALUE,
      1,
      3e38f,
      Float.POSITIVE_INFINITY,
      Float.NaN
    };
    long[] keys = new long[2 * distances.length];
    for (int i = 0; i < distances.length; i++) {
      keys[2 * i] = NearKey.of(distances[i], 0);
      keys[2 * i + 1] = NearKey.of(distances[i], Integer.MAX_VALUE);
    }

    assertThat(keys).isSorted();
    for (int i = 0; i < keys.length; i++) {
      assertThat((Float) NearKey.distance(keys[i])).isEqualTo((Float) distances[i / 2]);
      assertThat(NearKey.ordinal(keys[i])).isEqualTo(i % 2 == 0 ? 0 : Integer.MAX_VALUE);
    }
  }

  @Test
  void theHeapsAgreeWithSorting() {
    Random random = new Random(1);
    for (int size = 1; size < 200; size += 7) {
      long[] keys = random.longs(size).toArray();
      Frontier frontier = new Frontier();
      NearestRows nearest = new NearestRows(20);
      for (long key : keys) {
        frontier.add(key);
        nearest.offer(key);
      }
      Arrays.sort(keys);
      for (long key : keys) {
        assertThat(frontier.poll()).isEqualTo(key);
      }
      assertThat(frontier.isEmpty()).isTrue();
      assertThat(nearest.wants(keys[Math.min(19, size - 1)])).isEqualTo(size < 20);
    }
  }

  private static IndexParams.Hnsw hnsw(int m, int efConstruction) {
    return new IndexParams.Hnsw(Metric.L2, m, efConstruction, 1);
  }
}
