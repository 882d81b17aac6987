package io.elanus.rpc.internal;

import io.elanus.proto.internal.NodeStatusRequest;
import io.elanus.proto.internal.NodeStatusResponse;
import io.elanus.proto.internal.PrepareSegmentsRequest;
import io.elanus.proto.internal.PrepareSegmentsResponse;
import io.elanus.proto.internal.QuerySegmentsRequest;
import io.elanus.proto.internal.QuerySegmentsResponse;
import io.elanus.proto.internal.QueryShardRequest;
import io.elanus.proto.internal.QueryShardResponse;
import io.elanus.proto.internal.SearchSegmentsRequest;
import io.elanus.proto.internal.SearchSegmentsResponse;
import io.elanus.proto.internal.SearchShardRequest;
import io.elanus.proto.internal.SearchShardResponse;
import io.elanus.proto.internal.WriteVerdictsRequest;
import io.elanus.proto.internal.WriteVerdictsResponse;

/// Searches and queries of one shard, as its leader serves them, and of segments, as holders do for a leader. The caller cannot tell whether the role is in this process;
/// failures are `DbException`s either way. Each method is documented in `querynode.proto`.
public interface QueryNodeApi {
  SearchShardResponse search(SearchShardRequest request);

  QueryShardResponse query(QueryShardRequest request);

  WriteVerdictsResponse writeVerdicts(WriteVerdictsRequest request);

  NodeStatusResponse nodeStatus(NodeStatusRequest request);

  SearchSegmentsResponse searchSegments(SearchSegmentsRequest request);

  QuerySegmentsResponse querySegments(QuerySegmentsRequest request);

  PrepareSegmentsResponse prepareSegments(PrepareSegmentsRequest request);
}
