package io.elanus.common.run;

/// Carries context (a `ScopedValue`) from the thread that forks to the thread that runs.
///
/// `decorate` is called on the forking thread and captures the context there; what it returns runs
/// on the forked thread and binds the context around `body`.
@FunctionalInterface
public interface TaskDecorator {
  TaskDecorator NONE = body -> body;

  Runnable decorate(Runnable body);
}
