package io.elanus.common.run;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One thread that owns a coordinator's state. Commands wait in a bounded queue; the thread takes
/// all that wait, up to a limit, hands them to the handler as one batch, and answers each caller.
///
/// ```
///  submit ──> [ queue ] ──> handle([c1, c2, c3]) ──> [done, failed, done] ──> callers
/// ```
///
/// A handler answers expected errors as outcomes, one per command. An exception that leaves it ends
/// the loop: the state it owns can no longer be trusted. Then and on close, commands not yet handed
/// over fail without effect; those of the batch in hand are `OUTCOME_UNKNOWN`.
public final class CommandLoop<C, A> implements AutoCloseable {
  /// @param queued commands waiting at most; one more is refused with `TOO_MANY_REQUESTS`
  /// @param batch commands handed over at once at most
  public record Limits(int queued, int batch) {
    public Limits {
      if (queued < 1 || batch < 1) {
        throw new IllegalArgumentException("queued %d, batch %d".formatted(queued, batch));
      }
    }
  }

  /// The coordinator's side. Both methods are called by the loop's thread only.
  public interface Handler<C, A> {
    /// @return one outcome per command, in their order
    /// @throws DbException `LEADERSHIP_LOST` says that nothing of the batch took effect; any other
    ///     exception leaves that open. Both end the loop.
    List<Outcome<A>> handle(List<C> commands);

    /// The last call, unless the loop was closed. May start closing what the loop is part of, but
    /// on another thread: closing waits for this one.
    default void ended(DbException reason) {}
  }

  private final Run run;
  private final String name;
  private final Limits limits;
  private final Handler<C, A> handler;
  private final Gate gate;
  private final Task task;

  // guarded by gate
  private final Deque<Caller<C, A>> queue = new ArrayDeque<>();
  private @Nullable DbException endedBy;

  private CommandLoop(Run run, String name, Limits limits, Handler<C, A> handler) {
    this.run = run;
    this.name = name;
    this.limits = limits;
    this.handler = handler;
    this.gate = run.gate();
    this.task = run.fork(name, this::loop);
  }

  public static <C, A> CommandLoop<C, A> start(
      Run run, String name, Limits limits, Handler<C, A> handler) {
    return new CommandLoop<>(run, name, limits, handler);
  }

  /// Blocks until the command is answered.
  ///
  /// @throws DbException what the handler answered; without effect `TOO_MANY_REQUESTS`, `TIMEOUT`,
  ///     `CANCELED`, and once closed `SERVICE_UNAVAILABLE` or `LEADERSHIP_LOST`; `OUTCOME_UNKNOWN`
  ///     when the caller had to go, or the loop ended, after the command was handed over
  public A submit(C command, Deadline deadline) {
    Caller<C, A> caller = new Caller<>(command, new Promise<>(run));
    gate.change(() -> enqueue(caller));
    return await(caller, deadline).orThrow();
  }

  /// Commands waiting now.
  public int queued() {
    return gate.read(queue::size);
  }

  /// As `close(SERVICE_UNAVAILABLE)`.
  @Override
  public void close() {
    close(ErrorCode.SERVICE_UNAVAILABLE);
  }

  /// Refuses and fails callers with `code`, cancels the handler and waits for its end. Not to be
  /// called by the handler.
  public void close(ErrorCode code) {
    end(new DbException(code, "%s is closed".formatted(name)));
    task.cancel();
    task.awaitEnd();
  }

  private void enqueue(Caller<C, A> caller) {
    if (endedBy != null) {
      throw new DbException(endedBy.code(), endedBy.text(), endedBy);
    }
    if (queue.size() == limits.queued) {
      throw new DbException(
          ErrorCode.TOO_MANY_REQUESTS, "%d commands wait for %s".formatted(limits.queued, name));
    }
    queue.add(caller);
  }

  private Outcome<A> await(Caller<C, A> caller, Deadline deadline) {
    try {
      return caller.promise.await(deadline).orElseGet(() -> leave(caller, ErrorCode.TIMEOUT));
    } catch (DbException e) {
      return leave(caller, e.code());
    }
  }

  private Outcome<A> leave(Caller<C, A> caller, ErrorCode code) {
    boolean withdrawn = gate.change(() -> queue.remove(caller));
    if (withdrawn) {
      return Outcome.failed(new DbException(code, "gave up waiting for " + name));
    }
    return caller
        .promise
        .now()
        .orElseGet(() -> Outcome.failed(unknown("gave up waiting for an answer of " + name, null)));
  }

  private void loop() {
    try {
      for (List<Caller<C, A>> batch = take(); !batch.isEmpty(); batch = take()) {
        answer(batch);
      }
    } catch (Throwable e) {
      DbException reason = endReason(e);
      if (end(reason)) {
        handler.ended(reason);
        throw e;
      }
    }
  }

  /// @return what waits, up to the limit; empty when the loop has ended
  private List<Caller<C, A>> take() {
    List<Caller<C, A>> batch = new ArrayList<>();
    gate.await(() -> endedBy != null || takeInto(batch), Deadline.NEVER);
    return batch;
  }

  /// Seeing that somebody waits and taking him is one step: in between he could leave.
  private boolean takeInto(List<Caller<C, A>> batch) {
    while (batch.size() < limits.batch && !queue.isEmpty()) {
      batch.add(queue.remove());
    }
    return !batch.isEmpty();
  }

  private void answer(List<Caller<C, A>> batch) {
    List<Outcome<A>> outcomes;
    try {
      outcomes = handler.handle(batch.stream().map(caller -> caller.argument).toList());
      requireOneEach(batch, outcomes);
    } catch (Throwable e) {
      DbException error = batchError(e);
      batch.forEach(caller -> caller.promise.complete(Outcome.failed(error)));
      throw e;
    }
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).promise.complete(outcomes.get(i));
    }
  }

  private void requireOneEach(List<Caller<C, A>> batch, List<Outcome<A>> outcomes) {
    if (outcomes.size() != batch.size()) {
      throw new IllegalStateException(
          "%s gave %d outcomes for %d commands".formatted(name, outcomes.size(), batch.size()));
    }
  }

  /// @return false when the loop had ended before
  private boolean end(DbException reason) {
    List<Caller<C, A>> refused = new ArrayList<>();
    boolean first =
        gate.change(() -> {
          refused.addAll(queue);
          queue.clear();
          boolean running = endedBy == null;
          endedBy = running ? reason : endedBy;
          return running;
        });
    refused.forEach(caller -> caller.promise.complete(Outcome.failed(reason)));
    return first;
  }

  /// For commands in hand.
  private DbException batchError(Throwable error) {
    return leadershipLost(error)
        .orElseGet(() -> unknown(name + " failed while it handled the command", error));
  }

  /// For commands that wait, or come later.
  private DbException endReason(Throwable error) {
    return leadershipLost(error)
        .orElseGet(
            () -> new DbException(ErrorCode.SERVICE_UNAVAILABLE, name + " has failed", error));
  }

  private static Optional<DbException> leadershipLost(Throwable error) {
    return error instanceof DbException e && e.code() == ErrorCode.LEADERSHIP_LOST
        ? Optional.of(e)
        : Optional.empty();
  }

  private static DbException unknown(String message, @Nullable Throwable cause) {
    return new DbException(ErrorCode.OUTCOME_UNKNOWN, message, cause);
  }
}
