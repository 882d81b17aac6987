package io.elanus.segment.tail;

/// What a record means to its shard. The same for every consumer, from any checkpoint.
public sealed interface Verdict {
  /// The record takes effect, at this effective version.
  record Applied(long version) implements Verdict {}

  /// The record has no effect and takes no version.
  record Ignored(Reason reason) implements Verdict {}

  /// Why a record has no effect.
  enum Reason {
    /// It makes the end of the log visible and nothing else.
    BARRIER,
    /// A partial upsert of which a key may have been written since its values were read.
    CONFLICT,
    /// The same (writer, sequence) took effect before, or may have.
    REPEATED,
    /// A control record that a later one of its collection has overtaken.
    STALE_CONTROL,
    /// It names a point of log order.
    MARK,
    /// It lies before the checkpoint this consumer went on from.
    COVERED,
    /// The collection is gone.
    DROPPED
  }
}
