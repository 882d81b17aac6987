package io.elanus.querycoord;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.meta.Member;
import io.elanus.common.meta.MemoryMetaStore;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.model.NodeId;
import io.elanus.common.object.MemoryObjectStore;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SystemRun;
import io.elanus.proto.internal.LoadStateRequest;
import io.elanus.proto.internal.ReleaseCollectionRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The same role on real threads and clocks.
class QueryCoordThreadsTest {
  @Test
  void answersAndClosesInGoodOrder() {
    SystemRun run = new SystemRun();
    MemoryMetaStore meta = new MemoryMetaStore(run);
    Member self = new Member(new NodeId(1), QueryCoordRole.NAME, "", "test");
    QueryCoordPorts ports =
        new QueryCoordPorts(run, meta, new MemoryObjectStore(run), new FakeQueryNodes(run, meta));

    try (QueryCoordRole role = QueryCoordRole.start(QueryCoordConfig.DEFAULT, ports, self)) {
      assertThat(role.awaitLeading(Deadline.after(run, Duration.ofSeconds(60)))).isTrue();
      role.service().releaseCollection(ReleaseCollectionRequest.getDefaultInstance());
      assertThat(role.service().loadState(LoadStateRequest.getDefaultInstance()).getWanted())
          .isFalse();
    }

    assertThat(meta.get(MetaKeys.election(QueryCoordRole.NAME))).isEmpty();
    meta.close();
  }
}
