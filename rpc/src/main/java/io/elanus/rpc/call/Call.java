package io.elanus.rpc.call;

import com.google.protobuf.Message;
import io.elanus.rpc.binding.RequestBody;
import io.elanus.rpc.binding.RpcMethod;
import io.grpc.Metadata;
import java.util.List;

/// One call on its way through the stages.
///
/// @param headers as the client sent them; stages read them, methods see the context alone
public record Call(RpcMethod method, RequestBody body, Metadata headers, RequestContext context) {
  /// Made of the body's bytes when it is first asked for.
  public Message request() {
    return body.message();
  }

  public Call withRequest(Message newRequest) {
    return new Call(method, body.with(newRequest), headers, context);
  }

  public Call withContext(RequestContext newContext) {
    return new Call(method, body, headers, newContext);
  }

  /// Which database it is about: the request's, else the connection's, also when the request was not read.
  String database() {
    return body.isMade()
        ? DatabaseFields.of(request().getDescriptorForType())
            .selected(request())
            .orElse(context.database())
        : context.database();
  }

  /// The databases the caller has to be allowed to work in; `*` when any may be meant. Known once the database
  /// of the call is settled.
  public List<String> databases() {
    return DatabaseFields.judged(request(), context.database());
  }
}
