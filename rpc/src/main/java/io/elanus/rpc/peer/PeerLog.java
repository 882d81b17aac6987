package io.elanus.rpc.peer;

import io.elanus.rpc.binding.RpcMethod;

/// Hears of every call of a service between roles when it has ended, on the call's thread: for metrics.
@FunctionalInterface
public interface PeerLog {
  PeerLog NONE = (_, _, _) -> {};

  /// @param code as in `Status.code`; 0 is success
  /// @param nanos from the request to the answer
  void ended(RpcMethod method, int code, long nanos);

  /// Tells `other` as well.
  default PeerLog and(PeerLog other) {
    return (method, code, nanos) -> {
      ended(method, code, nanos);
      other.ended(method, code, nanos);
    };
  }
}
