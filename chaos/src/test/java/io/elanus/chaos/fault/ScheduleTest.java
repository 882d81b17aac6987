package io.elanus.chaos.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.chaos.fault.Schedule.Step;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final Duration LENGTH = Duration.ofSeconds(60);
  private static final List<Fault> FAULTS =
      List.of(new Nothing("a", "kill"), new Nothing("a", "pause"), new Nothing("b", "kill"));

  @Test
  void aSeedIsASchedule() {
    assertThat(schedule(5)).isEqualTo(schedule(5)).isNotEqualTo(schedule(6));
  }

  @Test
  void everyFaultIsHealedAndNoneMeetsAnotherOnItsTarget() {
    for (long seed = 0; seed < 100; seed++) {
      Set<String> down = new HashSet<>();
      for (Step step : schedule(seed).steps()) {
        boolean changed =
            step.heals() ? down.remove(step.fault().target()) : down.add(step.fault().target());
        assertThat(changed).as("seed %d: %s", seed, step).isTrue();
      }
      assertThat(down).isEmpty();
    }
  }

  @Test
  void faultsOfDifferentTargetsOverlap() {
    assertThat(schedule(1).steps())
        .anySatisfy(step -> assertThat(step.heals()).isFalse())
        .hasSizeGreaterThan(20);
  }

  private static Schedule schedule(long seed) {
    return Schedule.random(seed, FAULTS, LENGTH, Duration.ofSeconds(1));
  }

  private record Nothing(String target, String what) implements Fault {
    @Override
    public String name() {
      return what + " " + target;
    }

    @Override
    public Duration minHold() {
      return Duration.ofMillis(500);
    }

    @Override
    public Duration maxHold() {
      return Duration.ofSeconds(2);
    }

    @Override
    public void inject() {}

    @Override
    public void heal() {}
  }
}
