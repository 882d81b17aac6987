package io.elanus.datanode;

/// What became of an edit.
sealed interface EditOutcome {
  /// It is in a committed manifest, from this time or an earlier one.
  record Committed() implements EditOutcome {}

  record Rejected(String reason) implements EditOutcome {}
}
