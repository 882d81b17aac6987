package io.elanus.rpc.call;

import com.google.protobuf.Message;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;

/// Lets nobody pass who may not do what the request's type declares.
final class PrivilegeStage implements CallStage {
  private final Authorizer authorizer;

  PrivilegeStage(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  @Override
  public Message around(Call call, Next next) {
    RequiredPrivilege.of(call.request())
        .filter(required -> !authorizer.permits(call, required))
        .ifPresent(required -> {
          throw denied(call.context(), required);
        });
    return next.proceed(call);
  }

  private static DbException denied(RequestContext context, RequiredPrivilege required) {
    return ErrorCode.PRIVILEGE_NOT_PERMITTED.because(
        "%s: permission deny to %s in the `%s` database",
        required.privilege(), context.user(), context.database());
  }
}
