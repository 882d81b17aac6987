package io.elanus.datanode;

import io.elanus.common.manifest.ManifestStore;
import io.elanus.common.meta.Member;
import io.elanus.common.meta.Membership;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.model.NodeId;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.object.ScratchFolder;
import io.elanus.common.run.Closer;
import io.elanus.common.run.Run;
import io.elanus.common.wal.Wal;
import io.elanus.proto.internal.AllocateIdsRequest;
import io.elanus.rpc.codec.MemberCodec;
import io.elanus.rpc.internal.DataNodeApi;
import io.elanus.rpc.internal.Peers;

/// A datanode: registers, takes the logs datacoord gives it, serves [DataNodeApi].
public final class DataNodeRole implements AutoCloseable {
  public static final String NAME = "datanode";

  private final Closer closer = new Closer();
  private final Membership membership;
  private final DataNodeService service;

  private DataNodeRole(DataNodeConfig config, Ports ports) {
    Ids ids = count -> allocate(ports.peers(), count);
    SegmentFiles files =
        new SegmentFiles(
            ports.objects(), ids, ScratchFolder.emptied(config.scratch()), config.segmentRows());
    ManifestCommit commit = new ManifestCommit(ports.run(), ports.meta(), ports.objects());
    ShardFlush flush = new ShardFlush(files, commit, ids);
    ManifestStore manifests = new ManifestStore(ports.meta(), ports.objects());
    LogOwners owners =
        closer.add(
            new LogOwners(
                ports.run(),
                ports.meta(),
                ports.node(),
                ownership ->
                    new LogOwner(
                        ports.run(),
                        ports.wal(),
                        ownership,
                        new OwnedShards(ports.meta(), ports.wal(), manifests),
                        flush,
                        config)));
    service = new DataNodeService(ports.run(), ports.meta(), owners);
    membership =
        closer.add(
            Membership.join(
                ports.run(), ports.meta(), ports.member(), MemberCodec::encode, config.leaseTtl()));
  }

  /// What a datanode is handed.
  ///
  /// @param member how others find it
  public record Ports(
      Run run, MetaStore meta, Wal wal, ObjectStore objects, Peers peers, Member member) {
    NodeId node() {
      return member.node();
    }
  }

  public static DataNodeRole start(DataNodeConfig config, Ports ports) {
    return new DataNodeRole(config, ports);
  }

  public DataNodeApi service() {
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

  private static long allocate(Peers peers, int count) {
    return peers
        .rootCoord()
        .allocateIds(AllocateIdsRequest.newBuilder().setCount(count).build())
        .getFirst();
  }
}
