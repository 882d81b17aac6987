package io.elanus.segment.tail;

import io.elanus.index.VectorIndex;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// The index over the vectors of one field of a chunk of the tail. There is none until searches have scored as many rows for want of it as
/// making it costs: so a tail that is searched little is not indexed, and one that is searched a lot costs at most twice of what it
/// would have if that had been known before.
///
/// Source: the ski-rental problem; Karlin, Manasse, Rudolph and Sleator, Competitive Snoopy Caching, 1988.
public final class TailIndex {
  /// Rows that a scan scores in the time in which one is put in its place: 300 (768 values) to 2,000 (128 values, another machine), see
  /// docs/results/tails.md.
  private static final long ROWS_FOR_ONE = 1_000;

  private final AtomicLong scored = new AtomicLong();
  private volatile State state = new None(false);

  private sealed interface State {}

  /// @param givenUp it could not be made
  private record None(boolean givenUp) implements State {}

  private record Made(VectorIndex index, long bytes) implements State {}

  /// The index, if it is over as many vectors as a block has, which are those of the chunk then.
  public Optional<VectorIndex> over(int vectors) {
    return state instanceof Made(VectorIndex index, long _) && index.count() == vectors
        ? Optional.of(index)
        : Optional.empty();
  }

  /// A search had to score `rows` one by one.
  public void missed(long rows) {
    scored.addAndGet(rows);
  }

  /// Whether it is worth making.
  ///
  /// @param vectors that it would be over
  public boolean isDue(int vectors) {
    return vectors > 0 && state.equals(new None(false)) && scored.get() >= ROWS_FOR_ONE * vectors;
  }

  /// @param bytes that it takes besides the vectors
  public void make(VectorIndex index, long bytes) {
    state = new Made(index, bytes);
  }

  /// It is not tried again.
  public void giveUp() {
    state = new None(true);
  }

  long sizeBytes() {
    return state instanceof Made(VectorIndex _, long bytes) ? bytes : 0;
  }
}
