package io.elanus.index;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Sparse vectors in one array, with gaps between them.
@SuppressWarnings("ArrayRecordComponent")
record TestSparseVectors(MemorySegment data, int[] starts, int[] lengths) implements SparseVectors {
  private static final int GAP = 4;

  static TestSparseVectors of(byte[][] rows) {
    ByteBuffer data = ByteBuffer.allocate(Stream.of(rows).mapToInt(row -> row.length + GAP).sum());
    int[] starts = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      starts[i] = data.position() + GAP;
      data.putInt(-1).put(rows[i]);
    }
    int[] lengths = Stream.of(rows).mapToInt(row -> row.length).toArray();
    return new TestSparseVectors(MemorySegment.ofArray(data.array()), starts, lengths);
  }

  /// `count` vectors of fewer than `size` entries, whose terms are below `terms`, a quarter of them the largest there
  /// are, and the smaller ones more often.
  static TestSparseVectors draw(
      int count, int size, int terms, Supplier<Float> weights, Random random) {
    return of(
        IntStream.range(0, count)
            .mapToObj(_ -> vector(random.nextInt(size), terms, weights, random))
            .toArray(byte[][]::new));
  }

  static byte[] vector(int size, int terms, Supplier<Float> weights, Random random) {
    Map<Integer, Float> entries =
        new TreeMap<>(Comparator.<Integer>comparingLong(Integer::toUnsignedLong));
    for (int i = 0; i < size; i++) {
      int term = random.nextInt(1 + random.nextInt(terms));
      entries.put(random.nextInt(4) == 0 ? -2 - term : term, weights.get());
    }
    return vector(entries);
  }

  /// @param entries by unsigned term
  static byte[] vector(Map<Integer, Float> entries) {
    ByteBuffer bytes =
        ByteBuffer.allocate(ENTRY_BYTES * entries.size()).order(ByteOrder.LITTLE_ENDIAN);
    entries.forEach((term, weight) -> bytes.putInt(term).putFloat(weight));
    return bytes.array();
  }

  @Override
  public int count() {
    return starts.length;
  }

  @Override
  public int start(int row) {
    return starts[row];
  }

  @Override
  public int length(int row) {
    return lengths[row];
  }
}
