package io.elanus.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SortedNanosTest {
  @Test
  void aPercentileIsTheLeastThatSoManyAreNoLongerThan() {
    SortedNanos hundred =
        SortedNanos.of(LongStream.rangeClosed(1, 100).map(i -> 101 - i).toArray());

    assertThat(hundred.at(0.5)).isEqualTo(50);
    assertThat(hundred.at(0.99)).isEqualTo(99);
    assertThat(hundred.at(1)).isEqualTo(100);
    assertThat(hundred.at(0)).isEqualTo(1);
  }

  @Test
  void oneIsAllOfThem() {
    assertThat(SortedNanos.of(2_500).micros(0.5)).isEqualTo(2.5);
    assertThat(SortedNanos.of(2_500).micros(0.99)).isEqualTo(2.5);
  }
}
