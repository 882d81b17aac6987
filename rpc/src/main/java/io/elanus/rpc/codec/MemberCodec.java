package io.elanus.rpc.codec;

import io.elanus.common.meta.Member;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.model.NodeId;
import io.elanus.proto.internal.NodeMeta;

/// The value of `node/<role>/<node>` and of `election/<role>`: how to reach a process.
public final class MemberCodec {
  private MemberCodec() {}

  public static byte[] encode(Member member) {
    return NodeMeta.newBuilder()
        .setNodeId(member.node().value())
        .setRole(member.role())
        .setAddress(member.address())
        .setVersion(member.version())
        .setZone(member.zone())
        .setMemoryBytes(member.memoryBytes())
        .setDraining(member.draining())
        .build()
        .toByteArray();
  }

  public static Member decode(MetaEntry entry) {
    NodeMeta meta = CatalogCodec.parse(entry, NodeMeta.parser());
    return new Member(
        new NodeId(meta.getNodeId()),
        meta.getRole(),
        meta.getAddress(),
        meta.getVersion(),
        meta.getZone(),
        meta.getMemoryBytes(),
        meta.getDraining());
  }
}
