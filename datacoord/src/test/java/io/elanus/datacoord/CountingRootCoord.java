package io.elanus.datacoord;

import io.elanus.proto.internal.AllocateIdsRequest;
import io.elanus.proto.internal.AllocateIdsResponse;
import io.elanus.proto.internal.AllocateTimestampRequest;
import io.elanus.proto.internal.AllocateTimestampResponse;
import io.elanus.proto.internal.CreateMarkRequest;
import io.elanus.proto.internal.CreateMarkResponse;
import io.elanus.proto.internal.TouchMarkRequest;
import io.elanus.proto.internal.TouchMarkResponse;
import io.elanus.rpc.internal.RootCoordApi;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/// Gives out ids, timestamps and marks, and knows nothing else.
final class CountingRootCoord {
  private long next = 1_000;

  /// What happens when a mark is made.
  LongConsumer marked = _ -> {};

  /// Marks that nobody needs any more.
  final List<Long> letGo = new ArrayList<>();

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
      case CreateMarkRequest mark -> {
        long at = take(1);
        marked.accept(at);
        yield CreateMarkResponse.newBuilder().setMark(at).build();
      }
      case TouchMarkRequest touch -> {
        letGo.add(touch.getMark());
        yield TouchMarkResponse.newBuilder().setPinned(true).build();
      }
      default -> throw new IllegalArgumentException("not in these tests: " + request);
    };
  }

  private long take(int count) {
    long first = next;
    next += count;
    return first;
  }
}
