package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The inverted index against the scan, of which it is to give the results bit by bit.
class SparseIndexTest {
  /// Three windows, the last of which is not full.
  private static final int COUNT = 2 * SparseHeader.WINDOW_ROWS + 1000;

  private static final List<Integer> KS = List.of(1, 10, 500, COUNT + 1);

  /// Of ways to draw weights, what each is there for.
  private enum Weights {
    ROUNDED_SUMS,
    MANY_TIES,
    BELOW_ZERO,
    OVERFLOWING_SUMS;

    Supplier<Float> draw(Random random) {
      return switch (this) {
        case ROUNDED_SUMS -> random::nextFloat;
        case MANY_TIES -> () -> (float) random.nextInt(3);
        case BELOW_ZERO -> () -> random.nextFloat() - 0.5f;
        case OVERFLOWING_SUMS -> () -> (random.nextFloat() - 0.5f) * Float.MAX_VALUE;
      };
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void findsWhatAScanFinds(long seed) {
    for (Weights kind : Weights.values()) {
      Random random = new Random(seed);
      Supplier<Float> weights = kind.draw(random);
      SparseVectors vectors = TestSparseVectors.draw(COUNT, 12, 300, weights, random);
      SparseIndex index = index(vectors);
      SparseScan scan = new SparseScan(vectors);
      for (int size : new int[] {0, 1, 5, 40}) {
        byte[] query = TestSparseVectors.vector(size, 400, weights, random);
        for (AcceptedRows accepted : filters(seed)) {
          for (int k : KS) {
            assertThat(index.search(query, k, new SearchParams.Exact(), accepted))
                .as("%s, %d terms, k %d, %s", kind, size, k, accepted)
                .usingRecursiveComparison()
                .isEqualTo(scan.search(query, k, accepted));
          }
        }
      }
    }
  }

  private static List<AcceptedRows> filters(long seed) {
    long[] thirdWindow = new long[COUNT / 64 + 2];
    thirdWindow[2 * SparseHeader.WINDOW_ROWS / 64 + 1] = -1;
    thirdWindow[thirdWindow.length - 1] = -1;
    return List.of(
        AcceptedRows.ALL,
        TestVectors.accept(COUNT, 0.5, seed),
        TestVectors.accept(COUNT, 0.1, seed),
        TestVectors.accept(COUNT, 0.001, seed),
        TestVectors.accept(100, 0.9, seed),
        AcceptedRows.of(thirdWindow),
        AcceptedRows.of(new long[0]));
  }

  /// Where few rows are accepted they are scanned, else postings are walked: filters above are of both kinds.
  @Test
  void fewAcceptedRowsAreScanned() {
    Random random = new Random(1);
    SparseVectors vectors = TestSparseVectors.draw(COUNT, 12, 300, random::nextFloat, random);
    SparsePostings postings = postings(vectors);
    SparseQuery query = SparseQuery.of(TestSparseVectors.vector(40, 400, () -> 1f, random));

    assertThat(
            filters(1).stream()
                .map(accepted ->
                    new SparseWalk(postings, COUNT, query, accepted).isLongerThanScan(40)))
        .contains(true, false);
  }

  @Test
  void leavingNoTermsOutIsExact() {
    Approximate search = new Approximate(4);

    assertThat(search.find(10, 0.02f)).usingRecursiveComparison().isEqualTo(search.exact(10));
  }

  @ParameterizedTest
  @ValueSource(floats = {0.1f, 0.5f, 0.99f})
  void leavingTermsOutFindsAsManyRowsWithTheirScores(float dropRatio) {
    Approximate search = new Approximate(5);
    for (int k : KS) {
      Neighbors found = search.find(k, dropRatio);

      assertThat(found.size()).isEqualTo(search.exact(k).size());
      Map<Integer, Float> scores = new TreeMap<>();
      Neighbors all = search.exact(COUNT);
      for (int i = 0; i < all.size(); i++) {
        scores.put(all.ordinals()[i], all.scores()[i]);
      }
      for (int i = 0; i < found.size(); i++) {
        assertThat(found.scores()[i]).isEqualTo(scores.get(found.ordinals()[i]));
        assertThat(i == 0 || found.scores()[i] <= found.scores()[i - 1]).isTrue();
      }
    }
  }

  @Test
  void leavingTermsOutMissesRowsOfTheLightOnes() {
    byte[][] rows = {
      TestSparseVectors.vector(Map.of(7, 100f)),
      TestSparseVectors.vector(Map.of(9, 1f)),
      TestSparseVectors.vector(Map.of(9, 2f))
    };
    SparseIndex index = index(TestSparseVectors.of(rows));
    byte[] query = TestSparseVectors.vector(new TreeMap<>(Map.of(7, 1f, 9, 3f)));

    assertThat(index.search(query, 1, new SearchParams.Exact(), AcceptedRows.ALL).ordinals())
        .containsExactly(0);
    SearchParams half = new SearchParams.Sparse(0.5f);
    assertThat(index.search(query, 1, half, AcceptedRows.ALL).ordinals()).containsExactly(2);
    assertThat(index.search(query, 3, half, AcceptedRows.ALL).ordinals())
        .as("as many rows as there are")
        .containsExactly(0, 2, 1);
  }

  @Test
  void theLightestTermsAreLeftOut() {
    byte[] vector = TestSparseVectors.vector(new TreeMap<>(Map.of(1, 2f, 2, -3f, 3, 1f, 4, 1f)));
    SparseQuery query = SparseQuery.of(vector);

    assertThat(query.without(0.24f).terms()).containsExactly(1, 2, 3, 4);
    assertThat(query.without(0.25f).terms()).containsExactly(1, 2, 3);
    assertThat(query.without(0.5f).weights()).containsExactly(2f, -3f);
    assertThat(query.without(0.99f).terms()).containsExactly(2);
  }

  @Test
  void wrongArgumentsAreRefused() {
    SparseIndex index = index(TestSparseVectors.of(new byte[1][0]));
    SearchParams exact = new SearchParams.Exact();

    assertThatThrownBy(() -> index.search(new byte[8], 0, exact, AcceptedRows.ALL))
        .hasMessage("k 0 is below 1");
    assertThatThrownBy(() -> index.search(new byte[7], 1, exact, AcceptedRows.ALL))
        .hasMessage("7 bytes are no sparse vector");
    assertThatThrownBy(() -> new SearchParams.Sparse(1))
        .hasMessage("ratio 1.0 of dropped terms is not in [0, 1)");
  }

  @Test
  void aCancelledBuildEnds() {
    BuildControl cancelled = new BuildControl(Runnable::run, 1, BuildProgress.NONE, () -> true);
    SparseVectors vectors = TestSparseVectors.of(new byte[1][0]);

    assertThatThrownBy(() -> IndexBuilder.build(vectors, new IndexParams.Sparse(), cancelled))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void manyTermsAreNumbered() {
    TermNumbers numbers = new TermNumbers();
    int[] terms = IntStream.range(0, 5000).map(i -> i * 0x10001 - 5).toArray();
    for (int i = 0; i < 2 * terms.length; i++) {
      numbers.add(terms[i % terms.length]);
    }

    assertThat(numbers.size()).isEqualTo(terms.length);
    for (int i = 0; i < terms.length; i++) {
      assertThat(numbers.number(terms[i])).isEqualTo(i);
      assertThat(numbers.count(i)).isEqualTo(2);
    }
    assertThat(numbers.sorted())
        .containsExactlyInAnyOrder(terms)
        .isSortedAccordingTo(Integer::compareUnsigned);
  }

  private static SparseIndex index(SparseVectors vectors) {
    return SparseIndex.of(built(vectors), vectors);
  }

  private static SparsePostings postings(SparseVectors vectors) {
    BuiltIndex built = built(vectors);
    return SparsePostings.read(SparseHeader.read(built.file()), built.file());
  }

  private static BuiltIndex built(SparseVectors vectors) {
    return IndexBuilder.build(vectors, new IndexParams.Sparse(), BuildControl.onCallingThread());
  }

  /// One query, some of whose weights and rows' are below zero.
  private static final class Approximate {
    private final SparseVectors vectors;
    private final SparseIndex index;
    private final byte[] query;

    Approximate(long seed) {
      Random random = new Random(seed);
      Supplier<Float> weights = () -> random.nextFloat() - 0.2f;
      vectors = TestSparseVectors.draw(COUNT, 12, 300, weights, random);
      index = index(vectors);
      query = TestSparseVectors.vector(30, 300, weights, random);
    }

    Neighbors find(int k, float dropRatio) {
      return index.search(query, k, new SearchParams.Sparse(dropRatio), AcceptedRows.ALL);
    }

    Neighbors exact(int k) {
      return new SparseScan(vectors).search(query, k, AcceptedRows.ALL);
    }
  }
}
