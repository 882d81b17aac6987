package io.elanus.proxy.service;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.proto.internal.ChangeSecurityRequest;
import io.elanus.proto.milvus.Status;
import io.elanus.proxy.Requests;
import io.elanus.proxy.security.ProxySecurity;
import io.elanus.rpc.internal.Peers;
import io.elanus.rpc.status.StatusMapper;

/// Has rootcoord change users, roles and grants, and says so in the audit log. When it returns, the change counts in
/// this proxy.
public final class SecurityChanges {
  private final Peers peers;
  private final ProxySecurity security;

  public SecurityChanges(Peers peers, ProxySecurity security) {
    this.peers = peers;
    this.security = security;
  }

  /// @param legacy what Milvus answers a refusal of this RPC with, beside the code of today
  /// @param about whom or what, for the audit log; no passwords
  Status change(
      ChangeSecurityRequest.Builder request,
      io.elanus.proto.milvus.ErrorCode legacy,
      String about) {
    try {
      peers.rootCoord().changeSecurity(request.build());
    } catch (DbException e) {
      if (e.code() != ErrorCode.INVALID_PARAMETER) {
        throw e;
      }
      return StatusMapper.failure(e, legacy);
    }
    security.audit().changed(request.getCommandCase(), about);
    security.changed(Requests.deadline());
    return StatusMapper.success();
  }
}
