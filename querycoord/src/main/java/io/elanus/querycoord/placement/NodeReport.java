package io.elanus.querycoord.placement;

import io.elanus.common.model.CollectionId;
import io.elanus.common.model.SegmentId;
import io.elanus.common.model.ShardId;
import io.elanus.proto.internal.HeldSegment;
import io.elanus.proto.internal.NodeStatusResponse;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What a query node said last.
///
/// @param shards it leads, or is about to lead, because a route says so
/// @param ready segments it answers searches of
public record NodeReport(
    Map<ShardId, Led> shards, Set<SegmentId> ready, long memoryBytes, long usedBytes) {
  public static final NodeReport NOTHING = new NodeReport(Map.of(), Set.of(), 0, 0);

  /// @param progress 0..100
  /// @param manifestVersion the one it serves
  /// @param failure why it does not get further; empty when it does
  public record Led(int progress, boolean serving, long manifestVersion, String failure) {}

  public NodeReport {
    shards = Map.copyOf(shards);
    ready = Set.copyOf(ready);
  }

  public static NodeReport of(NodeStatusResponse status) {
    Map<ShardId, Led> shards =
        status.getShardsList().stream()
            .filter(led -> !led.getCold())
            .collect(
                Collectors.toMap(
                    led -> new ShardId(new CollectionId(led.getCollectionId()), led.getShard()),
                    led ->
                        new Led(
                            Math.clamp(led.getProgress(), 0, 100),
                            led.getServing(),
                            led.getManifestVersion(),
                            led.getFailure()),
                    (first, _) -> first));
    Set<SegmentId> ready =
        status.getSegmentsList().stream()
            .filter(HeldSegment::getReady)
            .map(held -> new SegmentId(held.getSegmentId()))
            .collect(Collectors.toSet());
    return new NodeReport(shards, ready, status.getMemoryBytes(), status.getMemoryUsedBytes());
  }

  public Optional<Led> led(ShardId shard) {
    return Optional.ofNullable(shards.get(shard));
  }

  boolean isServing(ShardId shard) {
    return led(shard).map(Led::serving).orElse(false);
  }
}
