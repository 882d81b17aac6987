package io.elanus.proxy.service;

import io.elanus.common.run.Deadline;
import io.elanus.proto.milvus.HybridSearchRequest;
import io.elanus.proto.milvus.QueryRequest;
import io.elanus.proto.milvus.QueryResults;
import io.elanus.proto.milvus.SearchRequest;
import io.elanus.proto.milvus.SearchResults;
import io.elanus.proxy.Invalid;
import io.elanus.proxy.Requests;
import io.elanus.proxy.catalog.CollectionCache;
import io.elanus.proxy.read.Querier;
import io.elanus.proxy.read.Searcher;
import io.elanus.proxy.read.Searcher.Found;
import io.elanus.rpc.status.StatusMapper;

/// Search and query. Neither needs a coordinator while the collection is known and its leaders are well.
public final class ReadService {
  private final CollectionCache collections;
  private final Searcher searcher;
  private final Querier querier;
  private final RowCounts counts;
  private final SlowReads slow;

  public ReadService(
      CollectionCache collections,
      Searcher searcher,
      Querier querier,
      RowCounts counts,
      SlowReads slow) {
    this.collections = collections;
    this.searcher = searcher;
    this.querier = querier;
    this.counts = counts;
    this.slow = slow;
  }

  public SearchResults search(SearchRequest request) {
    Deadline deadline = Requests.deadline();
    Found found =
        slow.watch(
            () -> read(request),
            () ->
                collections.with(
                    Requests.database(request.getDbName()),
                    request.getCollectionName(),
                    view -> searcher.search(view, request, deadline)));
    counts.searched.add(found.results().getNumQueries());
    return SearchResults.newBuilder()
        .setStatus(StatusMapper.success())
        .setCollectionName(request.getCollectionName())
        .setResults(found.results())
        .setSessionTs(found.session())
        .build();
  }

  public SearchResults hybridSearch(HybridSearchRequest request) {
    throw Invalid.notServed("hybrid search");
  }

  public QueryResults query(QueryRequest request) {
    Deadline deadline = Requests.deadline();
    return slow.watch(
        () -> read(request),
        () ->
            collections.with(
                Requests.database(request.getDbName()),
                request.getCollectionName(),
                view -> querier.query(view, request, deadline)));
  }

  private static SlowReads.Read read(SearchRequest request) {
    return new SlowReads.Read(
        "Search",
        request.getCollectionName(),
        request.getNq(),
        request.getDsl(),
        request.getSearchParamsList());
  }

  private static SlowReads.Read read(QueryRequest request) {
    return new SlowReads.Read(
        "Query", request.getCollectionName(), 0, request.getExpr(), request.getQueryParamsList());
  }
}
