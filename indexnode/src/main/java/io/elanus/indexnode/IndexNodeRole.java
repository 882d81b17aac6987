package io.elanus.indexnode;

import io.elanus.common.meta.Member;
import io.elanus.common.meta.Membership;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Closer;
import io.elanus.common.run.CpuPool;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Drainable;
import io.elanus.common.run.Run;
import io.elanus.rpc.codec.MemberCodec;
import io.elanus.rpc.internal.IndexNodeApi;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.job.WorkerCounts;
import java.util.List;

/// An index node: registers, pulls jobs, serves [IndexNodeApi].
public final class IndexNodeRole implements Drainable, AutoCloseable {
  public static final String NAME = "indexnode";

  private final Closer closer = new Closer();
  private final Membership membership;
  private final IndexWorker worker;

  private IndexNodeRole(IndexNodeConfig config, Ports ports) {
    membership =
        closer.add(
            Membership.join(
                ports.run(), ports.meta(), ports.member(), MemberCodec::encode, config.leaseTtl()));
    worker = closer.add(new IndexWorker(config, ports));
  }

  /// What an index node is handed.
  ///
  /// @param cpu for builds alone: a build takes all its threads for as long as it lasts
  public record Ports(
      Run run, MetaStore meta, ObjectStore objects, CpuPool cpu, Peers peers, Member member) {}

  public static IndexNodeRole start(IndexNodeConfig config, Ports ports) {
    return new IndexNodeRole(config, ports);
  }

  public IndexNodeApi service() {
    return worker;
  }

  /// Whether others find this node.
  public boolean isRegistered() {
    return membership.isHeld();
  }

  WorkerCounts counts() {
    return worker.counts();
  }

  /// The build at work may be finished in time; else its job is given back.
  @Override
  public List<String> drain(Deadline deadline) {
    membership.drain();
    return worker.drain(deadline);
  }

  @Override
  public void close() {
    closer.close();
  }
}
