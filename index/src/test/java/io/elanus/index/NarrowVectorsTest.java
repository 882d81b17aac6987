package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.index.kernel.NarrowRows;
import io.elanus.index.kernel.ValueType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever the index, what it finds among narrow vectors is what it finds among the same vectors as float32.
final class NarrowVectorsTest {
  private static final int COUNT = 2000;
  private static final int DIMENSION = 17;

  static Stream<Arguments> cases() {
    return Stream.of(ValueType.FLOAT16, ValueType.BFLOAT16, ValueType.INT8)
        .flatMap(type -> Stream.of(Metric.values()).map(metric -> Arguments.of(type, metric)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void indexesEqualThoseOfFloats(ValueType type, Metric metric) {
    Random random = new Random(7);
    DenseVectors onHeap = narrow(type, random);
    DenseVectors offHeap = offHeap(onHeap);
    DenseVectors wide = offHeap(wide(onHeap));
    long[] words = random.longs((COUNT + 63) / 64).toArray();
    words[words.length - 1] &= -1L >>> -COUNT;
    List<AcceptedRows> filters = List.of(AcceptedRows.ALL, AcceptedRows.of(words));

    assertSame(new FlatIndex(onHeap, metric), new FlatIndex(wide, metric), filters, random);
    assertSame(new FlatIndex(offHeap, metric), new FlatIndex(wide, metric), filters, random);
    for (Quantization codes : Quantization.values()) {
      IndexParams graph = new IndexParams.Hnsw(metric, 6, 30, codes, 3);
      assertSame(built(offHeap, graph), built(wide, graph), filters, random);
      IndexParams lists = new IndexParams.Ivf(metric, 8, codes, 3);
      assertSame(built(offHeap, lists), built(wide, lists), filters, random);
    }
  }

  private static VectorIndex built(DenseVectors vectors, IndexParams params) {
    return VectorIndex.of(
        IndexBuilder.build(vectors, params, BuildControl.onCallingThread()), vectors);
  }

  private static void assertSame(
      VectorIndex index, VectorIndex expected, List<AcceptedRows> filters, Random random) {
    List<float[]> queries = List.of(query(random), query(random), new float[DIMENSION]);
    SearchParams params =
        index instanceof IvfIndex ? new SearchParams.Ivf(3) : new SearchParams.Hnsw(20);
    for (AcceptedRows accepted : filters) {
      List<Neighbors> found = index.searchBatch(queries, 20, params, accepted);
      List<Neighbors> same = expected.searchBatch(queries, 20, params, accepted);
      for (int q = 0; q < queries.size(); q++) {
        assertThat(found.get(q).ordinals()).isEqualTo(same.get(q).ordinals());
        assertThat(found.get(q).scores()).isEqualTo(same.get(q).scores());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "INT8"})
  void anIndexOverOtherValuesIsRefused(ValueType type) {
    DenseVectors brains = narrow(ValueType.BFLOAT16, new Random(1));
    DenseVectors others = narrow(type, new Random(1));
    for (IndexParams params :
        List.of(new IndexParams.Hnsw(Metric.L2, 6, 30, 3), new IndexParams.Ivf(Metric.L2, 8, 3))) {
      BuiltIndex built = IndexBuilder.build(brains, params, BuildControl.onCallingThread());

      assertThatThrownBy(() -> VectorIndex.of(built, others))
          .isInstanceOf(IndexCorruptException.class)
          .hasMessageContaining(
              "index is over 2000 vectors of dimension 17 of BFLOAT16, opened with 2000 of 17 of "
                  + type);
    }
  }

  private static DenseVectors narrow(ValueType type, Random random) {
    byte[] rows = NarrowRows.random(type, COUNT * DIMENSION, random);
    return new DenseVectors(MemorySegment.ofArray(rows), COUNT, DIMENSION, type);
  }

  private static DenseVectors wide(DenseVectors narrow) {
    float[] wide = new float[COUNT * DIMENSION];
    narrow.type().copy(narrow.data(), 0, wide, 0, wide.length);
    return DenseVectors.of(wide, DIMENSION);
  }

  private static DenseVectors offHeap(DenseVectors vectors) {
    MemorySegment data = Arena.ofAuto().allocate(vectors.data().byteSize(), 64);
    data.copyFrom(vectors.data());
    return new DenseVectors(data, COUNT, DIMENSION, vectors.type());
  }

  private static float[] query(Random random) {
    float[] query = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      query[i] = random.nextFloat(-1, 1);
    }
    return query;
  }
}
