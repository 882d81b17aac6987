package io.elanus.proxy.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedRun;
import io.elanus.rpc.call.RequestContext;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SlowReadsTest {
  private static final SlowReads.Read READ =
      new SlowReads.Read("Query", "films", 0, "year > 1990", List.of());

  private final SimulatedRun run = new SimulatedRun(1);

  @Test
  void whatTakesLongIsCountedFailuresToo() {
    run.run(
        () -> {
          SlowReads slow = new SlowReads(run, Duration.ofSeconds(5));

          watch(slow, () -> sleep(Duration.ofMillis(4_999)));
          assertThat(slow.count()).isZero();
          watch(slow, () -> sleep(Duration.ofSeconds(5)));
          assertThat(slow.count()).isEqualTo(1);
          assertThatThrownBy(() ->
                  watch(
                      slow,
                      () -> {
                        sleep(Duration.ofSeconds(9));
                        throw new IllegalStateException("no shard");
                      }))
              .hasMessage("no shard");
          assertThat(slow.count()).isEqualTo(2);
        },
        Duration.ofMinutes(1));
  }

  private static void watch(SlowReads slow, Supplier<String> read) {
    new RequestContext("default", "root", "t", Deadline.NEVER, 0)
        .call(() -> slow.watch(() -> READ, read));
  }

  private String sleep(Duration time) {
    run.sleep(time);
    return "";
  }
}
