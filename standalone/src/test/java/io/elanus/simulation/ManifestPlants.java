package io.elanus.simulation;

import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.DeleteFileEntry;
import io.elanus.common.manifest.Expiry;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestCodec;
import io.elanus.common.manifest.SegmentEntry;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.manifest.Spill;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.CommitOutcome;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.HybridTimestamp;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import io.elanus.simulation.Client.Habits;
import io.elanus.simulation.Node.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Bugs of manifests, of those who write them and of those who take them up.
final class ManifestPlants {
  private ManifestPlants() {}

  /// Changes manifests as datanodes write them.
  record Manifests(UnaryOperator<Manifest> change) implements Plant {
    @Override
    public ObjectStore objects(Kind kind, SimulatedProcess process, ObjectStore objects, Wal wal) {
      return kind == Kind.DATANODE ? writing(objects, change) : objects;
    }
  }

  /// Changes manifests as processes of one kind read them.
  record Read(Kind by, UnaryOperator<Manifest> change) implements Plant {
    @Override
    public ObjectStore objects(Kind kind, SimulatedProcess process, ObjectStore objects, Wal wal) {
      if (kind != by) {
        return objects;
      }
      return new ThroughObjects(objects) {
        @Override
        public byte[] read(ObjectKey key) {
          byte[] bytes = objects.read(key);
          return isManifest(key) ? changed(bytes, change) : bytes;
        }
      };
    }
  }

  private static byte[] changed(byte[] manifest, UnaryOperator<Manifest> change) {
    return ManifestCodec.encode(change.apply(ManifestCodec.decode(manifest)));
  }

  static boolean isManifest(ObjectKey key) {
    return key.value().endsWith(".manifest");
  }

  static ObjectStore writing(ObjectStore objects, UnaryOperator<Manifest> change) {
    return new ThroughObjects(objects) {
      @Override
      public Created create(ObjectKey key, byte[] bytes) {
        return objects.create(key, isManifest(key) ? changed(bytes, change) : bytes);
      }
    };
  }

  static Manifest withoutLastDeletes(Manifest m) {
    int kept = Math.max(0, m.deleteFiles().size() - 1);
    return with(m, m.segments(), m.deleteFiles().subList(0, kept), m.spill());
  }

  static Manifest withoutLastSegment(Manifest m) {
    int kept = Math.max(0, m.segments().size() - 1);
    return with(m, m.segments().subList(0, kept), m.deleteFiles(), m.spill());
  }

  static Manifest withoutSpill(Manifest m) {
    return with(m, m.segments(), m.deleteFiles(), Optional.empty());
  }

  static final class CheckpointPastRows implements Plant {
    private final Map<ObjectKey, Position> moved = new HashMap<>();

    @Override
    public ObjectStore objects(Kind kind, SimulatedProcess process, ObjectStore objects, Wal wal) {
      if (kind != Kind.DATANODE) {
        return objects;
      }
      return new ThroughObjects(objects) {
        @Override
        public Created create(ObjectKey key, byte[] bytes) {
          if (!isManifest(key)) {
            return objects.create(key, bytes);
          }
          Manifest manifest = ManifestCodec.decode(bytes);
          // the only log in question: with more of them, the end may be another's
          Position end = wal.end(new LogId(0));
          boolean same = end.incarnation() == manifest.checkpoint().position().incarnation();
          Position later = same ? end : manifest.checkpoint().position();
          moved.put(key, later);
          return objects.create(key, ManifestCodec.encode(at(manifest, later)));
        }
      };
    }

    private static Manifest at(Manifest m, Position position) {
      Checkpoint c = m.checkpoint();
      return with(
          m,
          new Checkpoint(
              position,
              c.version(),
              c.ddlSequence(),
              c.horizon(),
              c.dropped(),
              c.writers(),
              c.droppedPartitions(),
              c.expiry(),
              c.writeSlots(),
              c.marks()));
    }

    @Override
    public MetaStore meta(Kind kind, SimulatedProcess process, MetaStore meta) {
      return new Committing(meta, c -> c, this::movedPointer);
    }

