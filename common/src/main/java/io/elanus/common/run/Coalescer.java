package io.elanus.common.run;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/// Many callers, one remote call: one call is in flight, one batch waits, who arrives joins the
/// waiting batch.
///
/// A caller gets the result only of a call that was *sent after the caller arrived*. Joining the
/// call in flight would be wrong: what it answers may be older than the caller (a read would miss
/// a write that was acknowledged before the read began).
///
/// ```
///  callers   a    b  c       d
///  calls     [-- a --][-- b c --][-- d --]
/// ```
///
/// A call runs on a thread of its own, so that no caller's cancel or deadline touches the others.
/// The call has to have a limit of time itself: while it hangs, callers wait up to their deadlines.
public final class Coalescer<A, R> {
  /// More callers than any process admits at once; a guard, not a tuning.
  private static final int MAX_WAITING = 65_536;

  private final Run run;
  private final String name;
  private final Function<List<A>, List<R>> call;
  private final Gate gate;

  // guarded by gate
  private List<Caller<A, R>> waiting = new ArrayList<>();
  private boolean flying;

  private Coalescer(Run run, String name, Function<List<A>, List<R>> call) {
    this.run = run;
    this.name = name;
    this.call = call;
    this.gate = run.gate();
  }

  /// All callers of a batch get the one result of `call`.
  public static <A, R> Coalescer<A, R> shared(Run run, String name, Function<List<A>, R> call) {
    return new Coalescer<>(
        run, name, arguments -> Collections.nCopies(arguments.size(), call.apply(arguments)));
  }

  /// `call` answers one result per argument, in their order.
  public static <A, R> Coalescer<A, R> each(Run run, String name, Function<List<A>, List<R>> call) {
    return new Coalescer<>(run, name, call);
  }

  /// Blocks until a call that was sent after this method was entered has come back.
  ///
  /// @throws DbException what the call failed with; `TIMEOUT`; `CANCELED`; `TOO_MANY_REQUESTS`
  public R join(A argument, Deadline deadline) {
    Caller<A, R> caller = new Caller<>(argument, new Promise<>(run));
    boolean grounded = gate.change(() -> enter(caller));
    if (grounded) {
      run.fork(name, this::fly);
    }
    try {
      return caller
          .promise
          .await(deadline)
          .orElseThrow(() -> new DbException(ErrorCode.TIMEOUT, "timeout waiting for " + name))
          .orThrow();
    } catch (RuntimeException e) {
      gate.change(() -> waiting.remove(caller));
      throw e;
    }
  }

  /// @return whether nobody flies, so that the caller has to start a flight
  private boolean enter(Caller<A, R> caller) {
    if (waiting.size() == MAX_WAITING) {
      throw new DbException(
          ErrorCode.TOO_MANY_REQUESTS, "%d callers wait for %s".formatted(MAX_WAITING, name));
    }
    waiting.add(caller);
    boolean grounded = !flying;
    flying = true;
    return grounded;
  }

  private void fly() {
    for (List<Caller<A, R>> batch = take(); !batch.isEmpty(); batch = take()) {
      send(batch);
    }
  }

  private List<Caller<A, R>> take() {
    return gate.change(() -> {
      List<Caller<A, R>> batch = waiting;
      waiting = new ArrayList<>();
      flying = !batch.isEmpty();
      return batch;
    });
  }

  private void send(List<Caller<A, R>> batch) {
    try {
      List<R> results = call.apply(batch.stream().map(caller -> caller.argument).toList());
      requireOneEach(batch, results);
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).promise.complete(Outcome.done(results.get(i)));
      }
    } catch (Throwable e) {
      batch.forEach(caller -> caller.promise.complete(Outcome.failed(e)));
    }
  }

  private void requireOneEach(List<Caller<A, R>> batch, List<R> results) {
    if (results.size() != batch.size()) {
      throw new IllegalStateException(
          "%s gave %d results for %d arguments".formatted(name, results.size(), batch.size()));
    }
  }
}
