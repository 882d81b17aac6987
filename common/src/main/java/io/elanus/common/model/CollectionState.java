package io.elanus.common.model;

/// Where a collection is between its creation and its end.
public enum CollectionState {
  /// Visible and usable.
  ACTIVE,
  /// Being restored from a snapshot: its rows are not all there yet. Invisible to users, but nobody else gets its name.
  RESTORING,
  /// Dropped in the catalog; its control record may not be in all its logs yet. Invisible to users.
  DROPPING
}
