package io.elanus.rootcoord;

import io.elanus.common.meta.Election;
import io.elanus.common.meta.Member;
import io.elanus.common.run.Deadline;
import io.elanus.rpc.codec.MemberCodec;
import io.elanus.rpc.internal.RootCoordApi;
import java.util.Optional;

/// The role that owns the catalog, timestamps and ids. Runs for leadership from its start on and serves
/// while it leads; a standby answers `LEADERSHIP_LOST`.
public final class RootCoordRole implements AutoCloseable {
  public static final String NAME = "rootcoord";

  private final Election<RootCoordTerm> election;
  private final RootCoordService service;

  private RootCoordRole(RootCoordConfig config, RootCoordPorts ports, Member self) {
    this.election =
        Election.start(
            ports.run(),
            ports.meta(),
            new Election.Candidate(NAME, MemberCodec.encode(self), config.leaseTtl()),
            leadership -> new RootCoordTerm(ports, config, leadership));
    this.service = new RootCoordService(election);
  }

  /// @param self as others find the leader; its role is [#NAME]
  public static RootCoordRole start(RootCoordConfig config, RootCoordPorts ports, Member self) {
    return new RootCoordRole(config, ports, self);
  }

  public RootCoordApi service() {
    return service;
  }

  /// Waits until this process leads. @return false when `deadline` passed first
  public boolean awaitLeading(Deadline deadline) {
    return election.awaitLeading(deadline);
  }

  public boolean isLeading() {
    return election.isLeading();
  }

  /// How large the catalog is; empty on a standby.
  public Optional<CatalogCounts> counts() {
    return election.findTerm().map(RootCoordTerm::counts);
  }

  @Override
  public void close() {
    election.close();
  }
}
