package io.elanus.datanode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.Checkpoint;
import io.elanus.common.manifest.Manifest;
import io.elanus.common.manifest.ManifestCodec;
import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.manifest.ManifestStore.Current;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.CommitOutcome.Committed;
import io.elanus.common.model.CollectionId;
import io.elanus.common.model.ShardId;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.object.ObjectKey;
import io.elanus.common.run.Run;
import io.elanus.common.run.SystemRun;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ManifestCommitTest {
  private static final LogId LOG = new LogId(2);
  private static final ShardId SHARD = new ShardId(new CollectionId(7), 0);

  private final Run run = new SystemRun();
  private final MemoryMetaStore meta = new MemoryMetaStore(run);
  private final MemoryObjectStore objects = new MemoryObjectStore(run);
  private final ManifestStore manifests = new ManifestStore(meta, objects);
  private final ManifestCommit commit = new ManifestCommit(run, meta, objects);

  @Test
  void aManifestCountsOnceItsPointerNamesIt() {
    Ownership owner = own(1);

    Current first = commit.commit(owner, Optional.empty(), manifest(Optional.empty(), 1, 11));
    Current second = commit.commit(owner, Optional.of(first), manifest(Optional.of(first), 1, 12));

    assertThat(manifests.newest(SHARD)).contains(second);
    assertThat(second.manifest().parent()).contains(first.pointer().manifest());
  }

  @Test
  void aManifestThatWasWrittenButNotCommittedIsNobodysBusiness() {
    Ownership owner = own(1);
    Current first = commit.commit(owner, Optional.empty(), manifest(Optional.empty(), 1, 11));
    Manifest written = manifest(Optional.of(first), 1, 12);
    objects.create(ManifestStore.keyOf(written), ManifestCodec.encode(written));

    assertThat(manifests.newest(SHARD)).contains(first);

    Current next = commit.commit(owner, Optional.of(first), manifest(Optional.of(first), 1, 13));
    assertThat(manifests.newest(SHARD)).contains(next);
  }

  @Test
  void aDeposedOwnerCommitsNothing() {
    Ownership deposed = own(1);
    Current first = commit.commit(deposed, Optional.empty(), manifest(Optional.empty(), 1, 11));
    own(2);

    assertLost(
        () -> commit.commit(deposed, Optional.of(first), manifest(Optional.of(first), 1, 12)));
    assertThat(manifests.newest(SHARD)).contains(first);
  }

  @Test
  void aPointerThatMovedIsNotMovedBack() {
    Ownership owner = own(1);
    Current first = commit.commit(owner, Optional.empty(), manifest(Optional.empty(), 1, 11));
    Current second = commit.commit(owner, Optional.of(first), manifest(Optional.of(first), 1, 12));

    assertLost(() -> commit.commit(owner, Optional.of(first), manifest(Optional.of(first), 1, 13)));
    assertThat(manifests.newest(SHARD)).contains(second);
  }

  @Test
  void aCommitWhoseAnswerWasLostIsSentAgainAndFindsItself() {
    Ownership owner = own(1);
    AtomicInteger sent = new AtomicInteger();
    MetaStore losing =
        meta.on(
            new MemoryMetaStore.Faults() {
              @Override
              public void afterCommit(String requestId) {
                if (sent.incrementAndGet() < 3) {
                  throw ErrorCode.OUTCOME_UNKNOWN.because("the answer was lost");
                }
              }
            });

    Current first =
        new ManifestCommit(run, losing, objects)
            .commit(owner, Optional.empty(), manifest(Optional.empty(), 1, 11));

    assertThat(sent).hasValue(3);
    assertThat(manifests.newest(SHARD)).contains(first);
  }

  private Ownership own(long epoch) {
    String key = MetaKeys.owner(LOG);
    var outcome =
        meta.commit(
            "own/" + epoch, List.of(), List.of(new Change.Put(key, new byte[] {(byte) epoch})));
    return new Ownership(LOG, epoch, ((Committed) outcome).revision());
  }

  private static Manifest manifest(Optional<Current> parent, long epoch, long attempt) {
    Optional<ObjectKey> parentKey = parent.map(p -> p.pointer().manifest());
    return new Manifest(
        SHARD,
        parent.map(p -> p.manifest().version()).orElse(0L) + 1,
        epoch,
        attempt,
        parentKey,
        Checkpoint.start(new Position(5, attempt)),
        List.of(),
        List.of(),
        List.of());
  }

  private static void assertLost(Runnable committing) {
    assertThatThrownBy(committing::run)
        .isInstanceOfSatisfying(
            DbException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LEADERSHIP_LOST));
  }
}
