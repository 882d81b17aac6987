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
import java.util.Set;
import java.util.stream.Stream;

/// Makes a manifest the newest of its shard: writes the object, then compares and sets the shard's pointer.
/// That second step is the one commit point.
///
/// ```
/// object <epoch>-<version>-<attempt>.manifest        created only if absent
/// pointer/<collection>/<shard>                       if unchanged, and owner/<log> unchanged
///                                                    if the horizon rises: and pin/<collection> unchanged
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
    objects.create(ManifestStore.keyOf(next), ManifestCodec.encode(next));
    return point(ownership, parent, next, List.of())
        .orElseThrow(() -> refused(next.shard(), parent));
  }

  /// What became of the marks that a shard has met.
  ///
  /// @param pinned what a manifest keeps readable
  /// @param forgotten what it does not
  record Past(Pinned pinned, Set<Long> forgotten) {}

  /// As [#commit], of a manifest whose horizon may be above its parent's.
  ///
  /// Somebody may pin something meanwhile. That matters only when it is a mark the shard has met and `next` forgets:
  /// new marks come later in the log than what `next` covers.
  ///
  /// @throws io.elanus.common.error.DbException `SERVICE_UNAVAILABLE` when one of `forgotten` was pinned meanwhile
  Current commitRaised(Ownership ownership, Optional<Current> parent, Manifest next, Past past) {
    objects.create(ManifestStore.keyOf(next), ManifestCodec.encode(next));
    Pinned known = past.pinned;
    while (true) {
      Optional<Current> committed = point(ownership, parent, next, List.of(known.unchanged()));
      if (committed.isPresent()) {
        return committed.get();
      }
      Pinned now = Pinned.read(meta, next.shard().collection());
      if (now.isSame(known)) {
        throw refused(next.shard(), parent);
      }
      if (now.marks().stream().anyMatch(past.forgotten::contains)) {
        throw ErrorCode.SERVICE_UNAVAILABLE.because(
            "a mark of shard %s was pinned meanwhile", next.shard());
      }
      known = now;
    }
  }

  /// @param also conditions beyond those of every commit; with others it is another commit
  private Optional<Current> point(
      Ownership ownership, Optional<Current> parent, Manifest next, List<Condition> also) {
    ShardPointer pointer = pointerTo(next, ManifestStore.keyOf(next), parent);
    String key = MetaKeys.pointer(next.shard());
    Commit commit =
        new Commit(
            "manifest/%016x%s".formatted(next.attempt(), suffix(also)),
            Stream.concat(
                    Stream.of(pointerUnchanged(key, parent), ownership.stillHeld()), also.stream())
                .toList(),
            List.of(new Change.Put(key, ShardPointerCodec.encode(pointer))));
    OptionalLong revision = commit.settle(run, meta);
    return revision.isPresent()
        ? Optional.of(new Current(pointer, revision.getAsLong(), next))
        : Optional.empty();
  }

  private static String suffix(List<Condition> also) {
    StringBuilder suffix = new StringBuilder();
    for (Condition condition : also) {
      suffix.append('/').append(condition instanceof Condition.RevisionIs is ? is.revision() : 0);
    }
    return suffix.toString();
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
