package io.elanus.datacoord;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.meta.Member;
import io.elanus.common.meta.Membership;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.model.NodeId;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SystemRun;
import io.elanus.common.wal.MemoryWal;
import io.elanus.proto.internal.AcquireJobRequest;
import io.elanus.rpc.codec.MemberCodec;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The same role on real threads and clocks.
class DataCoordThreadsTest {
  @Test
  void assignsLogsAndClosesWhileAWorkerWaits() {
    SystemRun run = new SystemRun();
    MemoryMetaStore meta = new MemoryMetaStore(run);
    MemoryWal wal = new MemoryWal(run, 4);
    Deadline deadline = Deadline.after(run, Duration.ofSeconds(60));
    Member self = new Member(new NodeId(1), DataCoordRole.NAME, "", "test");
    DataCoordPorts ports =
        new DataCoordPorts(run, meta, wal, new MemoryObjectStore(run), new FakePeers());

    try (DataCoordRole role = DataCoordRole.start(DataCoordConfig.DEFAULT, ports, self);
        Membership member = join(run, meta)) {
      assertThat(role.awaitLeading(deadline)).isTrue();
      while (meta.range(MetaKeys.OWNERS).entries().size() < 4 || !member.isHeld()) {
        deadline.check(run, "owners");
        run.sleep(Duration.ofMillis(10));
      }
      run.fork("worker", () -> role.service().acquireJob(waiting()));
      run.sleep(Duration.ofMillis(100));
    }

    assertThat(meta.range("election/").entries()).isEmpty();
    assertThat(meta.range("node/").entries()).isEmpty();
    meta.close();
    wal.close();
  }

  private static Membership join(SystemRun run, MemoryMetaStore meta) {
    Member node = new Member(new NodeId(5), "datanode", "", "test");
    return Membership.join(run, meta, node, MemberCodec::encode, Duration.ofSeconds(10));
  }

  private static AcquireJobRequest waiting() {
    return AcquireJobRequest.newBuilder().setNodeId(31).setWaitMillis(60_000).build();
  }
}
