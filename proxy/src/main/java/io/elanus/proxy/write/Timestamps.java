package io.elanus.proxy.write;

import io.elanus.common.model.CollectionId;
import io.elanus.common.run.Coalescer;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.AllocateTimestampRequest;
import io.elanus.proto.internal.AllocateTimestampResponse;
import io.elanus.rpc.internal.RootCoordApi;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Timestamps from rootcoord. One call serves everybody who waits at that moment, and tells each writer
/// which version its collection has: a word sent after the write arrived, so no older than the write.
public final class Timestamps {
  /// @param collectionVersion of the collection asked for; 0 when it is gone, or none was asked for
  public record Stamp(long timestamp, long collectionVersion) {}

  private final Supplier<RootCoordApi> rootCoord;
  private final Coalescer<Optional<CollectionId>, Stamp> calls;

  /// @param rootCoord who is it now
  public Timestamps(Run run, Supplier<RootCoordApi> rootCoord) {
    this.rootCoord = rootCoord;
    this.calls = Coalescer.each(run, "timestamp", this::allocate);
  }

  /// A fresh timestamp.
  public long now(Deadline deadline) {
    return calls.join(Optional.empty(), deadline).timestamp();
  }

  /// A fresh timestamp, and the version of `collection` at a moment after this call.
  public Stamp confirm(CollectionId collection, Deadline deadline) {
    return calls.join(Optional.of(collection), deadline);
  }

  private List<Stamp> allocate(List<Optional<CollectionId>> wanted) {
    Set<CollectionId> collections = new LinkedHashSet<>();
    wanted.forEach(id -> id.ifPresent(collections::add));
    AllocateTimestampRequest.Builder request =
        AllocateTimestampRequest.newBuilder().setCount(wanted.size());
    collections.forEach(id -> request.addCollectionIds(id.value()));
    AllocateTimestampResponse response = rootCoord.get().allocateTimestamp(request.build());
    return stamps(wanted, response.getFirst(), versions(collections, response));
  }

  private static Map<CollectionId, Long> versions(
      Set<CollectionId> collections, AllocateTimestampResponse response) {
    Map<CollectionId, Long> versions = new HashMap<>();
    int i = 0;
    for (CollectionId id : collections) {
      versions.put(id, response.getCollectionVersions(i++));
    }
    return versions;
  }

  private static List<Stamp> stamps(
      List<Optional<CollectionId>> wanted, long first, Map<CollectionId, Long> versions) {
    List<Stamp> stamps = new ArrayList<>(wanted.size());
    for (Optional<CollectionId> id : wanted) {
      long version = id.map(versions::get).orElse(0L);
      stamps.add(new Stamp(first + stamps.size(), version));
    }
    return stamps;
  }
}
