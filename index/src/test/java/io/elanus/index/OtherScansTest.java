package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Scans of bits and of sparse vectors against sets and maps.
final class OtherScansTest {
  private static final int COUNT = 2000;

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 13, 32})
  void bitsAreCountedAsSetsCountThem(int rowBytes) {
    Random random = new Random(rowBytes);
    byte[] data = new byte[COUNT * rowBytes];
    random.nextBytes(data);
    byte[] query = new byte[rowBytes];
    random.nextBytes(query);
    for (BinaryScan.Metric metric : List.of(BinaryScan.Metric.HAMMING, BinaryScan.Metric.JACCARD)) {
      BinaryScan scan =
          new BinaryScan(new BitVectors(MemorySegment.ofArray(data), COUNT, rowBytes), metric);

      Neighbors found = scan.search(query, 50, AcceptedRows.ALL);

      assertNearest(found, 50, row -> distance(metric, query, row(data, row, rowBytes)));
    }
  }

  private static byte[] row(byte[] data, int row, int rowBytes) {
    return Arrays.copyOfRange(data, row * rowBytes, (row + 1) * rowBytes);
  }

  private static double distance(BinaryScan.Metric metric, byte[] a, byte[] b) {
    BitSet differ = BitSet.valueOf(a);
    differ.xor(BitSet.valueOf(b));
    BitSet either = BitSet.valueOf(a);
    either.or(BitSet.valueOf(b));
    return switch (metric) {
      case HAMMING -> differ.cardinality();
      case JACCARD ->
          either.isEmpty() ? 1 : (float) differ.cardinality() / (float) either.cardinality();
      case SUBSTRUCTURE, SUPERSTRUCTURE -> throw new IllegalArgumentException(metric.name());
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 13, 32})
  void structuresAreFoundWhereOneIsPartOfTheOther(int rowBytes) {
    Random random = new Random(rowBytes);
    byte[] data = new byte[COUNT * rowBytes];
    random.nextBytes(data);
    BitVectors rows = new BitVectors(MemorySegment.ofArray(data), COUNT, rowBytes);
    byte[] part = new byte[rowBytes];
    byte[] whole = new byte[rowBytes];
    for (int i = 0; i < rowBytes; i++) {
      byte a = data[5 * rowBytes + i];
      byte b = data[1_200 * rowBytes + i];
      part[i] = (byte) (a & b);
      whole[i] = (byte) (a | b);
    }

    assertFound(
        new BinaryScan(rows, BinaryScan.Metric.SUBSTRUCTURE).search(part, COUNT, AcceptedRows.ALL),
        row -> isPart(part, row(data, row, rowBytes)));
    assertFound(
        new BinaryScan(rows, BinaryScan.Metric.SUPERSTRUCTURE)
            .search(whole, COUNT, AcceptedRows.ALL),
        row -> isPart(row(data, row, rowBytes), whole));
    assertThat(
            new BinaryScan(rows, BinaryScan.Metric.SUBSTRUCTURE)
                .search(new byte[rowBytes], 3, AcceptedRows.of(new long[] {0b1011_0000}))
                .ordinals())
        .containsExactly(4, 5, 7);
  }

  private static boolean isPart(byte[] part, byte[] whole) {
    BitSet lacking = BitSet.valueOf(part);
    lacking.andNot(BitSet.valueOf(whole));
    return lacking.isEmpty();
  }

  private static void assertFound(Neighbors found, IntPredicate expected) {
    assertThat(found.ordinals())
        .contains(5, 1_200)
        .containsExactly(IntStream.range(0, COUNT).filter(expected).toArray());
    assertThat(found.scores()).containsOnly(0);
  }

  @Test
  void twoEmptySetsAreAsFarAsCanBe() {
    MemorySegment data = MemorySegment.ofArray(new byte[] {0, 1});
    BinaryScan scan = new BinaryScan(new BitVectors(data, 2, 1), BinaryScan.Metric.JACCARD);

    Neighbors found = scan.search(new byte[1], 2, AcceptedRows.ALL);

    assertThat(found.scores()).containsExactly(1, 1);
  }

  @Test
  void sparseVectorsAreMultipliedAsMapsAre() {
    Random random = new Random(3);
    byte[][] rows = IntStream.range(0, COUNT).mapToObj(_ -> sparse(random)).toArray(byte[][]::new);
    byte[] query = sparse(random);
    SparseScan scan = new SparseScan(TestSparseVectors.of(rows));

    Neighbors found = scan.search(query, COUNT, AcceptedRows.ALL);

    long shared = IntStream.range(0, COUNT).filter(row -> product(query, rows[row]) > 0).count();
    assertThat(found.size()).as("rows that share nothing are not found").isEqualTo((int) shared);
    assertNearest(scan.search(query, 20, AcceptedRows.ALL), 20, row -> -product(query, rows[row]));
  }

  private static byte[] sparse(Random random) {
    Map<Integer, Float> entries =
        new TreeMap<>(Comparator.<Integer>comparingLong(Integer::toUnsignedLong));
    for (int i = random.nextInt(5); i > 0; i--) {
      int index = random.nextInt(30);
      entries.put(random.nextInt(4) == 0 ? -2 - index : index, (float) random.nextInt(1, 8));
    }
    ByteBuffer bytes = ByteBuffer.allocate(8 * entries.size()).order(ByteOrder.LITTLE_ENDIAN);
    entries.forEach((index, value) -> bytes.putInt(index).putFloat(value));
    return bytes.array();
  }

  private static double product(byte[] a, byte[] b) {
    Map<Integer, Float> left = map(a);
    double sum = 0;
    for (Map.Entry<Integer, Float> entry : map(b).entrySet()) {
      sum += left.getOrDefault(entry.getKey(), 0f) * entry.getValue();
    }
    return sum;
  }

  private static Map<Integer, Float> map(byte[] entries) {
    ByteBuffer in = ByteBuffer.wrap(entries).order(ByteOrder.LITTLE_ENDIAN);
    Map<Integer, Float> map = new TreeMap<>();
    while (in.hasRemaining()) {
      map.put(in.getInt(), in.getFloat());
    }
    return map;
  }

  private static void assertNearest(Neighbors found, int k, IntToDoubleFunction distance) {
    int[] expected =
        IntStream.range(0, COUNT)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingDouble(distance::applyAsDouble)
                    .thenComparing(Comparator.naturalOrder()))
            .limit(k)
            .mapToInt(Integer::intValue)
            .toArray();
    assertThat(found.ordinals()).isEqualTo(expected);
    for (int i = 0; i < k; i++) {
      assertThat(Math.abs(found.scores()[i]))
          .isEqualTo((float) Math.abs(distance.applyAsDouble(expected[i])));
    }
  }
}
