package io.elanus.simulation;

import io.elanus.common.run.SimulatedProcess;
import io.elanus.proto.milvus.ConsistencyLevel;
import io.elanus.proto.milvus.SearchRequest;
import io.elanus.proto.milvus.SearchResultData;
import io.elanus.proto.milvus.SearchResults;
import io.elanus.proxy.service.ReadService;
import io.elanus.simulation.ReadChecks.Found;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// A search by an iterator, as SDKs have it, with pauses between its pages that may be longer than its mark is kept.
///
/// ```
///  first kind     a ring of distances each; after the first page, and where one was full, from the distance of its last
///                 hit on, without the hits there are of that distance
///  second kind    what lies behind the last bound, which the answer names
/// ```
final class SearchPages {
  /// No two vectors are as far from each other.
  private static final float FAR = Films.LARGEST * Films.LARGEST * Films.DIMENSION + 1;

  private static final int MOST_PAGES = 8;

  /// Sessions above are marks: the first page was full.
  private static final long ENDED = 3;

  private final SimulatedCluster cluster;
  private final ProxyCalls proxies;
  private final RandomGenerator random;
  private final SimulatedProcess process;
  private final List<Found> found = new ArrayList<>();

  SearchPages(
      SimulatedCluster cluster,
      ProxyCalls proxies,
      RandomGenerator random,
      SimulatedProcess process) {
    this.cluster = cluster;
    this.proxies = proxies;
    this.random = random;
    this.process = process;
  }

  /// @throws io.elanus.common.error.DbException what a proxy answered; what came before it is checked
  void read(long group, ConsistencyLevel level) {
    float[] query = Films.vector(random.nextInt(1_000));
    long session = 0;
    boolean complete = false;
    try {
      boolean second = random.nextBoolean();
      int size = random.nextInt(1, 4);
      float width = random.nextInt(20, 100);
      float from = 0;
      Optional<SearchResultData> last = Optional.empty();
      for (int pages = 0; pages < MOST_PAGES && !complete; pages++) {
        SearchRequest.Builder request = request(query, group, level, size);
        if (session != 0) {
          request.setGuaranteeTimestamp(session);
        }
        if (second) {
          last.ifPresentOrElse(page -> behind(request, page, size), () -> batch(request, size));
        } else if (last.isPresent()) {
          ring(request, group, from, from + width);
        }
        SearchResults answer =
            proxies.ask("search", ReadService.class, reads -> reads.search(request.build()));
        session = answer.getSessionTs();
        SearchResultData page = answer.getResults();
        for (int i = 0; i < page.getScoresCount(); i++) {
          found.add(new Found(page.getIds().getIntId().getData(i), page.getScores(i)));
        }
        boolean full = page.getScoresCount() >= size;
        if (second) {
          complete = !full;
        } else if (found.isEmpty()) {
          complete = true; // it had hits when its mark was made, and has none there
        } else if (full || last.isEmpty()) {
          from = found.getLast().distance();
        } else {
          from += width;
          complete = from > FAR;
        }
        if (session == ENDED) {
          return;
        }
        last = Optional.of(page);
        process.sleep(Duration.ofMillis(random.nextInt(1, random.nextInt(10) == 0 ? 6_000 : 400)));
      }
    } finally {
      if (session > ENDED) {
        cluster.reads().paged(session, query, group, found, complete);
      }
    }
  }

  private static SearchRequest.Builder request(
      float[] query, long group, ConsistencyLevel level, int size) {
    return SearchRequest.newBuilder()
        .setCollectionName(Films.NAME)
        .setNq(1)
        .setPlaceholderGroup(Films.placeholders(query))
        .setDsl("grp == " + group)
        .addSearchParams(Client.pair("topk", "" + size))
        .addSearchParams(Client.pair("anns_field", "v"))
        .addSearchParams(Client.pair("iterator", "True"))
        .addOutputFields("tag")
        .setConsistencyLevel(level)
        .setGuaranteeTimestamp(Client.guarantee(level));
  }

  private static void batch(SearchRequest.Builder request, int size) {
    request
        .addSearchParams(Client.pair("search_iter_v2", "True"))
        .addSearchParams(Client.pair("search_iter_batch_size", "" + size));
  }

  private static void behind(SearchRequest.Builder request, SearchResultData page, int size) {
    batch(request, size);
    var bound = page.getSearchIteratorV2Results();
    request
        .addSearchParams(Client.pair("search_iter_id", bound.getToken()))
        .addSearchParams(Client.pair("search_iter_last_bound", "" + bound.getLastBound()));
  }

  private void ring(SearchRequest.Builder request, long group, float from, float until) {
    request
        .addSearchParams(Client.pair("range_filter", "" + from))
        .addSearchParams(Client.pair("radius", "" + until));
    List<Long> there =
        found.stream().filter(hit -> hit.distance() == from).map(Found::key).distinct().toList();
    if (!there.isEmpty()) {
      request.setDsl("grp == %d && id not in %s".formatted(group, there));
    }
  }
}
