package io.elanus.common.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BootClockTest {
  @Test
  void goesForwardAsFastAsSystemTime() {
    long system = System.nanoTime();
    long boot = BootClock.nanoTime();
    long previous = boot;
    for (int i = 0; i < 100_000; i++) {
      long now = BootClock.nanoTime();
      assertThat(now - previous).isNotNegative();
      previous = now;
    }
    long bootPassed = BootClock.nanoTime() - boot;
    long systemPassed = System.nanoTime() - system;

    assertThat(bootPassed).isPositive().isLessThanOrEqualTo(systemPassed + 1_000_000);
  }
}
