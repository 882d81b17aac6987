package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Index and scan of MinHash signatures against their definition, spelled out.
class MinHashIndexTest {
  private static final int COUNT = 3000;

  private record Found(int row, float score) {}

  @ParameterizedTest
  @CsvSource({
    "1, 64, 1",
    "1, 64, 16",
    "1, 60, 7",
    "2, 32, 8",
    "4, 64, 16",
    "4, 16, 16",
    "4, 15, 4",
    "8, 16, 5",
    "8, 32, 32",
    "3, 20, 6",
    "16, 8, 4"
  })
  void indexAndScanFindTheRowsThatShareABand(int elementBytes, int elements, int bands) {
    int rowBytes = elementBytes * elements;
    byte[] rows = TestSignatures.rows(COUNT, elements, elementBytes, 20, rowBytes);
    BitVectors vectors = TestSignatures.offHeap(rows, rowBytes);
    Signatures signatures = new Signatures(vectors, elementBytes, bands);
    MinHashIndex index = index(vectors, elementBytes, bands);
    List<MinHashScan> scans =
        List.of(
            new MinHashScan(signatures),
            new MinHashScan(
                new Signatures(TestSignatures.onHeap(rows, rowBytes), elementBytes, bands)));
    int candidates = 0;
    for (byte[] query : queries(rows, rowBytes)) {
      for (Likeness likeness : Likeness.values()) {
        for (AcceptedRows accepted : filters()) {
          List<Found> expected = expected(signatures, rows, query, likeness, accepted);
          candidates = Math.max(candidates, expected.size());
          for (int k : new int[] {1, 10, 400, COUNT + 1}) {
            List<Found> first = expected.subList(0, Math.min(k, expected.size()));
            assertThat(found(index.search(query, k, likeness, accepted))).isEqualTo(first);
            for (MinHashScan scan : scans) {
              assertThat(found(scan.search(query, k, likeness, accepted))).isEqualTo(first);
            }
          }
        }
      }
    }
    assertThat(candidates).isGreaterThan(3);
  }

  /// Rows of the data, rows with a part changed, and a row that nothing is like.
  private static List<byte[]> queries(byte[] rows, int rowBytes) {
    Random random = new Random(rowBytes);
    List<byte[]> queries = new ArrayList<>();
    queries.add(Arrays.copyOf(rows, rowBytes));
    for (int i = 0; i < 4; i++) {
      int from = random.nextInt(COUNT) * rowBytes;
      byte[] query = Arrays.copyOfRange(rows, from, from + rowBytes);
      query[random.nextInt(rowBytes)] ^= 1;
      query[0] ^= (byte) i;
      queries.add(query);
    }
    byte[] alone = new byte[rowBytes];
    random.nextBytes(alone);
    queries.add(alone);
    return queries;
  }

  private static List<AcceptedRows> filters() {
    return List.of(
        AcceptedRows.ALL,
        TestVectors.accept(COUNT, 0.3, 1),
        TestVectors.accept(100, 0.9, 2),
        AcceptedRows.of(new long[0]));
  }

  private static List<Found> expected(
      Signatures signatures, byte[] rows, byte[] query, Likeness likeness, AcceptedRows accepted) {
    List<Found> found = new ArrayList<>();
    for (int row = 0; row < COUNT; row++) {
      boolean[] equal = equal(signatures, rows, query, row);
      if (accepted.accepts(row) && sharesBand(equal, signatures.bands())) {
        int count = (int) IntStream.range(0, equal.length).filter(i -> equal[i]).count();
        found.add(new Found(row, likeness == Likeness.BAND ? 1 : (float) count / equal.length));
      }
    }
    found.sort(Comparator.comparingDouble((Found f) -> -f.score()).thenComparingInt(Found::row));
    return found;
  }

  private static boolean[] equal(Signatures signatures, byte[] rows, byte[] query, int row) {
    int size = signatures.elementBytes();
    boolean[] equal = new boolean[query.length / size];
    for (int i = 0; i < equal.length; i++) {
      int from = row * query.length + i * size;
      equal[i] = Arrays.equals(query, i * size, (i + 1) * size, rows, from, from + size);
    }
    return equal;
  }

