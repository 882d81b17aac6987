package io.elanus.proxy.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.model.NodeId;
import io.elanus.common.run.SimulatedRun;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NodeChoiceTest {
  private static final NodeId A = new NodeId(1);
  private static final NodeId B = new NodeId(2);
  private static final NodeId C = new NodeId(3);

  private static void simulate(java.util.function.BiConsumer<SimulatedRun, NodeChoice> body) {
    SimulatedRun world = new SimulatedRun(5);
    world.run(() -> body.accept(world, new NodeChoice(world)), Duration.ofMinutes(1));
  }

  @Test
  void ofTwoTheOneWithLessWorkIsChosen() {
    simulate((_, choice) ->
        choice.during(
            A,
            () -> {
              for (int i = 0; i < 100; i++) {
                assertThat(choice.choose(List.of(A, B))).isEqualTo(B);
              }
              return choice.outstanding(A);
            }));
  }

  @Test
  void workIsSpreadAndTheBusiestOfThreeIsNeverChosen() {
    simulate((_, choice) -> {
      Map<NodeId, Integer> chosen = new TreeMap<>();
      choice.during(
          B,
          () -> {
            for (int i = 0; i < 300; i++) {
              chosen.merge(choice.choose(List.of(A, B, C)), 1, Integer::sum);
            }
            return chosen;
          });
      assertThat(chosen).containsOnlyKeys(A, C);
      assertThat(chosen.values()).allMatch(count -> count > 100);
      assertThat(choice.outstanding(B)).isZero();
    });
  }

  @Test
  void whatHasJustFailedComesLastForAMoment() {
    simulate((world, choice) -> {
      choice.failed(A);
      for (int i = 0; i < 100; i++) {
        assertThat(choice.choose(List.of(A, B))).isEqualTo(B);
      }
      assertThat(choice.choose(List.of(A))).isEqualTo(A);

      world.sleep(Duration.ofSeconds(2));
      Map<NodeId, Integer> chosen = new TreeMap<>();
      for (int i = 0; i < 100; i++) {
        chosen.merge(choice.choose(List.of(A, B)), 1, Integer::sum);
      }
      assertThat(chosen).containsKeys(A, B);
    });
  }
}
