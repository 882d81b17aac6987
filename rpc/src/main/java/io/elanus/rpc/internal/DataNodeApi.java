package io.elanus.rpc.internal;

import io.elanus.proto.internal.DataNodeStatusRequest;
import io.elanus.proto.internal.DataNodeStatusResponse;
import io.elanus.proto.internal.FenceShardRequest;
import io.elanus.proto.internal.FenceShardResponse;
import io.elanus.proto.internal.FlushLogRequest;
import io.elanus.proto.internal.FlushLogResponse;
import io.elanus.proto.internal.FlushShardsRequest;
import io.elanus.proto.internal.FlushShardsResponse;
import io.elanus.proto.internal.SubmitEditRequest;
import io.elanus.proto.internal.SubmitEditResponse;
import io.elanus.proto.internal.UnflushedRowsRequest;
import io.elanus.proto.internal.UnflushedRowsResponse;

/// What the owner of a log does for others. The caller cannot tell whether the role is in this process;
/// failures are `DbException`s either way. Each method is documented in `datanode.proto`.
public interface DataNodeApi {
  FlushShardsResponse flushShards(FlushShardsRequest request);

  SubmitEditResponse submitEdit(SubmitEditRequest request);

  FlushLogResponse flushLog(FlushLogRequest request);

  UnflushedRowsResponse unflushedRows(UnflushedRowsRequest request);

  FenceShardResponse fenceShard(FenceShardRequest request);

  DataNodeStatusResponse dataNodeStatus(DataNodeStatusRequest request);
}
