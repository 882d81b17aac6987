package io.elanus.rpc.call;

import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.TaskDecorator;
import java.util.Optional;
import java.util.function.Supplier;

/// Who calls, until when, and under which name it is traced. Bound to the call's thread and, by
/// [#carried], to those it forks. Never carries business arguments.
///
/// @param database the request's, else the connection's, else `default`
/// @param user who was authenticated; `root` where authentication is off, as everyone may do
///     everything then
/// @param traceId the client's, or a fresh one
/// @param deadline the client's, or the server's default
/// @param connection the identifier `Connect` gave the client; 0 when it did not connect
public record RequestContext(
    String database, String user, String traceId, Deadline deadline, long connection) {
  public static final String DEFAULT_DATABASE = "default";
  public static final String ROOT = "root";

  private static final ScopedValue<RequestContext> CURRENT = ScopedValue.newInstance();

  /// @throws IllegalStateException outside of a call
  public static RequestContext current() {
    return find().orElseThrow(() -> new IllegalStateException("no call on this thread"));
  }

  /// Empty outside of a call, as in background work.
  public static Optional<RequestContext> find() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  }

  /// Runs `action` within this context.
  public <T> T call(Supplier<T> action) {
    return ScopedValue.where(CURRENT, this).call(action::get);
  }

  /// Takes the context of the forking thread along, for `FanOut`.
  public static TaskDecorator carried() {
    return body ->
        find()
            .<Runnable>map(context -> () -> ScopedValue.where(CURRENT, context).run(body))
            .orElse(body);
  }

  /// Runs `action`, and with it the calls it makes to other roles, with `deadline`: within the context of
  /// the thread, or in one of its own for background work.
  public static <T> T until(Run run, Deadline deadline, Supplier<T> action) {
    return find()
        .map(context -> context.withDeadline(deadline.orEarlier(context.deadline)))
        .orElseGet(
            () -> new RequestContext(DEFAULT_DATABASE, ROOT, TraceId.fresh(run), deadline, 0))
        .call(action);
  }

  public RequestContext withDatabase(String newDatabase) {
    return new RequestContext(newDatabase, user, traceId, deadline, connection);
  }

  public RequestContext withDeadline(Deadline newDeadline) {
    return new RequestContext(database, user, traceId, newDeadline, connection);
  }

  public RequestContext withUser(String newUser) {
    return new RequestContext(database, newUser, traceId, deadline, connection);
  }
}
