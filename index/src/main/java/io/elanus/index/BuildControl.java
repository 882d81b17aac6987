package io.elanus.index;

import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/// Who builds, who listens, and when to stop.
///
/// - `threads`: at most this many threads work, >= 1. One is the calling thread, which always works
///   itself; the others are tasks given to `executor`. Tasks that the executor starts late or
///   refuses only make the build slower, so building on a thread of a full pool cannot deadlock.
/// - `cancelled`: asked before each vector that is put in its place or encoded; once true the build ends with a CancellationException.
/// - `memory`: for what is large.
public record BuildControl(
    Executor executor,
    int threads,
    BuildProgress progress,
    BooleanSupplier cancelled,
    BuildMemory memory) {

  public BuildControl {
    Checks.require(threads >= 1, "threads %d is below 1", threads);
  }

  /// In direct memory.
  public BuildControl(
      Executor executor, int threads, BuildProgress progress, BooleanSupplier cancelled) {
    this(executor, threads, progress, cancelled, BuildMemory.DIRECT);
  }

  /// The control of one of several parts of equal work: what it has done is so much of the whole.
  BuildControl part(int number, int parts) {
    BuildProgress of =
        (done, total) -> progress.advanced((int) ((long) number * total + done), parts * total);
    return new BuildControl(executor, threads, of, cancelled, memory);
  }

  /// The same, in other memory.
  public BuildControl in(BuildMemory other) {
    return new BuildControl(executor, threads, progress, cancelled, other);
  }

  /// The same, with no thread but the calling one.
  BuildControl alone() {
    return new BuildControl(executor, 1, progress, cancelled, memory);
  }

  /// The same for work that is little beside the rest.
  BuildControl silent() {
    return new BuildControl(executor, threads, BuildProgress.NONE, cancelled, memory);
  }

  /// Builds on the calling thread alone; the result is the same every time.
  public static BuildControl onCallingThread() {
    return new BuildControl(Runnable::run, 1, BuildProgress.NONE, () -> false);
  }
}
