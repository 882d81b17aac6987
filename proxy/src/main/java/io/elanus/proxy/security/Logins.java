package io.elanus.proxy.security;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.security.Access;
import io.elanus.common.security.User;
import io.elanus.rpc.call.Authenticator;
import io.elanus.rpc.call.Credentials;
import io.elanus.rpc.call.RequestContext;
import java.util.Optional;

/// Knows users by name and password. There are no API keys.
final class Logins implements Authenticator {
  private final SecurityCopy copy;
  private final Passwords passwords;
  private final FailedLogins failures;
  private final Audit audit;

  Logins(Run run, SecurityCopy copy, Passwords passwords, Audit audit) {
    this.copy = copy;
    this.passwords = passwords;
    this.failures = new FailedLogins(run);
    this.audit = audit;
  }

  @Override
  public Optional<String> userOf(Credentials credentials) {
    Deadline deadline = RequestContext.current().deadline();
    return switch (credentials) {
      case Credentials.Password(String user, String password) -> {
        boolean right =
            isKnown(copy.current(deadline), user, password) || check(user, password, deadline);
        yield right ? Optional.of(user) : Optional.empty();
      }
      case Credentials.ApiKey _ -> {
        audit.loginRefused("an api key");
        yield Optional.empty();
      }
    };
  }

  private boolean isKnown(Access access, String user, String password) {
    return passwords.remembered(user, access.state().findUser(user), password).orElse(false);
  }

  /// By the newest hash: who has changed a password can use it at once. What is known to be wrong costs nothing.
  private boolean check(String user, String password, Deadline deadline) {
    Optional<User> newest = copy.newest(deadline).state().findUser(user);
    Optional<Boolean> known = passwords.remembered(user, newest, password);
    boolean right = known.orElseGet(() -> compute(user, newest, password, deadline));
    if (!right) {
      audit.loginRefused(user);
    }
    return right;
  }

  private boolean compute(String user, Optional<User> newest, String password, Deadline deadline) {
    if (!failures.mayTry(user)) {
      audit.loginRefused(user);
      throw ErrorCode.RATE_LIMIT.with("reason", "too many failed logins of this user");
    }
    boolean right = passwords.matches(user, newest, password, deadline);
    if (!right) {
      failures.failed(user);
    }
    return right;
  }
}
