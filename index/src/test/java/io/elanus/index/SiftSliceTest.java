package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Real data: SIFT descriptors of photos, 5,000 to search and 100 to ask with, and the squared
/// distances of the true ten nearest, computed with integers.
class SiftSliceTest {
  private static final int DIMENSION = 128;
  private static final int K = 10;

  private static DenseVectors base = DenseVectors.of(new float[0], DIMENSION);
  private static List<float[]> queries = List.of();
  private static int[] truth = new int[0];

  @BeforeAll
  static void load() throws IOException {
    base = TestVectors.offHeap(bytes("base_u8.npy"), DIMENSION);
    float[] all = bytes("query_u8.npy");
    queries = new ArrayList<>();
    for (int from = 0; from < all.length; from += DIMENSION) {
      queries.add(Arrays.copyOfRange(all, from, from + DIMENSION));
    }
    ByteBuffer distances = npy("truth_sqdist_l2.npy");
    truth = new int[distances.remaining() / 4];
    distances.asIntBuffer().get(truth);
  }

  @Test
  void aScanFindsTheTruth() {
    List<Neighbors> found =
        new FlatIndex(base, Metric.L2)
            .searchBatch(queries, K, new SearchParams.Exact(), AcceptedRows.ALL);

    for (int q = 0; q < queries.size(); q++) {
      for (int i = 0; i < K; i++) {
        assertThat(found.get(q).scores()[i]).isEqualTo(truth[q * K + i]);
      }
    }
  }

  @Test
  void aWalkFindsNearlyAllOfIt() {
    IndexParams.Hnsw params = new IndexParams.Hnsw(Metric.L2, 16, 200, 42);
    BuiltIndex graph = IndexBuilder.build(base, params, BuildControl.onCallingThread());

    List<Neighbors> found =
        VectorIndex.of(graph, base)
            .searchBatch(queries, K, new SearchParams.Hnsw(64), AcceptedRows.ALL);

    int hits = 0;
    for (int q = 0; q < queries.size(); q++) {
      int last = truth[q * K + K - 1];
      for (float distance : found.get(q).scores()) {
        hits += distance <= last ? 1 : 0;
      }
    }
    assertThat(hits / (double) truth.length).isGreaterThanOrEqualTo(0.98);
  }

  private static float[] bytes(String name) throws IOException {
    ByteBuffer values = npy(name);
    float[] floats = new float[values.remaining()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = Byte.toUnsignedInt(values.get());
    }
    return floats;
  }

  /// The values of a NumPy file, version 1: magic (6 bytes), version (2), length of the header text
  /// (2, little-endian), header text, values.
  private static ByteBuffer npy(String name) throws IOException {
    try (var in = SiftSliceTest.class.getResourceAsStream("/sift-slice/" + name)) {
      assertThat(in).as(name).isNotNull();
      ByteBuffer file = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
      return file.position(10 + file.getShort(8)).slice().order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
