package io.elanus.rpc.peer;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.error.ErrorKind;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.rpc.binding.RpcMethod;
import io.elanus.rpc.call.RequestContext;
import io.grpc.ServiceDescriptor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Calls to a role that moves from process to process. A call that certainly had no effect, because nobody
/// held the role or the one asked no longer did, is made again to whoever holds it then. What may as well be
/// done twice ([RpcMethod#isRepeatable]) is made again also when its outcome is unknown, or when the one asked
/// was not ready for it.
///
/// After the request's deadline, or after the patience of this, the last failure is the answer; once the outcome of a
/// try is unknown, that of the call is.
public final class PatientCalls<T> implements InvocationHandler {
  /// Short against a takeover, long against what a refused call costs.
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(20), Duration.ofMillis(500));

  private final Run run;
  private final Duration patience;
  private final Supplier<T> current;
  private final Map<Method, RpcMethod> methods;

  private PatientCalls(
      Run run, Duration patience, Supplier<T> current, Map<Method, RpcMethod> methods) {
    this.run = run;
    this.patience = patience;
    this.current = current;
    this.methods = methods;
  }

  /// @param current who holds the role now; throws `SERVICE_UNAVAILABLE` when nobody does
  public static <T> T of(
      Run run, Duration patience, Class<T> api, ServiceDescriptor service, Supplier<T> current) {
    PatientCalls<T> calls =
        new PatientCalls<>(run, patience, current, PeerProxy.methods(api, service));
    return api.cast(Proxy.newProxyInstance(api.getClassLoader(), new Class<?>[] {api}, calls));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    RpcMethod rpc = methods.get(method);
    if (rpc == null) {
      return PeerProxy.ofObject(proxy, method, arguments, "patient caller");
    }
    Deadline deadline = deadline();
    Optional<DbException> unknown = Optional.empty();
    for (int failures = 1; ; failures++) {
      try {
        return call(method, arguments);
      } catch (DbException e) {
        Duration pause = BACKOFF.pause(failures, run.random());
        if (!isWorthRepeating(e, rpc) || deadline.remaining(run).compareTo(pause) <= 0) {
          throw unknown.isPresent() ? afterUnknown(unknown.get(), e) : e;
        }
        if (e.code() == ErrorCode.OUTCOME_UNKNOWN && rpc.hasEffect()) {
          unknown = Optional.of(e);
        }
        run.sleep(pause);
      }
    }
  }

  /// That the last try had no effect says nothing of an earlier one.
  private static DbException afterUnknown(DbException unknown, DbException last) {
    return last.code() == ErrorCode.OUTCOME_UNKNOWN
        ? last
        : new DbException(
            ErrorCode.OUTCOME_UNKNOWN,
            "%s, and when it was tried again: %s".formatted(unknown.text(), last.text()),
            last);
  }

  private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(current.get(), arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private Deadline deadline() {
    Deadline most = Deadline.after(run, patience);
    return RequestContext.find().map(c -> c.deadline().orEarlier(most)).orElse(most);
  }

  private static boolean isWorthRepeating(DbException error, RpcMethod rpc) {
    ErrorCode code = error.code();
    boolean noEffect =
        code == ErrorCode.SERVICE_UNAVAILABLE
            || code == ErrorCode.LEADERSHIP_LOST
            || code == ErrorCode.NODE_NOT_MATCH;
    boolean mayBeBetter = code == ErrorCode.OUTCOME_UNKNOWN || error.kind() == ErrorKind.NOT_READY;
    return noEffect || rpc.isRepeatable() && mayBeBetter;
  }
}
