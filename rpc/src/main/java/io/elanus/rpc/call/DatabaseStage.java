package io.elanus.rpc.call;

import com.google.protobuf.Message;

/// Settles which database a call is about: the request's, else the connection's, else `default`.
/// The context says so afterwards, and so does the request, which the methods read.
final class DatabaseStage implements CallStage {
  @Override
  public Message around(Call call, Next next) {
    Message request = call.request();
    Message filled =
        DatabaseFields.of(request.getDescriptorForType())
            .filled(request, call.context().database());
    RequestContext settled = call.context().withDatabase(call.database());
    return next.proceed(call.withRequest(filled).withContext(settled));
  }
}
