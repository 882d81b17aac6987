package io.elanus.datanode;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestCodec;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.manifest.ManifestStore.Current;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.CommitOutcome;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Run;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Makes a manifest the newest of its shard: writes the object, then compares and sets the shard's pointer.
/// That second step is the one commit point.
///
/// ```
/// object <epoch>-<version>-<attempt>.manifest        created only if absent
/// pointer/<collection>/<shard>                       if unchanged, and owner/<log> unchanged
/// ```
final class ManifestCommit {
  private static final Backoff RESEND = new Backoff(Duration.ofMillis(20), Duration.ofSeconds(2));

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
  ///     committed: this owner must start over from what is committed
  Current commit(Ownership ownership, Optional<Current> parent, Manifest next) {
    ObjectKey key = ManifestStore.keyOf(next);
    objects.create(key, ManifestCodec.encode(next));
    ShardPointer pointer = pointerTo(next, key, parent);
    List<Condition> conditions =
        List.of(pointerUnchanged(next.shard(), parent), ownership.stillHeld());
    Change put = new Change.Put(MetaKeys.pointer(next.shard()), ShardPointerCodec.encode(pointer));
    String requestId = "manifest/%016x".formatted(next.attempt());
    long revision = commitUntilKnown(requestId, conditions, put, next.shard());
    return new Current(pointer, revision, next);
  }

  /// An unknown outcome is resolved by sending the same commit again, never by looking.
  private long commitUntilKnown(
      String requestId, List<Condition> conditions, Change change, ShardId shard) {
    for (int attempt = 1; ; attempt++) {
      switch (meta.commit(requestId, conditions, List.of(change))) {
        case CommitOutcome.Committed committed -> {
          return committed.revision();
        }
        case CommitOutcome.Conflict _ ->
            throw ErrorCode.LEADERSHIP_LOST.because(
                "shard %s was committed by another owner, or its log has one", shard);
        case CommitOutcome.Unknown _ -> run.sleep(RESEND.pause(attempt, run.random()));
      }
    }
  }

  private static Condition pointerUnchanged(ShardId shard, Optional<Current> parent) {
    String key = MetaKeys.pointer(shard);
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
        parent.map(p -> p.pointer().oldestReadable()).orElse(next.version()));
  }
}
