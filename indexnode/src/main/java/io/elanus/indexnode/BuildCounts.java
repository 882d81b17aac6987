package io.elanus.indexnode;

/// What became of the builds of an index node since its start.
///
/// @param running now
/// @param canceled because the job was somebody else's by then, or the node left
/// @param nanos that all of them took together, as far as they have ended
record BuildCounts(int running, long done, long failed, long canceled, long nanos) {
  static final BuildCounts ZERO = new BuildCounts(0, 0, 0, 0, 0);

  BuildCounts begun() {
    return new BuildCounts(running + 1, done, failed, canceled, nanos);
  }

  BuildCounts doneIn(long took) {
    return new BuildCounts(running - 1, done + 1, failed, canceled, nanos + took);
  }

  BuildCounts failedIn(long took) {
    return new BuildCounts(running - 1, done, failed + 1, canceled, nanos + took);
  }

  BuildCounts canceledIn(long took) {
    return new BuildCounts(running - 1, done, failed, canceled + 1, nanos + took);
  }
}
