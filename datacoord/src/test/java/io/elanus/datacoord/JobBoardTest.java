package io.elanus.datacoord;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.model.CollectionId;
import io.elanus.common.model.IndexId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedRun;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class JobBoardTest {
  private static final ShardId SHARD = new ShardId(new CollectionId(7), 0);
  private static final ObjectKey MANIFEST = new ObjectKey("m");
  private static final NodeId A = new NodeId(1);
  private static final NodeId B = new NodeId(2);

  private final SimulatedRun world = new SimulatedRun(5);
  private final JobBoard<IndexPlan.Missing> board = new JobBoard<>(world, Duration.ofSeconds(30));
  private long nextId = 100;

  private void run(Runnable body) {
    world.run(body, Duration.ofMinutes(60));
  }

  private void missing(long... segments) {
    board.put(
        SHARD,
        MANIFEST,
        LongStream.of(segments)
            .mapToObj(s -> new IndexPlan.Missing(SHARD, new SegmentId(s), new IndexId(50), 101))
            .toList());
  }

  /// "segment@job", or "-" when there was none in time.
  private String acquire(NodeId worker, int seconds) {
    if (!board.awaitWork(Deadline.after(world, Duration.ofSeconds(seconds)))) {
      return "-";
    }
    return board
        .acquire(worker, nextId++)
        .map(job -> job.work().segment() + "@" + job.jobId())
        .orElse("-");
  }

  private Optional<String> failure(long index) {
    return board.failure(missing -> missing.index().equals(new IndexId(index)));
  }

  @Test
  void aJobThatIsGivenBackIsHandedOutAtOnce() {
    run(() -> {
      missing(1);
      acquire(A, 0);
      assertThat(board.counts().waiting()).isZero();

      board.giveBack(100, B);
      assertThat(board.counts().waiting()).isZero();
      board.giveBack(100, A);

      assertThat(board.counts().waiting()).isEqualTo(1);
      assertThat(acquire(B, 0)).isEqualTo("1@101");
      assertThat(board.renew(100, A)).isFalse();
    });
  }

  @Test
  void waitingAreThoseThatNobodyHolds() {
    run(() -> {
      missing(1, 2, 3);
      assertThat(board.counts().waiting()).isEqualTo(3);
      acquire(A, 0);
      acquire(A, 0);
      assertThat(board.counts().waiting()).isEqualTo(1);
      board.finish(100, A, "");
      board.finish(101, A, "no memory");
      assertThat(board.counts().waiting()).isEqualTo(1);

      world.sleep(Duration.ofSeconds(40));

      assertThat(board.counts().waiting()).isEqualTo(2);
    });
  }

  @Test
  void countsWhatIsRunningAndWhatBecameOfTheOthers() {
    run(() -> {
      missing(1, 2, 3, 4);
      acquire(A, 0);
      acquire(A, 0);
      acquire(A, 0);
      acquire(B, 0);
      assertThat(board.counts()).isEqualTo(new JobCounts(0, 4, 0, 0, 0, 0));

      board.finish(100, A, "");
      board.finish(101, A, "no memory");
      board.giveBack(102, A);
      assertThat(board.counts()).isEqualTo(new JobCounts(1, 1, 1, 1, 1, 0));

      board.finish(100, A, "");
      assertThat(board.counts().done()).as("said twice").isEqualTo(1);
      world.sleep(Duration.ofSeconds(31));
      assertThat(board.counts().running()).as("its lease ran out").isZero();
      assertThat(acquire(B, 0)).isEqualTo("1@104");
      assertThat(acquire(B, 0)).isEqualTo("2@105");
      assertThat(acquire(B, 0)).isEqualTo("3@106");
      assertThat(board.counts().expired()).isZero();
      assertThat(acquire(B, 0)).isEqualTo("4@107");
      assertThat(board.counts().expired()).isEqualTo(1);
    });
  }

  @Test
  void countsWorkThatTheManifestShowsBeforeItsWorkerSaysSo() {
    run(() -> {
      missing(1, 2);
      acquire(A, 0);
      acquire(A, 0);
      missing();

      board.finish(100, A, "");
      board.finish(100, A, "");
      board.finish(101, A, "the segment is gone");

      assertThat(board.counts().done()).isEqualTo(1);
      assertThat(board.counts().failed()).isZero();
    });
  }

  @Test
  void handsOutEachJobOnceOldestFirst() {
    run(() -> {
      missing(1, 2);

      assertThat(acquire(A, 0)).isEqualTo("1@100");
      assertThat(acquire(B, 0)).isEqualTo("2@101");
      assertThat(acquire(B, 5)).isEqualTo("-");
    });
  }

  @Test
  void aWaitingWorkerIsWokenByWork() {
    run(() -> {
      world.fork(
          "planner",
          () -> {
            world.sleep(Duration.ofSeconds(3));
            missing(1);
          });

      assertThat(acquire(A, 60)).isEqualTo("1@100");
      assertThat(world.nanoTime()).isLessThan(Duration.ofSeconds(4).toNanos());
    });
  }

  @Test
  void aSilentWorkersJobIsHandedOutAgainAfterItsLease() {
    run(() -> {
      missing(1);
      acquire(A, 0);
      world.sleep(Duration.ofSeconds(20));
      assertThat(board.renew(100, A)).isTrue();
      assertThat(board.renew(100, B)).isFalse();

      assertThat(acquire(B, 25)).isEqualTo("-");
      assertThat(acquire(B, 60)).isEqualTo("1@101");
      assertThat(board.renew(100, A)).isFalse();
      board.finish(100, A, "too late");
      assertThat(board.renew(101, B)).isTrue();
    });
  }

  @Test
  void aFailedJobWaitsLongerEachTimeAndSaysWhy() {
    run(() -> {
      missing(1);
      acquire(A, 0);
      board.finish(100, A, "no memory");
      assertThat(failure(50)).contains("no memory");
      assertThat(failure(51)).isEmpty();
      assertThat(acquire(A, 0)).isEqualTo("-");

      assertThat(acquire(A, 2)).isEqualTo("1@101");
      board.finish(101, A, "no memory");
      assertThat(acquire(A, 0)).isEqualTo("-");
      assertThat(acquire(A, 4)).isEqualTo("1@102");
      board.finish(102, A, "");
      assertThat(failure(50)).isEmpty();
    });
  }

  @Test
  void aFinishedJobGoesWithTheNextManifestAndComesBackWithoutIt() {
    run(() -> {
      missing(1, 2);
      acquire(A, 0);
      acquire(A, 0);
      board.finish(100, A, "");
      board.finish(101, A, "");
      missing(1, 2);
      assertThat(acquire(A, 5)).isEqualTo("-");

      missing(2);

      assertThat(acquire(A, 60)).isEqualTo("2@102");
      assertThat(acquire(B, 20)).isEqualTo("-");
    });
  }

  @Test
  void aJobNobodyNeedsAnyMoreIsTakenFromItsWorker() {
    run(() -> {
      missing(1);
      acquire(A, 0);

      board.put(SHARD, MANIFEST, List.of());

      assertThat(board.renew(100, A)).isFalse();
      board.finish(100, A, "gone");
      assertThat(acquire(A, 60)).isEqualTo("-");
    });
  }
}
