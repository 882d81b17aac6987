package io.elanus.querynode;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.memory.HeapShare;

/// How large a shard's answer may be: as much as the proxy sends to a client. Looked at before anything is
/// copied.
final class AnswerBytes {
  static final long MAX = 100L << 20;

  /// The values, the values in the order of the answer, the message, and its bytes.
  private static final int COPIES = 4;

  private AnswerBytes() {}

  /// Asks `heap` for the values of an answer.
  ///
  /// @throws io.elanus.common.error.DbException `PARAMETER_TOO_LARGE` when they are too many for one
  static void take(HeapShare heap, long bytes) {
    if (bytes > MAX) {
      throw ErrorCode.PARAMETER_TOO_LARGE.because(
          "results exceed the limit of %d bytes, they have about %d bytes: use a smaller limit, or fewer"
              + " output fields",
          MAX, bytes);
    }
    heap.take(COPIES * bytes);
  }
}
