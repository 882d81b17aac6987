package io.elanus.rootcoord;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.meta.Member;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.model.NodeId;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.SystemRun;
import io.elanus.common.wal.MemoryWal;
import io.elanus.proto.internal.AllocateTimestampRequest;
import io.elanus.proto.internal.CreateCollectionRequest;
import io.elanus.proto.internal.DropCollectionRequest;
import io.elanus.proto.internal.ListCollectionsRequest;
import io.elanus.rpc.codec.SchemaCodec;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The same role on real threads and clocks.
class RootCoordThreadsTest {
  private final SystemRun run = new SystemRun();
  private final MemoryMetaStore meta = new MemoryMetaStore(run);
  private final MemoryWal wal = new MemoryWal(run, 4);
  private final MemoryObjectStore objects = new MemoryObjectStore(run);

  private RootCoordRole start(int id) {
    Member self = new Member(new NodeId(id), RootCoordRole.NAME, "", "test");
    return RootCoordRole.start(
        RootCoordConfig.DEFAULT, new RootCoordPorts(run, meta, wal, objects), self);
  }

  private void churn(RootCoordRole role, int client) {
    String name = "films_" + client;
    for (int i = 0; i < 5; i++) {
      role.service()
          .createCollection(
              CreateCollectionRequest.newBuilder()
                  .setSchema(SchemaCodec.encode(Films.schema(name, 8)))
                  .setShardCount(2)
                  .build());
      role.service().dropCollection(DropCollectionRequest.newBuilder().setName(name).build());
    }
  }

  private long timestamp(RootCoordRole role) {
    var request = AllocateTimestampRequest.newBuilder().setCount(1).build();
    return role.service().allocateTimestamp(request).getFirst();
  }

  @Test
  void manyClientsCreateAndDropAtOnceAndAStandbyTakesOver() {
    Deadline deadline = Deadline.after(run, Duration.ofSeconds(60));
    RootCoordRole leader = start(1);
    assertThat(leader.awaitLeading(deadline)).isTrue();
    RootCoordRole standby = start(2);
    List<Integer> clients = IntStream.range(0, 8).boxed().toList();

    new FanOut(run).each(clients, deadline, client -> churn(leader, client));
    List<Long> timestamps =
        new FanOut(run)
            .all(IntStream.range(0, 100).boxed().toList(), deadline, _ -> timestamp(leader));
    leader.close();

    assertThat(timestamps).doesNotHaveDuplicates();
    assertThat(standby.awaitLeading(deadline)).isTrue();
    assertThat(timestamp(standby)).isGreaterThan(timestamps.stream().max(Long::compare).get());
    assertThat(
            standby
                .service()
                .listCollections(ListCollectionsRequest.getDefaultInstance())
                .getCollectionsList())
        .isEmpty();
    standby.close();
    assertThat(meta.range(MetaKeys.election("")).entries()).isEmpty();
    meta.close();
    wal.close();
  }
}
