package io.elanus.rpc.call;

/// What the public API of one process works on at once.
///
/// @param calls requests under way
/// @param bytes of these requests together, decoded
public record CallLimits(int calls, long bytes) {
  /// Half of what the port itself admits; as many bytes as eight of the largest requests.
  public static final CallLimits DEFAULT = new CallLimits(4096, 2L << 30);

  public CallLimits {
    if (calls < 1 || bytes < 1) {
      throw new IllegalArgumentException(
          "call limits must be positive: %d calls, %d bytes".formatted(calls, bytes));
    }
  }
}
