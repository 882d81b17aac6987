package io.elanus.rootcoord.pin;

import io.elanus.common.model.CollectionId;
import io.elanus.common.model.Pin;
import java.util.Set;

/// What is asked of the pins.
sealed interface PinCommand {
  CollectionId collection();

  record Add(CollectionId collection, Pin pin) implements PinCommand {}

  /// Those that are not there are no error.
  record Remove(CollectionId collection, Set<Long> marks) implements PinCommand {
    public Remove {
      marks = Set.copyOf(marks);
    }
  }
}
