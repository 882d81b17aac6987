package io.elanus.simulation;

import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.run.SimulatedRun;
import io.elanus.proto.internal.RouteMeta;
import io.elanus.proto.internal.SegmentHolder;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.simulation.Node.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Names query nodes to hold segments, beside what querycoord decides, and far more often: at random, and
/// without regard to who has what.
final class Mover {
  private final SimulatedCluster cluster;
  private final SimulatedRun world;
  private final MetaStore meta;
  private final ManifestStore manifests;
  private final RandomGenerator random;
  private long moves;

  Mover(SimulatedCluster cluster) {
    this.cluster = cluster;
    this.world = cluster.world();
    this.meta = cluster.meta();
    this.manifests = new ManifestStore(meta, cluster.objects());
    this.random = world.random();
  }

  /// Until `end`, on the clock of the world.
  void move(long end) {
    while (world.nanoTime() < end) {
      world.sleep(Duration.ofMillis(random.nextInt(100, 3_000)));
      List<MetaEntry> routes = meta.range(MetaKeys.ROUTES).entries();
      if (!routes.isEmpty()) {
        spread(routes.get(random.nextInt(routes.size())));
      }
    }
  }

  private void spread(MetaEntry route) {
    Map<Long, SegmentHolder.Builder> holders = new TreeMap<>();
    manifests
        .newest(MetaKeys.routedShard(route.key()))
        .ifPresent(
            newest -> newest.manifest().segments().forEach(segment -> name(segment, holders)));
    RouteMeta.Builder changed =
        CatalogCodec.parse(route, RouteMeta.parser()).toBuilder().clearHolders();
    holders.values().forEach(changed::addHolders);
    meta.commit(
        "move-%d".formatted(++moves),
        List.of(new Condition.RevisionIs(route.key(), route.revision())),
        List.of(new Change.Put(route.key(), changed.build().toByteArray())));
  }

  private void name(SegmentEntry segment, Map<Long, SegmentHolder.Builder> holders) {
    List<Node> nodes = cluster.alive(Kind.QUERYNODE);
    if (!nodes.isEmpty() && random.nextBoolean()) {
      long node = nodes.get(random.nextInt(nodes.size())).id().value();
      holders
          .computeIfAbsent(node, id -> SegmentHolder.newBuilder().setNodeId(id))
          .addSegmentIds(segment.id().value());
    }
  }
}
