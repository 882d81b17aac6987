package io.elanus.querynode;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.memory.HeapShare;
import io.elanus.proto.internal.ScoreRange;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proto.internal.SearchShardResponse;
import io.elanus.segment.shard.Cancellation;
import io.elanus.segment.shard.ShardSnapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PagesAheadTest {
  private static final int ROWS = 2_000;
  private static final int PAGE = 20;
  private static final long MARK = 77;
  private static final int LIMIT = 1 << 20;

  private final FilmsShard shard = new FilmsShard(ROWS);
  private final PagesAhead pages = new PagesAhead(LIMIT);

  @AfterEach
  void close() {
    shard.close();
  }

  private static SearchShardRequest request(long tag, Optional<Float> after) {
    SearchShardRequest.Builder request =
        Films.search(FilmsShard.ID, Films.vector(tag), PAGE)
            .setExact(true)
            .setWithTies(true)
            .setAsOf(MARK);
    after.ifPresent(
        score -> request.setScores(ScoreRange.newBuilder().setFrom(score).setFromExclusive(true)));
    return request.build();
  }

  private SearchShardResponse page(
      PagesAhead ahead, SearchShardRequest request, ShardSnapshot snapshot) {
    return new ShardSearch(request, ahead).here(snapshot, Cancellation.NEVER, HeapShare.UNCOUNTED);
  }

  /// As it is searched for by who keeps nothing.
  private SearchShardResponse alone(SearchShardRequest request, ShardSnapshot snapshot) {
    return page(new PagesAhead(0), request, snapshot);
  }

  private static Optional<Float> last(SearchShardResponse page) {
    return Optional.of(page.getScores(page.getScoresCount() - 1));
  }

  @Test
  void pagesAreTheSameKeptOrNot() {
    try (ShardSnapshot snapshot = shard.snapshot()) {
      List<Long> keys = new ArrayList<>();
      int searched = 0;
      Optional<Float> after = Optional.empty();
      while (keys.size() < ROWS) {
        SearchShardRequest request = request(5, after);
        long served = pages.served();
        SearchShardResponse page = page(pages, request, snapshot);

        assertThat(page).isEqualTo(alone(request, snapshot));
        searched += pages.served() == served ? 1 : 0;
        keys.addAll(page.getKeys().getIntId().getDataList());
        after = last(page);
      }

      assertThat(new HashSet<>(keys)).hasSize(ROWS);
      assertThat(page(pages, request(5, after), snapshot).getScoresCount()).isZero();
      assertThat(searched).isBetween(2, 12);
    }
  }

  @Test
  void whatBeginsBeforeTheKeptOnesIsSearchedFor() {
    try (ShardSnapshot snapshot = shard.snapshot()) {
      Optional<Float> first = last(page(pages, request(5, Optional.empty()), snapshot));
      for (Optional<Float> after = first; pages.served() < 20; ) {
        after = last(page(pages, request(5, after), snapshot));
      }
      long served = pages.served();

      SearchShardResponse second = page(pages, request(5, first), snapshot);

      assertThat(pages.served()).isEqualTo(served);
      assertThat(second).isEqualTo(alone(request(5, first), snapshot));
    }
  }

  @Test
  void otherSearchesAndOtherRowsHaveTheirOwn() {
    Optional<Float> first;
    try (ShardSnapshot before = shard.snapshot()) {
      first = last(page(pages, request(5, Optional.empty()), before));
      page(pages, request(5, first), before);
      assertThat(pages.served()).isEqualTo(1);
      page(pages, request(6, first), before);
      page(pages, request(5, first).toBuilder().setAsOf(MARK + 1).build(), before);
      page(pages, request(5, first).toBuilder().setFilter(Films.tagBelow(100)).build(), before);
    }
    shard.insert(ROWS, ROWS + 500);
    try (ShardSnapshot after = shard.snapshot()) {
      assertThat(page(pages, request(5, first), after)).isEqualTo(alone(request(5, first), after));
    }
    assertThat(pages.served()).isEqualTo(1);
  }

  @Test
  void readsOfThePresentKeepNothing() {
    SearchShardRequest present = request(5, Optional.empty()).toBuilder().clearAsOf().build();
    try (ShardSnapshot snapshot = shard.snapshot()) {
      page(pages, present, snapshot);
      page(pages, present, snapshot);
    }
    assertThat(pages.bytes()).isZero();
    assertThat(pages.served()).isZero();
  }

  @Test
  void whatWasUsedLeastRecentlyMakesRoom() {
    try (ShardSnapshot snapshot = shard.snapshot()) {
      page(pages, request(0, Optional.empty()), snapshot);
      long one = pages.bytes();
      PagesAhead few = new PagesAhead(2 * one + one / 2);
      Optional<Float> after = last(page(few, request(0, Optional.empty()), snapshot));
      page(few, request(1, Optional.empty()), snapshot);
      page(few, request(0, after), snapshot);
      page(few, request(2, Optional.empty()), snapshot);

      long served = few.served();
      page(few, request(0, after), snapshot);
      assertThat(few.served()).isEqualTo(served + 1);
      page(few, request(1, after), snapshot);
      assertThat(few.served()).isEqualTo(served + 1);
    }
  }

  @Test
  void whatFindsNothingTakesRoomToo() {
    try (ShardSnapshot snapshot = shard.snapshot()) {
      SearchShardRequest none =
          request(5, Optional.empty()).toBuilder().setFilter(Films.tagBelow(-1)).build();
      page(pages, none, snapshot);
      assertThat(pages.bytes()).isPositive();

      for (long mark = 1; mark < 3_000; mark++) {
        page(pages, none.toBuilder().setAsOf(mark).build(), snapshot);
        assertThat(pages.bytes()).isLessThanOrEqualTo(LIMIT);
      }
      long served = pages.served();
      page(pages, none, snapshot);
      assertThat(pages.served()).isEqualTo(served);
    }
  }

  @Test
  void pagesOfAnotherSizeAreServedToo() {
    try (ShardSnapshot snapshot = shard.snapshot()) {
      Optional<Float> first = last(page(pages, request(5, Optional.empty()), snapshot));
      SearchShardRequest larger =
          request(5, first).toBuilder().setLimit(3 * PAGE).setEf(3 * PAGE).build();

      SearchShardResponse page = page(pages, larger, snapshot);

      assertThat(page).isEqualTo(alone(larger, snapshot));
      assertThat(pages.served()).isEqualTo(1);
    }
  }

  /// Rows are found again by what names them: there are more blocks by then, and rows in them that the mark does not see.
  @Test
  void pagesOfAnOlderVersionAreServedToLaterSnapshots() {
    SearchShardRequest request = request(5, Optional.empty());
    try (ShardSnapshot before = shard.snapshot()) {
      Optional<Float> first = last(page(pages, request, before));
      SearchShardResponse second = alone(request(5, first), before);

      shard.insert(ROWS, ROWS + 10_000);

      try (ShardSnapshot later = shard.snapshot(before.version())) {
        assertThat(page(pages, request(5, first), later)).isEqualTo(second);
        assertThat(pages.served()).isEqualTo(1);
      }
    }
  }

  @Test
  void rangesKeepTheirEnd() {
    try (ShardSnapshot snapshot = shard.snapshot()) {
      SearchShardRequest all = request(5, Optional.empty());
      float until = alone(all.toBuilder().setLimit(5 * PAGE).build(), snapshot).getScores(4 * PAGE);
      SearchShardRequest range =
          all.toBuilder().setScores(ScoreRange.newBuilder().setUntil(until)).build();
      Optional<Float> last = Optional.empty();
      int rows = 0;
      while (true) {
        SearchShardRequest.Builder next = range.toBuilder();
        last.ifPresent(score -> next.getScoresBuilder().setFrom(score).setFromExclusive(true));
        SearchShardResponse page = page(pages, next.build(), snapshot);
        assertThat(page).isEqualTo(alone(next.build(), snapshot));
        if (page.getScoresCount() == 0) {
          break;
        }
        rows += page.getScoresCount();
        last = last(page);
      }

      assertThat(rows).isBetween(3 * PAGE, 4 * PAGE);
      page(pages, all, snapshot);
      assertThat(page(pages, request(5, last), snapshot).getScores(0)).isEqualTo(until);
    }
  }

  @Test
  void moreThanThereIsRoomForIsNotKept() {
    PagesAhead none = new PagesAhead(100);
    try (ShardSnapshot snapshot = shard.snapshot()) {
      page(none, request(5, Optional.empty()), snapshot);
    }
    assertThat(none.bytes()).isZero();
  }
}
