package io.elanus.model;

import java.util.ArrayDeque;
import java.util.Deque;

/// The last steps of a run, for whoever looks for the cause of a difference.
final class Steps {
  private static final int MOST = 25;

  private final Deque<String> told = new ArrayDeque<>();

  void tell(String format, Object... args) {
    told.add(format.formatted(args));
    if (told.size() > MOST) {
      told.removeFirst();
    }
  }

  @Override
  public String toString() {
    return String.join("\n  ", told);
  }
}
