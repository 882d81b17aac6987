package io.elanus.simulation;

import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.proto.internal.FenceShardRequest;
import io.elanus.simulation.Chaos.Fault;
import io.elanus.simulation.Node.Kind;
import java.util.List;
import java.util.Optional;

/// Bugs of the sweeper.
final class SweepPlants {
  private SweepPlants() {}

  /// Older manifests are out of reach, but whoever wakes up late commits what was deleted meanwhile.
  static final class SweptByTimeAlone implements Plant {
    @Override
    public MetaStore meta(Kind kind, SimulatedProcess process, MetaStore meta) {
      return kind == Kind.COORDINATOR ? new Fenced(meta) : meta;
    }

    @Override
    public Object request(SimulatedProcess process, Object request) {
      return request instanceof FenceShardRequest fence
          ? fence.toBuilder().setFence(0).build()
          : request;
    }

    @Override
    public double chance(Fault fault, double drawn) {
      return switch (fault) {
        case BUILDER_HESITATES -> 0.8;
        case HESITATES_AFTER_UPLOAD -> 0;
        default -> drawn;
      };
    }
  }

  /// Shows pointers as if all attempts were kept out.
  private static final class Fenced extends ThroughMeta {
    Fenced(MetaStore meta) {
      super(meta);
    }

    @Override
    public Optional<MetaEntry> get(String key) {
      return super.get(key)
          .map(entry ->
              key.startsWith(MetaKeys.POINTERS)
                  ? new MetaEntry(key, fenced(entry.value()), entry.revision())
                  : entry);
    }

    private static byte[] fenced(byte[] value) {
      ShardPointer pointer = ShardPointerCodec.decode(value);
      return ShardPointerCodec.encode(pointer.swept(0, Long.MAX_VALUE));
    }
  }

  /// Nobody finds the snapshots of one collection.
  static final class SnapshotsNotKept implements Plant {
    @Override
    public MetaStore meta(Kind kind, SimulatedProcess process, MetaStore meta) {
      return kind == Kind.COORDINATOR ? new WithoutSnapshots(meta) : meta;
    }
  }

  private static final class WithoutSnapshots extends ThroughMeta {
    WithoutSnapshots(MetaStore meta) {
      super(meta);
    }

    @Override
    public MetaRange range(String prefix) {
      boolean ofOne =
          prefix.startsWith(MetaKeys.SNAPSHOTS) && prefix.length() > MetaKeys.SNAPSHOTS.length();
      MetaRange found = super.range(prefix);
      return ofOne ? new MetaRange(List.of(), found.revision()) : found;
    }
  }
}
