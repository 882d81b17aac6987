package io.elanus.index;

/// Hears how far a build is.
@FunctionalInterface
public interface BuildProgress {
  /// Hears nothing.
  BuildProgress NONE = (_, _) -> {};

  /// `done` of `total` vectors are in the graph. Called now and then, by any of the building
  /// threads, so `done` may step back a little; the last call has `done == total`.
  void advanced(int done, int total);
}
