package io.elanus.rpc.binding;

import com.google.protobuf.Message;

/// What serves one RPC. Runs on the call's own virtual thread, so it may block; it is interrupted
/// when the client goes away or its deadline passes.
@FunctionalInterface
public interface Handler {
  Message answer(Message request);
}
