package io.elanus.common.run;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;

/// Where work that computes for long runs: distance kernels, index builds. Platform threads, as
/// many as cores, one pool per process, with a bounded queue; virtual threads would be kept from
/// their carriers by such work. Work must not wait for anything.
///
/// Under simulation it is [#inline]: computing takes no virtual time and no other thread.
public sealed interface CpuPool extends AutoCloseable permits CpuThreads, InlineCpu {
  static CpuPool fixed(Run run, String name, int threads, int queued) {
    return fixed(run, name, threads, queued, _ -> {});
  }

  /// @param waited is told how long each call waited for a thread, in nanoseconds: until it began, or was
  ///     given up
  static CpuPool fixed(Run run, String name, int threads, int queued, LongConsumer waited) {
    return new CpuThreads(run, name, threads, queued, waited);
  }

  static CpuPool inline(Run run) {
    return new InlineCpu(run);
  }

  /// Runs `work` on a thread of the pool and waits for it. Called by a thread of the pool, runs it
  /// at once. Work that has begun is waited for past the deadline, and past a cancel, because it
  /// works on memory that the caller holds open.
  ///
  /// @throws DbException `TIMEOUT` or `CANCELED` when the work had not begun by then;
  ///     `TOO_MANY_REQUESTS` when the queue is full; whatever `work` throws
  <T> T call(Deadline deadline, Callable<T> work);

  /// Runs work without waiting for it; failures are logged. Throws `TOO_MANY_REQUESTS` as `call`.
  Executor executor();

  /// Called by work between its pieces: when it has computed for a while and others wait, they have the thread
  /// first. So what takes long does not hold up what is short.
  void giveWay();

  /// Work that waits for a thread now.
  int queued();

  /// Lets work that has begun end, refuses the rest.
  @Override
  void close();
}
