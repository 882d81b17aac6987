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

  public ReadService(
      CollectionCache collections, Searcher searcher, Querier querier, RowCounts counts) {
    this.collections = collections;
    this.searcher = searcher;
    this.querier = querier;
    this.counts = counts;
  }

  public SearchResults search(SearchRequest request) {
    Deadline deadline = Requests.deadline();
    Found found =
        collections.with(
            Requests.database(request.getDbName()),
            request.getCollectionName(),
            view -> searcher.search(view, request, deadline));
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
    return collections.with(
        Requests.database(request.getDbName()),
        request.getCollectionName(),
        view -> querier.query(view, request, deadline));
  }
}
