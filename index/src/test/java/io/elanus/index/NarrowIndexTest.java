package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a scan finds among narrow vectors is what it finds among the same vectors as float32.
final class NarrowIndexTest {
  private static final int COUNT = 3000;
  private static final int DIMENSION = 17;

  @ParameterizedTest
  @EnumSource(NarrowVectors.Value.class)
  void theSameAsOverFloats(NarrowVectors.Value value) {
    Random random = new Random(7);
    NarrowVectors narrow = narrow(value, random);
    float[] wide = new float[COUNT * DIMENSION];
    for (int row = 0; row < COUNT; row++) {
      narrow.widenRow(row, wide, row * DIMENSION);
    }
    long[] words = random.longs((COUNT + 63) / 64).toArray();
    words[words.length - 1] &= -1L >>> -COUNT;
    List<float[]> queries = List.of(query(random), query(random), new float[DIMENSION]);

    for (Metric metric : Metric.values()) {
      VectorIndex expected = new FlatIndex(FloatVectors.of(wide, DIMENSION), metric);
      VectorIndex index = new NarrowIndex(narrow, metric);
      for (AcceptedRows accepted : List.of(AcceptedRows.ALL, AcceptedRows.of(words))) {
        for (float[] query : queries) {
          Neighbors found = index.search(query, 20, new SearchParams.Exact(), accepted);
          Neighbors same = expected.search(query, 20, new SearchParams.Exact(), accepted);
          assertThat(found.ordinals()).isEqualTo(same.ordinals());
          assertThat(found.scores()).isEqualTo(same.scores());
        }
      }
    }
  }

  private static NarrowVectors narrow(NarrowVectors.Value value, Random random) {
    int bytes = value == NarrowVectors.Value.INT8 ? 1 : 2;
    byte[] data = new byte[COUNT * DIMENSION * bytes];
    for (int i = 0; i < COUNT * DIMENSION; i++) {
      float one = random.nextInt(-20, 21) / 4f;
      switch (value) {
        case FLOAT16 -> put(data, i, Float.floatToFloat16(one));
        case BFLOAT16 -> put(data, i, (short) (Float.floatToIntBits(one) >>> 16));
        case INT8 -> data[i] = (byte) (4 * one);
      }
    }
    return new NarrowVectors(MemorySegment.ofArray(data), COUNT, DIMENSION, value);
  }

  private static void put(byte[] data, int i, short value) {
    data[2 * i] = (byte) value;
    data[2 * i + 1] = (byte) (value >> 8);
  }

  private static float[] query(Random random) {
    float[] query = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      query[i] = random.nextFloat(-1, 1);
    }
    return query;
  }
}