  private static boolean sharesBand(boolean[] equal, int bands) {
    int length = equal.length / bands;
    return IntStream.range(0, bands)
        .anyMatch(band -> IntStream.range(0, length).allMatch(i -> equal[band * length + i]));
  }

  private static List<Found> found(Neighbors neighbors) {
    return IntStream.range(0, neighbors.size())
        .mapToObj(i -> new Found(neighbors.ordinals()[i], neighbors.scores()[i]))
        .toList();
  }

  /// Two bytes in a band, so that different values have equal hashes only by chance; here the hashes of all are made equal.
  @Test
  void rowsOfAnEqualHashAreComparedThemselves() throws IOException {
    byte[] rows = {1, 2, 3, 4, 1, 2};
    BitVectors vectors = TestSignatures.offHeap(rows, 2);
    byte[] file = bytes(build(vectors, 1, 1, BuildControl.onCallingThread()));
    int hash = Signatures.hash(vectors.data(), 0, 2);
    byte[] alike = file;
    for (int row = 0; row < 3; row++) {
      alike = IndexBytesContract.resealed(alike, 64 + 4L * row, hash);
      alike = IndexBytesContract.resealed(alike, 128 + 4L * row, row);
    }
    MinHashIndex index = MinHashIndex.map(MemorySegment.ofArray(alike), vectors);

    Neighbors found = index.search(new byte[] {1, 2}, 3, Likeness.BAND, AcceptedRows.ALL);

    assertThat(found.ordinals()).containsExactly(0, 2);
  }

  @Test
  void anyNumberOfThreadsMakesTheSameBytes() throws IOException {
    BitVectors vectors = TestSignatures.draw(5000, 32, 4, 50, 3);
    byte[] alone = bytes(build(vectors, 4, 8, BuildControl.onCallingThread()));
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      BuildControl together = new BuildControl(threads, 4, BuildProgress.NONE, () -> false);
      assertThat(bytes(build(vectors, 4, 8, together))).isEqualTo(alone);
    }
  }

  @Test
  void progressComesToItsEnd() {
    List<String> progress = new ArrayList<>();
    BuildControl control =
        new BuildControl(
            Runnable::run, 1, (done, total) -> progress.add(done + " of " + total), () -> false);

    build(TestSignatures.draw(10, 8, 4, 2, 3), 4, 3, control);

    assertThat(progress).containsExactly("1 of 3", "2 of 3", "3 of 3", "3 of 3");
  }

  @Test
  void aCancelledBuildEnds() {
    AtomicInteger asked = new AtomicInteger();
    BuildControl control =
        new BuildControl(Runnable::run, 1, BuildProgress.NONE, () -> asked.incrementAndGet() > 4);

    assertThatThrownBy(() -> build(TestSignatures.draw(20_000, 8, 4, 2, 3), 4, 3, control))
        .isInstanceOf(CancellationException.class)
        .hasMessageContaining("cancelled in band 0");
  }

  @Test
  void whatIsNoSignatureIsRefused() {
    BitVectors vectors = TestSignatures.draw(10, 8, 4, 2, 3);
    assertThatThrownBy(() -> new Signatures(vectors, 5, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rows of 32 bytes have no elements of 5");
    assertThatThrownBy(() -> new Signatures(vectors, 4, 9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("9 bands of 8 elements");
    MinHashScan scan = new MinHashScan(new Signatures(vectors, 4, 8));
    assertThatThrownBy(() -> scan.search(new byte[31], 1, Likeness.BAND, AcceptedRows.ALL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("query has 31 bytes, rows 32");
  }

  static BuiltIndex build(BitVectors vectors, int elementBytes, int bands, BuildControl control) {
    return IndexBuilder.build(vectors, new IndexParams.MinHash(elementBytes, bands), control);
  }

  private static MinHashIndex index(BitVectors vectors, int elementBytes, int bands) {
    return MinHashIndex.of(
        build(vectors, elementBytes, bands, BuildControl.onCallingThread()), vectors);
  }

  private static byte[] bytes(BuiltIndex built) throws IOException {
    return HnswBuilderTest.bytes(built);
  }
}
