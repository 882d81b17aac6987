package io.elanus.rpc.internal;

import io.elanus.proto.internal.IndexNodeStatusRequest;
import io.elanus.proto.internal.IndexNodeStatusResponse;

/// What an index node is doing. The caller cannot tell whether the role is in this process;
/// failures are `DbException`s either way. Each method is documented in `indexnode.proto`.
public interface IndexNodeApi {
  IndexNodeStatusResponse status(IndexNodeStatusRequest request);
}
