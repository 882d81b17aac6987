package io.elanus.querynode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.memory.HeapShare;
import io.elanus.common.run.CpuPool;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SystemRun;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proto.internal.SearchShardResponse;
import io.elanus.segment.shard.Cancellation;
import io.elanus.segment.shard.ShardSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedScansTest {
  private static final int ROWS = 500;

  private final CpuPool cpu = CpuPool.fixed(new SystemRun(), "cpu", 1, 100);
  private final SharedScans scans = new SharedScans(cpu);
  private final FilmsShard shard = new FilmsShard(ROWS);

  @AfterEach
  void close() {
    cpu.close();
    shard.close();
  }

  @Test
  void thoseInLineGoTogetherAndGetWhatEachWouldGetAlone() throws Exception {
    List<ShardSearch> searches = new ArrayList<>();
    for (long tag = 0; tag < 5; tag++) {
      searches.add(new ShardSearch(exact(tag).build(), new PagesAhead(0)));
    }
    searches.add(new ShardSearch(exact(7).clearOutputFieldIds().build(), new PagesAhead(0)));

    List<SearchShardResponse> found = whileTheCoreIsBusy(searches, Cancellation.NEVER);

    assertThat(scans.together()).isEqualTo(5);
    for (int i = 0; i < searches.size(); i++) {
      assertThat(found.get(i)).isEqualTo(alone(searches.get(i)));
    }
  }

  @Test
  void othersGoByThemselves() throws Exception {
    List<ShardSearch> searches =
        List.of(
            new ShardSearch(exact(1).build(), new PagesAhead(0)),
            new ShardSearch(exact(2).setFilter(Films.tagBelow(100)).build(), new PagesAhead(0)),
            new ShardSearch(exact(3).setLimit(4).build(), new PagesAhead(0)),
            new ShardSearch(exact(3).setExact(false).build(), new PagesAhead(0)),
            new ShardSearch(exact(4).setCollectionId(8).build(), new PagesAhead(0)));

    List<SearchShardResponse> found = whileTheCoreIsBusy(searches, Cancellation.NEVER);

    assertThat(scans.together()).isZero();
    for (int i = 0; i < searches.size(); i++) {
      assertThat(found.get(i)).isEqualTo(alone(searches.get(i)));
    }
  }

  /// One that came first may answer for one that came later, and has to see what that one must see.
  @Test
  void theNewestSnapshotIsReadForAll() throws Exception {
    ShardSearch search = new ShardSearch(exact(ROWS + 3).setLimit(1).build(), new PagesAhead(0));
    try (ShardSnapshot before = shard.snapshot()) {
      shard.insert(ROWS, ROWS + 10);
      try (ShardSnapshot after = shard.snapshot()) {
        List<SearchShardResponse> found =
            whileTheCoreIsBusy(List.of(search, search), List.of(before, after), Cancellation.NEVER);

        assertThat(found.get(1).getScores(0)).isZero();
        assertThat(found.get(1).getReadVersion()).isEqualTo(after.version());
      }
    }
  }

  @Test
  void whatHappensToOneDoesNotHappenToTheOthers() throws Exception {
    ShardSearch search = new ShardSearch(exact(1).build(), new PagesAhead(0));
    Cancellation failsOnce =
        new Cancellation() {
          private boolean failed;

          @Override
          public void check() {
            if (!failed) {
              failed = true;
              throw new DbException(ErrorCode.CANCELED, "by its client");
            }
          }
        };

    List<Future<SearchShardResponse>> found;
    try (ShardSnapshot snapshot = shard.snapshot()) {
      found =
          start(List.of(search, search, search), List.of(snapshot, snapshot, snapshot), failsOnce);
      int answered = 0;
      for (Future<SearchShardResponse> one : found) {
        try {
          assertThat(one.get()).isEqualTo(alone(search));
          answered++;
        } catch (ExecutionException e) {
          assertThat(e.getCause()).isInstanceOf(DbException.class).hasMessageContaining("client");
        }
      }
      assertThat(answered).isEqualTo(2);
    }
  }

  @Test
  void oneThatCannotWaitIsNotTakenAlong() {
    Deadline past = new Deadline(new SystemRun().nanoTime() - 1);
    try (ShardSnapshot snapshot = shard.snapshot()) {
      assertThatThrownBy(() ->
              scans.search(
                  new ShardSearch(exact(1).build(), new PagesAhead(0)),
                  snapshot,
                  past,
                  Cancellation.NEVER,
                  HeapShare.UNCOUNTED))
          .isInstanceOf(DbException.class);
    }
    assertThat(scans.together()).isZero();
  }

  private static SearchShardRequest.Builder exact(long tag) {
    return Films.search(FilmsShard.ID, Films.vector(tag), 10).setExact(true);
  }

  private SearchShardResponse alone(ShardSearch search) {
    try (ShardSnapshot snapshot = shard.snapshot()) {
      return search.here(snapshot, Cancellation.NEVER, HeapShare.UNCOUNTED);
    }
  }

  private List<SearchShardResponse> whileTheCoreIsBusy(
      List<ShardSearch> searches, Cancellation cancellation) throws Exception {
    try (ShardSnapshot snapshot = shard.snapshot()) {
      return whileTheCoreIsBusy(
          searches, searches.stream().map(_ -> snapshot).toList(), cancellation);
    }
  }

  private List<SearchShardResponse> whileTheCoreIsBusy(
      List<ShardSearch> searches, List<ShardSnapshot> snapshots, Cancellation cancellation)
      throws Exception {
    List<SearchShardResponse> found = new ArrayList<>();
    for (Future<SearchShardResponse> one : start(searches, snapshots, cancellation)) {
      found.add(one.get());
    }
    return found;
  }

  /// Has them all get in line before the first begins.
  private List<Future<SearchShardResponse>> start(
      List<ShardSearch> searches, List<ShardSnapshot> snapshots, Cancellation cancellation)
      throws InterruptedException {
    BusyCore core = new BusyCore(cpu);
    List<Future<SearchShardResponse>> found = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < searches.size(); i++) {
        ShardSearch search = searches.get(i);
        ShardSnapshot snapshot = snapshots.get(i);
        found.add(
            threads.submit(() ->
                scans.search(search, snapshot, Deadline.NEVER, cancellation, HeapShare.UNCOUNTED)));
        while (cpu.queued() <= i) {
          Thread.onSpinWait();
        }
      }
      core.letGo();
    }
    return found;
  }
}
