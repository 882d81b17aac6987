package io.elanus.rpc.job;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.Collection;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.NodeId;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.proto.internal.OwnerMeta;
import io.elanus.proto.internal.SubmitEditRequest;
import io.elanus.proto.internal.SubmitEditResponse;
import io.elanus.rpc.codec.CatalogCodec;
import io.elanus.rpc.internal.Peers;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Submits an edit to the owner of its shard, whoever that is by now: what took an hour to make is not thrown
/// away because a log changes hands. The same edit may arrive twice; it has its effect once.
public final class OwnerEdits {
  private static final Backoff PAUSE = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

  /// Longer than any takeover takes.
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Run run;
  private final MetaStore meta;
  private final Peers peers;

  public OwnerEdits(Run run, MetaStore meta, Peers peers) {
    this.run = run;
    this.meta = meta;
    this.peers = peers;
  }

  /// Returns when the edit is in a committed manifest.
  ///
  /// @param canceled whether it makes no sense any more
  /// @throws DbException `SEGMENT_NOT_FOUND` when the owner refuses it, `CANCELED`, or why nobody took it in
  ///     time
  public void submit(SubmitEditRequest edit, BooleanSupplier canceled) {
    Deadline deadline = Deadline.after(run, PATIENCE);
    for (int failures = 1; ; failures++) {
      try {
        SubmitEditResponse answer = peers.dataNode(owner(edit)).submitEdit(edit);
        if (!answer.getCommitted()) {
          throw ErrorCode.SEGMENT_NOT_FOUND.because("edit refused: %s", answer.getReason());
        }
        return;
      } catch (DbException e) {
        Duration pause = PAUSE.pause(failures, run.random());
        if (!mayPass(e) || canceled.getAsBoolean() || isShorter(deadline, pause)) {
          throw e;
        }
        run.sleep(pause);
      }
    }
  }

  private boolean isShorter(Deadline deadline, Duration pause) {
    return deadline.remaining(run).compareTo(pause) <= 0;
  }

  private static boolean mayPass(DbException e) {
    return switch (e.kind()) {
      case NOT_READY, LOST_RACE, UNKNOWN_OUTCOME, OVERLOADED -> true;
      case BAD_REQUEST, CORRUPT, CANCELED, DENIED, BUG -> e.code() == ErrorCode.TIMEOUT;
    };
  }

  private NodeId owner(SubmitEditRequest edit) {
    ShardId shard = new ShardId(new CollectionId(edit.getCollectionId()), edit.getShard());
    Collection collection =
        meta.get(MetaKeys.collection(shard.collection()))
            .map(CatalogCodec::collection)
            .orElseThrow(
                () -> ErrorCode.COLLECTION_NOT_FOUND.with("collection", shard.collection()));
    String key = MetaKeys.owner(collection.log(shard));
    return meta.get(key)
        .map(entry -> CatalogCodec.parse(entry, OwnerMeta.parser()))
        .map(owner -> new NodeId(owner.getNodeId()))
        .orElseThrow(() ->
            ErrorCode.CHANNEL_NOT_AVAILABLE.because(
                "log %s has no owner yet", collection.log(shard)));
  }
}
