package io.elanus.common.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FanOutTest {
  @ParameterizedTest
  @EnumSource
  void keepsOrder(Runs runs) {
    runs.inRun(run -> {
      List<Integer> items = List.of(5, 1, 4, 2, 3);

      List<Integer> doubled =
          new FanOut(run)
              .all(
                  items,
                  Deadline.NEVER,
                  i -> {
                    run.sleep(Duration.ofMillis(i));
                    return 2 * i;
                  });

      assertThat(doubled).containsExactly(10, 2, 8, 4, 6);
      assertThat(new FanOut(run).all(List.of(), Deadline.NEVER, i -> i)).isEmpty();
      assertThat(new FanOut(run).all(List.of(7), Deadline.NEVER, i -> i)).containsExactly(7);
    });
  }

  @ParameterizedTest
  @EnumSource
  void boundsItsThreads(Runs runs) {
    runs.inRun(run -> {
      AtomicInteger running = new AtomicInteger();
      AtomicInteger most = new AtomicInteger();

      new FanOut(run)
          .atMost(2)
          .each(
              List.of(1, 2, 3, 4, 5, 6),
              Deadline.NEVER,
              i -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                run.sleep(Duration.ofMillis(1));
                running.decrementAndGet();
              });

      assertThat(most.get()).isBetween(1, 2);
    });
  }

  @ParameterizedTest
  @EnumSource
  void cancelsTheRestAtTheFirstError(Runs runs) {
    runs.inRun(run -> {
      AtomicInteger ended = new AtomicInteger();

      Runs.assertFails(
          ErrorCode.CORRUPT,
          () ->
              new FanOut(run)
                  .all(
                      List.of(1, 2, 3),
                      Deadline.NEVER,
                      i -> {
                        if (i == 2) {
                          throw new DbException(ErrorCode.CORRUPT, "planted");
                        }
                        try {
                          run.gate().await(() -> false, Deadline.NEVER);
                        } finally {
                          ended.incrementAndGet();
                        }
                        return i;
                      }));
      assertThat(ended.get()).as("no thread is left behind").isLessThanOrEqualTo(2);
    });
  }

  @ParameterizedTest
  @EnumSource
  void timesOut(Runs runs) {
    runs.inRun(run ->
        Runs.assertFails(
            ErrorCode.TIMEOUT,
            () ->
                new FanOut(run)
                    .all(
                        List.of(1, 2),
                        Runs.in(run, 10),
                        i -> run.gate().await(() -> i == 1, Deadline.NEVER))));
  }

  @ParameterizedTest
  @EnumSource
  void carriesContext(Runs runs) {
    ScopedValue<String> user = ScopedValue.newInstance();
    runs.inRun(run -> {
      TaskDecorator decorator =
          body -> {
            String name = user.get();
            return () -> ScopedValue.where(user, name).run(body);
          };
      List<String> seen = new ArrayList<>();

      ScopedValue.where(user, "ann")
          .run(() ->
              seen.addAll(
                  new FanOut(run, decorator, 8)
                      .all(List.of(1, 2), Deadline.NEVER, _ -> user.get())));

      assertThat(seen).containsExactly("ann", "ann");
    });
  }
}
