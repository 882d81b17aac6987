package io.elanus.common.meta;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.Condition;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.run.Run;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Which life of the cluster this is: drawn when the cluster is made, drawn anew by a restore. Every
/// guard includes it, so that a coordinator of the life before cannot write into the restored store.
///
/// @param id not 0
/// @param revision of the entry
public record Incarnation(long id, long revision) {
  /// The cluster's incarnation; draws one when there is none yet.
  ///
  /// @throws DbException `SERVICE_NOT_READY` while the store is being rebuilt
  public static Incarnation require(Run run, MetaStore store) {
    if (store.get(MetaKeys.REBUILD).isPresent()) {
      throw ErrorCode.SERVICE_NOT_READY.because("the metastore is being rebuilt");
    }
    return find(store).orElseGet(() -> draw(run, store));
  }

  public static Optional<Incarnation> find(MetaStore store) {
    return store.get(MetaKeys.INCARNATION).map(Incarnation::decode);
  }

  /// The value of `cluster/incarnation`.
  ///
  /// @param id not 0
  public static byte[] encode(long id) {
    return Long.toHexString(id).getBytes(StandardCharsets.US_ASCII);
  }

  Condition unchanged() {
    return new Condition.RevisionIs(MetaKeys.INCARNATION, revision);
  }

  /// Several processes may draw at once; the first one counts for all.
  private static Incarnation draw(Run run, MetaStore store) {
    long id = run.random().nextLong(1, Long.MAX_VALUE);
    Commit commit =
        new Commit(
            "incarnation/" + Long.toHexString(id),
            List.of(new Condition.Absent(MetaKeys.INCARNATION)),
            List.of(new Change.Put(MetaKeys.INCARNATION, encode(id))));
    commit.settle(run, store);
    return find(store)
        .orElseThrow(() -> new DbException(ErrorCode.CORRUPT, "the cluster has no incarnation"));
  }

  private static Incarnation decode(MetaEntry entry) {
    String text = new String(entry.value(), StandardCharsets.US_ASCII);
    try {
      return new Incarnation(Long.parseUnsignedLong(text, 16), entry.revision());
    } catch (NumberFormatException e) {
      throw new DbException(ErrorCode.CORRUPT, "not an incarnation: '%s'".formatted(text), e);
    }
  }
}
