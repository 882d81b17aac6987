package io.elanus.datacoord;

/// How many snapshots there may be.
///
/// @param maxOfCollection of one collection: each keeps what it names in the bucket, and the sweeper reads its manifests
/// @param max of the cluster: each is an entry of some kilobytes in the metastore
/// @param maxRestores under way at once
public record SnapshotLimits(int maxOfCollection, int max, int maxRestores) {
  /// Restores that ended and are told of.
  static final int KEPT_RESTORES = 256;

  /// A snapshot an hour for a week is 168; a cluster with many collections has few of each.
  public static final SnapshotLimits DEFAULT = new SnapshotLimits(256, 8_192, 16);

  public SnapshotLimits with(int newMaxOfCollection) {
    return new SnapshotLimits(newMaxOfCollection, Math.max(max, newMaxOfCollection), maxRestores);
  }

  public SnapshotLimits {
    if (maxOfCollection < 1 || max < 1 || maxRestores < 1) {
      throw new IllegalArgumentException(
          "snapshots: %d of a collection, %d in all, %d restored at once"
              .formatted(maxOfCollection, max, maxRestores));
    }
  }
}
