package io.elanus.standalone.status;

import java.util.List;
import java.util.Optional;

/// A server at an instant, more or less: it was asked one thing after the other.
///
/// @param version build tag of the proxy that answered
/// @param problems why it is not well, or what else it wants its operator to know; empty when all is well
/// @param hiddenCollections how many more there are than were looked at
record Overview(
    String version,
    boolean isHealthy,
    List<String> problems,
    List<Node> nodes,
    List<CollectionState> collections,
    List<IndexState> indexes,
    int hiddenCollections,
    BackgroundWork work) {

  /// @param address empty when it is in the process of the proxy that answered
  /// @param memoryBytes that it may take for data; 0 when it holds none or may take any amount
  /// @param heldBytes of segments it serves, of the collections that were looked at
  record Node(
      String role,
      long id,
      String address,
      String zone,
      long memoryBytes,
      long heldBytes,
      boolean draining) {}

  /// @param rows that a Strong read counts
  /// @param segments in the bucket; `segmentRows` in them, deleted ones too
  /// @param unindexedRows that wait for an index
  /// @param loaded empty: not loaded; else percent
  record CollectionState(
      String database,
      String name,
      long rows,
      int segments,
      long segmentRows,
      long unindexedRows,
      Optional<Long> loaded) {}

  /// An index over vectors.
  ///
  /// @param type that its user asked for; `built` what there is for it
  record IndexState(String field, String type, String metric, String built) {}

  /// @param error why nothing is known of it; empty when it is
  record BackgroundWork(List<Jobs> jobs, long sweptObjects, String error) {}

  /// Ended ones since datacoord's leader was elected.
  record Jobs(String kind, long waiting, long running, long done, long failed) {}
}
