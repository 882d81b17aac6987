package io.elanus.indexnode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.model.CollectionId;
import io.elanus.common.run.SimulatedRun;
import io.elanus.common.wal.LogId;
import io.elanus.proto.internal.CollectionMeta;
import io.elanus.proto.internal.OwnerMeta;
import io.elanus.proto.internal.SubmitEditRequest;
import io.elanus.proto.internal.SubmitEditResponse;
import io.elanus.rpc.job.OwnerEdits;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnerEditsTest {
  private final SimulatedRun world = new SimulatedRun(5);
  private final MemoryMetaStore meta = new MemoryMetaStore(world);
  private final FakePeers peers = new FakePeers(world);
  private final OwnerEdits edits = new OwnerEdits(world, meta, peers);
  private int commits;

  private void run(Runnable body) {
    world.run(
        () -> {
          put(
              MetaKeys.collection(new CollectionId(7)),
              CollectionMeta.newBuilder().setId(7).addShardLogs(2).setVersion(1).build());
          own(1);
          body.run();
        },
        Duration.ofHours(1));
  }

  private void put(String key, com.google.protobuf.Message value) {
    meta.commit("c" + commits++, List.of(), List.of(new Change.Put(key, value.toByteArray())));
  }

  private void own(int node) {
    put(MetaKeys.owner(new LogId(2)), OwnerMeta.newBuilder().setNodeId(node).build());
  }

  private void submit() {
    edits.submit(
        SubmitEditRequest.newBuilder().setEditId(77).setCollectionId(7).build(), () -> false);
  }

  @Test
  void anEditFollowsItsLogToTheNextOwner() {
    run(() -> {
      peers.owner =
          node -> {
            if (node.value() == 1) {
              own(2);
              throw ErrorCode.NODE_NOT_MATCH.because("node 1 does not own log 2");
            }
            return SubmitEditResponse.newBuilder().setCommitted(true).build();
          };

      submit();

      assertThat(peers.edits).containsExactly("1: 77", "2: 77");
    });
  }

  @Test
  void anAnswerThatGotLostIsAskedForAgain() {
    run(() -> {
      peers.owner =
          _ -> {
            if (peers.edits.size() < 3) {
              throw ErrorCode.OUTCOME_UNKNOWN.because("sent and then lost");
            }
            return SubmitEditResponse.newBuilder().setCommitted(true).build();
          };

      submit();

      assertThat(peers.edits).containsExactly("1: 77", "1: 77", "1: 77");
    });
  }

  @Test
  void aRefusalIsFinal() {
    run(() -> {
      peers.owner = _ -> SubmitEditResponse.newBuilder().setReason("a segment is gone").build();

      assertThatThrownBy(this::submit).hasMessage("edit refused: a segment is gone");
      assertThat(peers.edits).hasSize(1);
    });
  }

  @Test
  void nobodyIsAskedForEver() {
    run(() -> {
      peers.owner =
          node -> {
            throw ErrorCode.NODE_NOT_FOUND.because("no datanode %s is registered", node);
          };

      assertThatThrownBy(this::submit).hasMessage("no datanode 1 is registered");
      assertThat(world.nanoTime()).isLessThan(Duration.ofMinutes(11).toNanos());
    });
  }
}
