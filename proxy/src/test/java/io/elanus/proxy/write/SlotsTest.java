package io.elanus.proxy.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.proxy.write.Slots.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlotsTest {
  private static final ShardId SHARD = new ShardId(new CollectionId(1), 0);
  private static final ShardId OTHER = new ShardId(new CollectionId(1), 1);

  private final Run run = new SystemRun();
  private final Slots slots = new Slots(run);

  @Test
  void sequencesAreDenseFromOneInEveryShard() {
    assertThat(take(SHARD).sequence()).isEqualTo(1);
    assertThat(take(SHARD).sequence()).isEqualTo(2);
    assertThat(take(OTHER).sequence()).isEqualTo(1);
  }

  @Test
  void theOldestRecordOnItsWayStaysInsideTheWindow() {
    List<Slot> held = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      held.add(take(SHARD));
    }
    held.get(40).close();

    assertThatThrownBy(() -> take(SHARD))
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_MANY_REQUESTS));

    held.get(0).close();
    assertThat(take(SHARD).sequence()).isEqualTo(65);
  }

  @Test
  void whoWaitsGoesOnWhenTheOldestIsDone() {
    List<Slot> held = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      held.add(take(SHARD));
    }
    run.fork(
        "release",
        () -> {
          run.sleep(Duration.ofMillis(30));
          held.getFirst().close();
        });

    Slot next = slots.take(SHARD, Deadline.after(run, Duration.ofSeconds(10)));

    assertThat(next.sequence()).isEqualTo(65);
  }

  private Slot take(ShardId shard) {
    return slots.take(shard, Deadline.after(run, Duration.ofMillis(10)));
  }
}
