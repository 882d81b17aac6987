package io.elanus.rpc.call;

/// What the public API of one process works on at once.
///
/// @param calls requests under way
public record CallLimits(int calls) {
  /// Half of what the port itself admits.
  public static final CallLimits DEFAULT = new CallLimits(4096);

  public CallLimits {
    if (calls < 1) {
      throw new IllegalArgumentException("call limits must be positive: %d calls".formatted(calls));
    }
  }
}
