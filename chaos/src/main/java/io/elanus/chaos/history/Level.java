package io.elanus.chaos.history;

/// The consistency a read asked for.
public enum Level {
  /// Everything acknowledged before the read began.
  STRONG,
  /// Everything acknowledged longer ago than the bound.
  BOUNDED,
  /// What this session wrote or has seen.
  SESSION,
  /// Anything that ever was.
  EVENTUALLY
}
