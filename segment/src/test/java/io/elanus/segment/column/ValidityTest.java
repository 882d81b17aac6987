package io.elanus.segment.column;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ValidityTest {
  @ParameterizedTest
  @CsvSource({"0,1", "1,1", "63,2", "64,1", "65,3", "640,2", "1000,50", "1000,1"})
  void rowsAndRanksAreEachOthersInverse(int rowCount, int oneIn) {
    Random random = new Random(rowCount);
    long[] valid = random(rowCount, oneIn, random);
    Validity validity = Validity.of(valid, rowCount);
    long[] some = random(rowCount, 2, random);

    int rank = 0;
    long[] expectedRanks = RowBits.none(validity.count());
    for (int row = 0; row < rowCount; row++) {
      assertThat(validity.rank(row)).isEqualTo(rank);
      if (RowBits.contains(valid, row)) {
        assertThat(validity.row(rank)).isEqualTo(row);
        if (RowBits.contains(some, row)) {
          RowBits.add(expectedRanks, rank);
        }
        rank++;
      }
    }
    assertThat(validity.count()).isEqualTo(rank);
    assertThat(validity.ranks(some)).isEqualTo(expectedRanks);
    RowBits.retain(some, valid);
    assertThat(validity.rows(expectedRanks)).isEqualTo(some);
  }

  private static long[] random(int rowCount, int oneIn, Random random) {
    long[] words = RowBits.none(rowCount);
    for (int row = 0; row < rowCount; row++) {
      if (random.nextInt(oneIn) == 0) {
        RowBits.add(words, row);
      }
    }
    return words;
  }
}
