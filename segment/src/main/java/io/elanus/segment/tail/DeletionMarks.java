package io.elanus.segment.tail;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// For each row of a chunk the version at which it was deleted.
///
/// One thread marks while others read. That is sound because a reader at version s asks only
/// whether a mark is at most s: marks up to s were written before s was published to it, later ones
/// are all above s.
final class DeletionMarks {
  /// The mark of a row that is not deleted.
  static final long NEVER = Long.MAX_VALUE;

  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] marks;
  private boolean any;

  DeletionMarks(int capacity) {
    this(new long[capacity], 0, false);
  }

  private DeletionMarks(long[] marks, int used, boolean any) {
    Arrays.fill(marks, used, marks.length, NEVER);
    this.marks = marks;
    this.any = any;
  }

  DeletionMarks grownTo(int capacity) {
    return new DeletionMarks(Arrays.copyOf(marks, capacity), marks.length, any);
  }

  int capacity() {
    return marks.length;
  }

  void mark(int row, long version) {
    any = true;
    LONGS.setOpaque(marks, row, version);
  }

  long at(int row) {
    return (long) LONGS.getOpaque(marks, row);
  }

  /// False when no row has a mark that a reader could ask for.
  boolean any() {
    return any;
  }
}
