package io.elanus.rpc.call;

import com.google.protobuf.Message;
import io.elanus.rpc.binding.RpcMethod;
import io.grpc.Metadata;
import java.util.List;

/// One call on its way through the stages.
///
/// @param headers as the client sent them; stages read them, methods see the context alone
public record Call(RpcMethod method, Message request, Metadata headers, RequestContext context) {

  public Call withRequest(Message newRequest) {
    return new Call(method, newRequest, headers, context);
  }

  public Call withContext(RequestContext newContext) {
    return new Call(method, request, headers, newContext);
  }

  /// The databases the caller has to be allowed to work in; `*` when any may be meant. Known once the database
  /// of the call is settled.
  public List<String> databases() {
    return DatabaseFields.judged(request, context.database());
  }
}
