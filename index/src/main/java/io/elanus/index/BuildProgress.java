package io.elanus.index;

/// Hears how far a build is.
@FunctionalInterface
public interface BuildProgress {
  /// Hears nothing.
  BuildProgress NONE = (_, _) -> {};

  /// `done` of `total` vectors, or parts of them, are in the index. Called now and then, by any of the building
  /// threads, so `done` may step back a little; the last call has `done == total`.
  void advanced(int done, int total);
}
