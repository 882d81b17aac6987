package io.elanus.proxy.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.run.SimulatedRun;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailedLoginsTest {
  @Test
  void tenTriesAndThenOneASecondForEachName() {
    SimulatedRun world = new SimulatedRun(1);
    world.run(
        () -> {
          FailedLogins failures = new FailedLogins(world);

          assertThat(tries(failures, "ann", 30)).isEqualTo(10);
          assertThat(tries(failures, "bob", 3)).isEqualTo(3);
          world.sleep(Duration.ofMillis(1_100));
          assertThat(tries(failures, "ann", 30)).isEqualTo(1);
          world.sleep(Duration.ofSeconds(60));
          assertThat(tries(failures, "ann", 30)).isEqualTo(10);
        },
        Duration.ofMinutes(10));
  }

  private static int tries(FailedLogins failures, String user, int count) {
    int looked = 0;
    for (int i = 0; i < count; i++) {
      if (failures.mayTry(user)) {
        looked++;
        failures.failed(user);
      }
    }
    return looked;
  }
}
