package io.elanus.proxy.security;

import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.rpc.call.Call;
import io.elanus.rpc.call.Credentials;
import io.elanus.rpc.call.RequestContext;
import io.elanus.rpc.call.RequiredPrivilege;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who was refused, and who changed what, in the log `elanus.audit`; never a password. Who is refused all the time
/// does not fill the disk: of refusals so many a second are told one by one, the others are counted.
public final class Audit {
  private static final Logger log = LoggerFactory.getLogger("elanus.audit");
  private static final int PER_SECOND = 20;
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Run run;
  private final Gate gate;

  // guarded by gate
  private long second;
  private int told;
  private long untold;

  public Audit(Run run) {
    this.run = run;
    this.gate = run.gate();
    this.second = run.nanoTime();
  }

  /// @param user as claimed
  void loginRefused(String user) {
    if (mayTell()) {
      log.info(
          "login refused user={} trace={}",
          Credentials.printable(user),
          RequestContext.current().traceId());
    }
  }

  void denied(Call call, RequiredPrivilege required) {
    if (mayTell()) {
      log.info(
          "permission denied user={} call={} privilege={} databases={} trace={}",
          call.context().user(),
          call.method().name(),
          required.privilege(),
          call.databases(),
          call.context().traceId());
    }
  }

  /// @param about whom or what
  public void changed(Enum<?> change, String about) {
    RequestContext context = RequestContext.current();
    log.info(
        "security changed by={} change={} about={} trace={}",
        context.user(),
        change,
        Credentials.printable(about),
        context.traceId());
  }

  private boolean mayTell() {
    long now = run.nanoTime();
    return gate.change(() -> {
      if (now - second >= SECOND) {
        if (untold > 0) {
          log.info("more refusals count={}", untold);
        }
        second = now;
        told = 0;
        untold = 0;
      }
      boolean tell = told < PER_SECOND;
      if (tell) {
        told++;
      } else {
        untold++;
      }
      return tell;
    });
  }
}
