package io.elanus.querycoord;

import io.elanus.common.meta.Election;
import io.elanus.common.meta.Member;
import io.elanus.common.run.Deadline;
import io.elanus.rpc.codec.MemberCodec;
import io.elanus.rpc.internal.QueryCoordApi;
import java.util.Optional;

/// The role that decides which collections are served and which query node leads which shard. Runs for
/// leadership from its start on; a standby answers `LEADERSHIP_LOST`.
public final class QueryCoordRole implements AutoCloseable {
  public static final String NAME = "querycoord";

  private final Election<QueryCoordTerm> election;
  private final QueryCoordService service;

  private QueryCoordRole(QueryCoordConfig config, QueryCoordPorts ports, Member self) {
    this.election =
        Election.start(
            ports.run(),
            ports.meta(),
            new Election.Candidate(NAME, MemberCodec.encode(self), config.leaseTtl()),
            leadership -> new QueryCoordTerm(ports, config, leadership));
    this.service = new QueryCoordService(ports, election);
  }

  /// @param self as others find the leader; its role is [#NAME]
  public static QueryCoordRole start(QueryCoordConfig config, QueryCoordPorts ports, Member self) {
    return new QueryCoordRole(config, ports, self);
  }

  public QueryCoordApi service() {
    return service;
  }

  /// Waits until this process leads. @return false when `deadline` passed first
  public boolean awaitLeading(Deadline deadline) {
    return election.awaitLeading(deadline);
  }

  public boolean isLeading() {
    return election.isLeading();
  }

  /// How much is served, and how much is on the move; empty on a standby.
  public Optional<ServingCounts> counts() {
    return election.findTerm().map(QueryCoordTerm::counts);
  }

  @Override
  public void close() {
    election.close();
  }
}
