package io.elanus.querynode;

import io.elanus.common.meta.Member;
import io.elanus.common.meta.Membership;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.NodeId;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Closer;
import io.elanus.common.run.CpuPool;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.wal.Wal;
import io.elanus.rpc.codec.MemberCodec;
import io.elanus.rpc.internal.QueryNodeApi;
import java.time.Duration;
import java.util.function.Function;

/// A query node: registers, leads the shards querycoord routes to it, serves [QueryNodeApi].
public final class QueryNodeRole implements AutoCloseable {
  public static final String NAME = "querynode";

  private final Closer closer = new Closer();
  private final Membership membership;
  private final QueryNodeService service;

  private QueryNodeRole(QueryNodeConfig config, Ports ports) {
    LogEnds ends = new LogEnds(ports.run(), ports.wal());
    ShardFiles files =
        new ShardFiles(
            ports.meta(),
            ports.wal(),
            ports.objects(),
            new SegmentCache(ports.objects(), config.cache()));
    Leaders leaders =
        closer.add(
            new Leaders(
                ports.run(),
                ports.meta(),
                ports.node(),
                (collection, shard) ->
                    new ShardLeader(ports.run(), ports.wal(), ends, collection, shard, files)));
    service = new QueryNodeService(ports.run(), leaders, ports.cpu(), ports.deadlines());
    membership =
        closer.add(
            Membership.join(
                ports.run(), ports.meta(), ports.member(), MemberCodec::encode, config.leaseTtl()));
  }

  /// What a query node is handed.
  ///
  /// @param member how others find it
  /// @param deadlines the current request's deadline, at most the given time from now
  public record Ports(
      Run run,
      MetaStore meta,
      Wal wal,
      ObjectStore objects,
      CpuPool cpu,
      Member member,
      Function<Duration, Deadline> deadlines) {
    NodeId node() {
      return member.node();
    }
  }

  public static QueryNodeRole start(QueryNodeConfig config, Ports ports) {
    return new QueryNodeRole(config, ports);
  }

  public QueryNodeApi service() {
    return service;
  }

  /// Whether others find this node.
  public boolean isRegistered() {
    return membership.isHeld();
  }

  @Override
  public void close() {
    closer.close();
  }
}
