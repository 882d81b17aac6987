package io.elanus.datanode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestCodec;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.manifest.ManifestStore.Current;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.meta.Commit;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Run;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Makes a manifest the newest of its shard: writes the object, then compares and sets the shard's pointer.
/// That second step is the one commit point.
///
/// ```
/// object <epoch>-<version>-<attempt>.manifest        created only if absent
/// pointer/<collection>/<shard>                       if unchanged, and owner/<log> unchanged
/// ```
final class ManifestCommit {
  private final Run run;
  private final MetaStore meta;
  private final ObjectStore objects;

  ManifestCommit(Run run, MetaStore meta, ObjectStore objects) {
    this.run = run;
    this.meta = meta;
    this.objects = objects;
  }

  /// @param parent what `next` was made from
  /// @throws io.elanus.common.error.DbException `LEADERSHIP_LOST` when somebody else owns the log or has
  ///     committed: this owner must start over from what is committed, if it is one still;
  ///     `COLLECTION_NOT_FOUND` when the pointer is gone, which goes with its collection alone
  Current commit(Ownership ownership, Optional<Current> parent, Manifest next) {
    ObjectKey key = ManifestStore.keyOf(next);
    objects.create(key, ManifestCodec.encode(next));
    ShardPointer pointer = pointerTo(next, key, parent);
    String pointerKey = MetaKeys.pointer(next.shard());
    Commit commit =
        new Commit(
            "manifest/%016x".formatted(next.attempt()),
            List.of(pointerUnchanged(pointerKey, parent), ownership.stillHeld()),
            List.of(new Change.Put(pointerKey, ShardPointerCodec.encode(pointer))));
    OptionalLong revision = commit.settle(run, meta);
    if (revision.isEmpty()) {
      throw refused(next.shard(), parent);
    }
    return new Current(pointer, revision.getAsLong(), next);
  }

  /// Commits another pointer to the newest manifest.
  ///
  /// @throws io.elanus.common.error.DbException as [#commit]
  Current repoint(Ownership ownership, Current current, ShardPointer pointer) {
    String key = MetaKeys.pointer(pointer.shard());
    Commit commit =
        new Commit(
            "fence/%s/%d/%d/%d"
                .formatted(key, current.revision(), pointer.oldestReadable(), pointer.fence()),
            List.of(pointerUnchanged(key, Optional.of(current)), ownership.stillHeld()),
            List.of(new Change.Put(key, ShardPointerCodec.encode(pointer))));
    OptionalLong revision = commit.settle(run, meta);
    if (revision.isEmpty()) {
      throw refused(pointer.shard(), Optional.of(current));
    }
    return new Current(pointer, revision.getAsLong(), current.manifest());
  }

  private DbException refused(ShardId shard, Optional<Current> parent) {
    if (parent.isPresent() && meta.get(MetaKeys.pointer(shard)).isEmpty()) {
      return ErrorCode.COLLECTION_NOT_FOUND.because("shard %s is gone", shard);
    }
    return ErrorCode.LEADERSHIP_LOST.because(
        "shard %s was committed by another owner, or its log has one", shard);
  }

  private static Condition pointerUnchanged(String key, Optional<Current> parent) {
    return parent
        .<Condition>map(p -> new Condition.RevisionIs(key, p.revision()))
        .orElseGet(() -> new Condition.Absent(key));
  }

  private static ShardPointer pointerTo(Manifest next, ObjectKey key, Optional<Current> parent) {
    return new ShardPointer(
        next.shard(),
        key,
        next.version(),
        next.epoch(),
        next.checkpoint().position(),
        next.checkpoint().version(),
        next.checkpoint().horizon(),
        parent.map(p -> p.pointer().oldestReadable()).orElse(next.version()),
        next.covered(),
        parent.map(p -> p.pointer().fence()).orElse(0L));
  }
}
