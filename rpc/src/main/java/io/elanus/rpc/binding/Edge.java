package io.elanus.rpc.binding;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;

/// How calls come in and how failures go out: the public API and the calls between roles differ in
/// this and in nothing else.
public interface Edge {
  /// What serves an RPC that has no method.
  ///
  /// @throws IllegalStateException when a service here must be complete: the start fails
  Handler unserved(RpcMethod method);

  /// An answer on its way.
  ///
  /// @param taken to be run when the caller has taken all of it, or never will
  record Answer(Message message, Runnable taken) {
    /// One that nobody counts.
    public static Answer of(Message message) {
      return new Answer(message, () -> {});
    }
  }

  /// Has `handler` answer one call, on the call's own virtual thread.
  ///
  /// @throws StatusRuntimeException what gRPC is to tell the caller instead of a response
  Answer answer(RpcMethod method, Handler handler, RequestBody request, Metadata headers);
}
