package io.elanus.common.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CoalescerTest {
  @ParameterizedTest
  @EnumSource
  void eachCallerGetsItsOwnResult(Runs runs) {
    runs.inRun(run -> {
      List<Integer> sizes = new ArrayList<>();
      Function<List<Integer>, List<Integer>> call =
          arguments -> {
            sizes.add(arguments.size());
            run.sleep(Duration.ofMillis(2));
            return arguments.stream().map(i -> -i).toList();
          };
      Coalescer<Integer, Integer> coalescer = Coalescer.each(run, "negate", call);
      List<Integer> items = List.of(1, 1, 2, 3, 3, 4, 5, 6);

      List<Integer> negated =
          new FanOut(run).all(items, Deadline.NEVER, i -> coalescer.join(i, Deadline.NEVER));

      assertThat(negated).containsExactly(-1, -1, -2, -3, -3, -4, -5, -6);
      assertThat(sizes.stream().mapToInt(i -> i).sum()).isEqualTo(items.size());
      assertThat(coalescer.join(9, Deadline.NEVER)).isEqualTo(-9);
    });
  }

  @ParameterizedTest
  @EnumSource
  void callersOfOneBatchShareItsFailureAndTheNextCallIsMade(Runs runs) {
    runs.inRun(run -> {
      int[] calls = {0};
      Coalescer<Integer, Integer> coalescer =
          Coalescer.shared(
              run,
              "fails once",
              _ -> {
                if (calls[0]++ == 0) {
                  throw new DbException(ErrorCode.LOG_FAILED, "planted");
                }
                return calls[0];
              });

      Runs.assertFails(ErrorCode.LOG_FAILED, () -> coalescer.join(1, Deadline.NEVER));
      assertThat(coalescer.join(1, Deadline.NEVER)).isEqualTo(2);
    });
  }

  @ParameterizedTest
  @EnumSource
  void aCallerThatGaveUpIsNotSentAndDisturbsNobody(Runs runs) {
    runs.inRun(run -> {
      Gate gate = run.gate();
      boolean[] open = {false};
      List<Integer> sent = new ArrayList<>();
      Coalescer<Integer, Integer> coalescer =
          Coalescer.shared(
              run,
              "slow",
              arguments -> {
                gate.change(() -> sent.addAll(arguments));
                gate.await(() -> open[0], Deadline.NEVER);
                return 0;
              });
      Task first = run.fork("first", () -> coalescer.join(1, Deadline.NEVER));
      gate.await(() -> sent.equals(List.of(1)), Deadline.NEVER);

      Runs.assertFails(ErrorCode.TIMEOUT, () -> coalescer.join(2, Runs.in(run, 5)));
      Task canceled = run.fork("canceled", () -> coalescer.join(3, Deadline.NEVER));
      canceled.cancel();
      canceled.awaitEnd();
      gate.change(() -> open[0] = true);
      coalescer.join(4, Deadline.NEVER);
      first.awaitEnd();

      assertThat(canceled.failure()).get().matches(Canceled::is);
      assertThat(first.failure()).isEmpty();
      assertThat(sent).containsExactly(1, 4);
    });
  }
}
