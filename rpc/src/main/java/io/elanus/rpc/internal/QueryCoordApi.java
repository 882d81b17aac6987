package io.elanus.rpc.internal;

import io.elanus.proto.internal.LoadCollectionRequest;
import io.elanus.proto.internal.LoadCollectionResponse;
import io.elanus.proto.internal.LoadStateRequest;
import io.elanus.proto.internal.LoadStateResponse;
import io.elanus.proto.internal.ReleaseCollectionRequest;
import io.elanus.proto.internal.ReleaseCollectionResponse;

/// Loading and releasing collections, as querycoord serves them. The caller cannot tell whether the role is in this process;
/// failures are `DbException`s either way. Each method is documented in `querycoord.proto`.
public interface QueryCoordApi {
  LoadCollectionResponse loadCollection(LoadCollectionRequest request);

  ReleaseCollectionResponse releaseCollection(ReleaseCollectionRequest request);

  LoadStateResponse loadState(LoadStateRequest request);
}
