package io.elanus.datacoord;

import io.elanus.proto.internal.AllocateIdsRequest;
import io.elanus.proto.internal.AllocateIdsResponse;
import io.elanus.proto.internal.AllocateTimestampRequest;
import io.elanus.proto.internal.AllocateTimestampResponse;
import io.elanus.rpc.internal.RootCoordApi;
import java.lang.reflect.Proxy;

/// Gives out ids and timestamps, and knows nothing else.
final class CountingRootCoord {
  private long next = 1_000;

  RootCoordApi api() {
    return (RootCoordApi)
        Proxy.newProxyInstance(
            RootCoordApi.class.getClassLoader(),
            new Class<?>[] {RootCoordApi.class},
            (_, _, arguments) -> answer(arguments[0]));
  }

  private Object answer(Object request) {
    return switch (request) {
      case AllocateTimestampRequest timestamps ->
          AllocateTimestampResponse.newBuilder().setFirst(take(timestamps.getCount())).build();
      case AllocateIdsRequest ids ->
          AllocateIdsResponse.newBuilder().setFirst(take(ids.getCount())).build();
      default -> throw new IllegalArgumentException("not in these tests: " + request);
    };
  }

  private long take(int count) {
    long first = next;
    next += count;
    return first;
  }
}
