package io.elanus.common.run;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/// One fan-out: what is left to begin, what came back, what went wrong. All of it is guarded by
/// `gate`; workers take the next item until there is none or something failed.
final class FanOutCall<T, R> {
  private static final int NOTHING_LEFT = -1;

  private final Run run;
  private final List<T> items;
  private final Function<T, R> fn;
  private final Gate gate;

  private final TreeMap<Integer, R> results = new TreeMap<>();
  private final List<Throwable> errors = new ArrayList<>();
  private int next;
  private boolean stopped;

  FanOutCall(Run run, List<T> items, Function<T, R> fn) {
    this.run = run;
    this.items = items;
    this.fn = fn;
    this.gate = run.gate();
  }

  List<R> run(TaskDecorator decorator, int maxParallel, Deadline deadline) {
    List<Task> workers = new ArrayList<>();
    boolean ended = false;
    try {
      Stream.generate(() -> decorator.decorate(this::work))
          .limit(Math.min(items.size(), maxParallel))
          .forEach(body -> workers.add(run.fork("fan-out", body)));
      ended = gate.await(() -> !errors.isEmpty() || results.size() == items.size(), deadline);
    } finally {
      stop(workers);
    }
    return resultsOrThrow(ended);
  }

  private void work() {
    for (int i = take(); i != NOTHING_LEFT; i = take()) {
      work(i);
    }
  }

  private int take() {
    return gate.change(() -> stopped || next == items.size() ? NOTHING_LEFT : next++);
  }

  private void work(int index) {
    try {
      R result = fn.apply(items.get(index));
      gate.change(() -> results.put(index, result) == null);
    } catch (Throwable e) {
      gate.change(() -> stopped = errors.add(e));
    }
  }

  private void stop(List<Task> workers) {
    boolean unfinished = gate.change(() -> stopped = results.size() < items.size());
    if (unfinished) {
      workers.forEach(Task::cancel);
    }
    workers.forEach(Task::awaitEnd);
  }

  /// Errors that came after the deadline are consequences of being canceled, or too late.
  private List<R> resultsOrThrow(boolean ended) {
    if (results.size() == items.size()) {
      return List.copyOf(results.values());
    }
    if (ended) {
      throw firstError();
    }
    throw new DbException(
        ErrorCode.TIMEOUT,
        "timeout waiting for %d of %d".formatted(items.size() - results.size(), items.size()));
  }

  private RuntimeException firstError() {
    Throwable first = errors.getFirst();
    errors.stream().filter(e -> e != first && !Canceled.is(e)).forEach(first::addSuppressed);
    return switch (first) {
      case Error e -> throw e;
      case RuntimeException e -> e;
      default -> new DbException(ErrorCode.UNEXPECTED, "unexpected error: " + first, first);
    };
  }
}
