package io.elanus.querynode;

import com.google.protobuf.ByteString;
import io.elanus.common.memory.HeapShare;
import io.elanus.common.topk.Ranking;
import io.elanus.common.topk.ScoreRange;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.segment.shard.Cancellation;
import io.elanus.segment.shard.Hit;
import io.elanus.segment.shard.SearchRequest;
import io.elanus.segment.shard.ShardSnapshot;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// The next pages of search iterators. Who looks through all rows for a page finds some more on the way, and keeps them: pages are read as
/// of a mark, so what comes next stays the same, whatever is written meanwhile.
///
/// ```
///  page 1      searched for, with 15 more
///  page 2..16  from what is kept
///  page 17     searched for, from where page 16 ended
/// ```
/// Nothing depends on it: what is not kept, here or because another node is asked now, is searched for.
final class PagesAhead {
  /// So many pages together cost little more than one.
  private static final int PAGES = 16;

  /// Of these pages together, unless one has as many.
  private static final int MAX_ROWS = 16_384;

  /// On the heap, without hits and segments; an estimate.
  private static final long EMPTY_BYTES = 500;

  private static final long SEGMENT_BYTES = 24;

  private final long limitBytes;
  private final AtomicLong served = new AtomicLong();

  // Guarded by `pages`.
  private final Map<Key, Kept> pages = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /// @param limitBytes of all that is kept; what was used least recently goes
  PagesAhead(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /// Of one iterator, over rows of a shard that are read together.
  ///
  /// @param search SHA-256 of the search without what differs between its pages: its filter may be larger than all it finds
  private record Key(ByteString search, ShardSnapshot.Coverage rows) {
    static Key of(SearchShardRequest request, ShardSnapshot snapshot) {
      SearchShardRequest.Builder search =
          request.toBuilder().clearLimit().clearOutputFieldIds().clearFreshness().clearCold();
      if (request.getExact()) { // then these mean nothing, though they follow the limit
        search.clearEf().clearProbes().clearRefine().clearDropRatio();
      }
      if (request.getScores().hasUntil()) {
        search.getScoresBuilder().clearFrom().clearFromExclusive();
      } else {
        search.clearScores();
      }
      return new Key(sha256(search.build().toByteArray()), snapshot.coverage());
    }

    private static ByteString sha256(byte[] bytes) {
      try {
        return ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(bytes));
      } catch (NoSuchAlgorithmException e) { // every JDK has it
        throw new IllegalStateException(e);
      }
    }
  }

  /// @param range where the ranking begins
  /// @param bytes on the heap, with the key
  private record Kept(ScoreRange range, Ranking<Hit> ranking, long bytes) {}

  /// Pages, or parts of such, that were not searched for, since the start.
  long served() {
    return served.get();
  }

  long bytes() {
    synchronized (pages) {
      return bytes;
    }
  }

  /// The page of `plan`, which has one query, of the rows of `snapshot`.
  ///
  /// @param request that `plan` was made of
  List<Hit> page(
      SearchShardRequest request,
      SearchRequest plan,
      ShardSnapshot snapshot,
      Cancellation cancellation,
      HeapShare heap) {
    if (request.getAsOf() == 0 || !request.getWithTies()) { // rows may differ, or pages not follow
      return page(plan, snapshot.ranking(plan, 0, cancellation, heap)).orElseThrow();
    }
    Key key = Key.of(request, snapshot);
    Optional<List<Hit>> known = known(key, plan);
    if (known.isPresent()) {
      served.incrementAndGet();
      return known.get();
    }
    int ahead = ahead(plan.k());
    Ranking<Hit> found = snapshot.ranking(plan, ahead, cancellation, heap);
    List<Hit> page = page(plan, found).orElseThrow();
    if (ahead > 0 && page.size() <= MAX_ROWS) {
      keep(key, plan.range(), found);
    }
    return page;
  }

  /// Rows after a page of so many: of one more page at least, else none.
  private static int ahead(int rows) {
    return rows > MAX_ROWS / 2 ? 0 : Math.min((PAGES - 1) * rows, MAX_ROWS - rows);
  }

  /// Empty when the ranking ends before the page does.
  private static Optional<List<Hit>> page(SearchRequest plan, Ranking<Hit> ranking) {
    return plan.page().of(ranking, plan.metric());
  }

  private Optional<List<Hit>> known(Key key, SearchRequest plan) {
    Optional<Kept> kept;
    synchronized (pages) {
      kept = Optional.ofNullable(pages.get(key));
    }
    return kept.filter(known -> plan.range().beginsIn(known.range(), plan.metric()))
        .flatMap(known -> page(plan, known.ranking()));
  }

  private void keep(Key key, ScoreRange range, Ranking<Hit> found) {
    long size =
        EMPTY_BYTES
            + SEGMENT_BYTES * key.rows().segments().size()
            + found.hits().stream().mapToLong(Hit::heapBytes).sum();
    synchronized (pages) {
      Kept before = pages.remove(key);
      bytes -= before == null ? 0 : before.bytes();
      if (size > limitBytes) {
        return;
      }
      pages.put(key, new Kept(range, found, size));
      bytes += size;
      Iterator<Kept> eldest = pages.values().iterator();
      while (bytes > limitBytes) {
        bytes -= eldest.next().bytes();
        eldest.remove();
      }
    }
  }
}
