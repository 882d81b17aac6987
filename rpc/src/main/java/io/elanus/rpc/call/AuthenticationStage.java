package io.elanus.rpc.call;

import com.google.protobuf.Message;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;

/// Lets nobody pass who does not show good credentials, and puts the user into the context.
final class AuthenticationStage implements CallStage {
  private final Authenticator authenticator;

  AuthenticationStage(Authenticator authenticator) {
    this.authenticator = authenticator;
  }

  @Override
  public Message around(Call call, Next next) {
    Credentials credentials = Credentials.require(call.headers());
    String user =
        call.context()
            .call(() -> authenticator.userOf(credentials))
            .orElseThrow(() -> wrong(credentials));
    return next.proceed(call.withContext(call.context().withUser(user)));
  }

  private static DbException wrong(Credentials credentials) {
    String what =
        switch (credentials) {
          case Credentials.Password _ -> "username and password are correct";
          case Credentials.ApiKey _ -> "api key is correct";
        };
    return ErrorCode.NOT_AUTHENTICATED.because("auth check failure, please check %s", what);
  }
}