    private Change movedPointer(Change change) {
      if (!(change instanceof Change.Put(String key, byte[] value))
          || !key.startsWith(MetaKeys.POINTERS)) {
        return change;
      }
      ShardPointer p = ShardPointerCodec.decode(value);
      ShardPointer next =
          new ShardPointer(
              p.shard(),
              p.manifest(),
              p.version(),
              p.epoch(),
              moved.getOrDefault(p.manifest(), p.checkpoint()),
              p.effectiveVersion(),
              p.horizon(),
              p.oldestReadable(),
              moved.getOrDefault(p.manifest(), p.covered()),
              p.fence());
      return new Change.Put(key, ShardPointerCodec.encode(next));
    }
  }

  /// Commits of a kind of process lack the conditions on some keys.
  record Conditions(Kind of, Predicate<String> lacks) implements Plant {
    @Override
    public MetaStore meta(Kind kind, SimulatedProcess process, MetaStore meta) {
      return kind == of
          ? new Committing(
              meta, all -> all.stream().filter(c -> !lacks.test(c.key())).toList(), c -> c)
          : meta;
    }
  }

  static final class HorizonIgnoresPins implements Plant {
    @Override
    public Habits habits(Habits drawn) {
      return new Habits(2, 0, 10, 0);
    }

    @Override
    public MetaStore meta(Kind kind, SimulatedProcess process, MetaStore meta) {
      return kind == Kind.DATANODE ? new WithoutPins(meta) : meta;
    }
  }

  private static final class WithoutPins extends ThroughMeta {
    WithoutPins(MetaStore meta) {
      super(meta);
    }

    private static boolean isOfPins(String key) {
      return key.startsWith(MetaKeys.PINS);
    }

    @Override
    public Optional<MetaEntry> get(String key) {
      return isOfPins(key) ? Optional.empty() : super.get(key);
    }

    @Override
    public CommitOutcome commit(String requestId, List<Condition> given, List<Change> changes) {
      return super.commit(
          requestId, given.stream().filter(c -> !isOfPins(c.key())).toList(), changes);
    }
  }

  static Manifest withSegments(Manifest m, List<SegmentEntry> segments) {
    return with(m, segments, m.deleteFiles(), m.spill());
  }

  private static Manifest with(
      Manifest m,
      List<SegmentEntry> segments,
      List<DeleteFileEntry> deletes,
      Optional<Spill> spill) {
    return with(m, m.parent(), m.checkpoint(), segments, deletes, spill);
  }

  private static Manifest with(Manifest m, Checkpoint checkpoint) {
    return with(m, m.parent(), checkpoint, m.segments(), m.deleteFiles(), m.spill());
  }

  static Manifest withoutParent(Manifest m) {
    return with(m, Optional.empty(), m.checkpoint(), m.segments(), m.deleteFiles(), m.spill());
  }

  private static Manifest with(
      Manifest m,
      Optional<ObjectKey> parent,
      Checkpoint checkpoint,
      List<SegmentEntry> segments,
      List<DeleteFileEntry> deletes,
      Optional<Spill> spill) {
    return new Manifest(
        m.shard(),
        m.version(),
        m.epoch(),
        m.attempt(),
        parent,
        checkpoint,
        segments,
        deletes,
        m.recentEdits(),
        spill,
        m.staged());
  }

  static Manifest withoutAnyDeletes(Manifest m) {
    return with(m, m.segments(), List.of(), m.spill());
  }

  /// A manifest of a shard whose rows expire looks as if the newest of them were from a second ago.
  static Manifest hurried(Manifest m) {
    Checkpoint c = m.checkpoint();
    if (c.expiry().steps().isEmpty()) {
      return m;
    }
    long secondAgo = c.version() - HybridTimestamp.of(1_000, 0);
    return with(
        m,
        new Checkpoint(
            c.position(),
            c.version(),
            c.ddlSequence(),
            c.horizon(),
            c.dropped(),
            c.writers(),
            c.droppedPartitions(),
            new Expiry(List.of(new Expiry.Step(c.version(), secondAgo))),
            c.writeSlots(),
            c.marks()));
  }
}
