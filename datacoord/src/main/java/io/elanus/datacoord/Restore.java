package io.elanus.datacoord;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.Snapshot;
import io.elanus.proto.internal.RestoreEndedMeta;
import io.elanus.proto.internal.RestoreMeta;
import io.elanus.proto.internal.RestoreRunningMeta;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.codec.SnapshotCodec;

/// A collection that is being made of a snapshot, or was.
///
/// @param source whose snapshot it is
/// @param target the collection's id, drawn before it is made
/// @param started a timestamp of the oracle
record Restore(
    long id,
    String snapshotName,
    CollectionId source,
    String database,
    String collection,
    CollectionId target,
    long started,
    Phase phase) {
  sealed interface Phase {
    /// What the snapshot names is kept meanwhile, whatever becomes of the snapshot.
    ///
    /// @param made whether the collection is in the catalog, or was: it is not made again
    record Running(Snapshot snapshot, boolean made) implements Phase {}

    record Completed(long ended) implements Phase {}

    record Failed(long ended, String reason) implements Phase {}
  }

  boolean isRunning() {
    return phase instanceof Phase.Running;
  }

  boolean isOf(Snapshot snapshot) {
    return phase instanceof Phase.Running running && running.snapshot().id() == snapshot.id();
  }

  Restore in(Phase next) {
    return new Restore(id, snapshotName, source, database, collection, target, started, next);
  }

  RestoreMeta encode() {
    RestoreMeta.Builder meta =
        RestoreMeta.newBuilder()
            .setRestoreId(id)
            .setSnapshotName(snapshotName)
            .setSourceId(source.value())
            .setTargetDatabase(database)
            .setTargetName(collection)
            .setTargetId(target.value())
            .setStartedTimestamp(started);
    switch (phase) {
      case Phase.Running(var snapshot, var made) ->
          meta.setRunning(
              RestoreRunningMeta.newBuilder()
                  .setSnapshot(SnapshotCodec.encode(snapshot))
                  .setMade(made));
      case Phase.Completed(var ended) ->
          meta.setEnded(RestoreEndedMeta.newBuilder().setTimestamp(ended));
      case Phase.Failed(var ended, var reason) ->
          meta.setEnded(RestoreEndedMeta.newBuilder().setTimestamp(ended).setFailure(reason));
    }
    return meta.build();
  }

  /// @throws io.elanus.common.error.DbException `CORRUPT`
  static Restore decode(MetaEntry entry) {
    RestoreMeta meta = CatalogCodec.parse(entry, RestoreMeta.parser());
    return new Restore(
        meta.getRestoreId(),
        meta.getSnapshotName(),
        new CollectionId(meta.getSourceId()),
        meta.getTargetDatabase(),
        meta.getTargetName(),
        new CollectionId(meta.getTargetId()),
        meta.getStartedTimestamp(),
        phase(meta));
  }

  private static Phase phase(RestoreMeta meta) {
    return switch (meta.getPhaseCase()) {
      case RUNNING ->
          new Phase.Running(
              SnapshotCodec.decode(meta.getRunning().getSnapshot()), meta.getRunning().getMade());
      case ENDED ->
          meta.getEnded().getFailure().isEmpty()
              ? new Phase.Completed(meta.getEnded().getTimestamp())
              : new Phase.Failed(meta.getEnded().getTimestamp(), meta.getEnded().getFailure());
      case PHASE_NOT_SET ->
          throw ErrorCode.CORRUPT.because("restore %d is in no phase", meta.getRestoreId());
    };
  }
}
