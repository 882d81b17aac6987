package io.elanus.common.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));

  @Test
  void doublesUpToTheCapWithinTheUpperHalf() {
    SplittableRandom random = new SplittableRandom(1);
    long[] ceilings = {100, 200, 400, 800, 1000, 1000};

    for (int failures = 1; failures <= ceilings.length; failures++) {
      Duration ceiling = Duration.ofMillis(ceilings[failures - 1]);
      for (int i = 0; i < 100; i++) {
        assertThat(backoff.pause(failures, random)).isBetween(ceiling.dividedBy(2), ceiling);
      }
    }
    assertThat(backoff.pause(Integer.MAX_VALUE, random)).isLessThanOrEqualTo(backoff.cap());
  }

  @Test
  void sameSeedSamePause() {
    assertThat(backoff.pause(3, new SplittableRandom(7)))
        .isEqualTo(backoff.pause(3, new SplittableRandom(7)));
  }
}
