package io.elanus.datacoord;

import io.elanus.common.meta.Election;
import io.elanus.common.meta.Member;
import io.elanus.common.run.Deadline;
import io.elanus.rpc.codec.MemberCodec;
import io.elanus.rpc.internal.DataCoordApi;
import java.util.Optional;

/// The role that assigns logs to datanodes and plans flushes and index builds. Runs for leadership from
/// its start on; a standby answers `LEADERSHIP_LOST`.
public final class DataCoordRole implements AutoCloseable {
  public static final String NAME = "datacoord";

  private final Election<DataCoordTerm> election;
  private final DataCoordService service;

  private DataCoordRole(DataCoordConfig config, DataCoordPorts ports, Member self) {
    ShardManifests manifests = new ShardManifests(ports.run(), ports.meta(), ports.objects());
    this.election =
        Election.start(
            ports.run(),
            ports.meta(),
            new Election.Candidate(NAME, MemberCodec.encode(self), config.leaseTtl()),
            leadership -> new DataCoordTerm(ports, config, manifests, leadership));
    this.service = new DataCoordService(ports, config, manifests, election);
  }

  /// @param self as others find the leader; its role is [#NAME]
  public static DataCoordRole start(DataCoordConfig config, DataCoordPorts ports, Member self) {
    return new DataCoordRole(config, ports, self);
  }

  public DataCoordApi service() {
    return service;
  }

  /// Waits until this process leads. @return false when `deadline` passed first
  public boolean awaitLeading(Deadline deadline) {
    return election.awaitLeading(deadline);
  }

  public boolean isLeading() {
    return election.isLeading();
  }

  /// How jobs and nodes stand; empty on a standby.
  public Optional<DataCounts> counts() {
    return election.findTerm().map(DataCoordTerm::counts);
  }

  @Override
  public void close() {
    election.close();
  }
}
