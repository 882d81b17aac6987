package io.elanus.rpc.job;

/// What became of the jobs of a worker since its start.
///
/// @param running now
/// @param canceled because the job was somebody else's by then, or the node left
/// @param nanos that all of them took together, as far as they have ended
public record WorkerCounts(int running, long done, long failed, long canceled, long nanos) {
  static final WorkerCounts ZERO = new WorkerCounts(0, 0, 0, 0, 0);

  WorkerCounts begun() {
    return new WorkerCounts(running + 1, done, failed, canceled, nanos);
  }

  WorkerCounts doneIn(long took) {
    return new WorkerCounts(running - 1, done + 1, failed, canceled, nanos + took);
  }

  WorkerCounts failedIn(long took) {
    return new WorkerCounts(running - 1, done, failed + 1, canceled, nanos + took);
  }

  WorkerCounts canceledIn(long took) {
    return new WorkerCounts(running - 1, done, failed, canceled + 1, nanos + took);
  }
}
