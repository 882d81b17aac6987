package io.elanus.common.run;

/// A running hash over every choice of a simulation: two runs with equal hashes took equal ways.
final class Trace {
  private long hash = 0x9E37_79B9_7F4A_7C15L;
  private long choiceCount;

  void note(long taskId, long virtualNanos) {
    mix(taskId);
    mix(virtualNanos);
    choiceCount++;
  }

  long hash() {
    return hash;
  }

  long choiceCount() {
    return choiceCount;
  }

  private void mix(long value) {
    hash = Long.rotateLeft(hash ^ value, 27) * 0xBF58_476D_1CE4_E5B9L + 0x94D0_49BB_1331_11EBL;
  }
}
