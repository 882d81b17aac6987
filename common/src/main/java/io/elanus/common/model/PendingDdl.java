package io.elanus.common.model;

import java.util.List;

/// A change of a collection that is committed, but whose control record may not be in all its logs yet. The
/// next one of the same collection waits for it.
///
/// @param heldNames names that may still mean the collection to somebody who has not read the control record:
///     nobody else gets them before it is everywhere
public record PendingDdl(Effect effect, List<HeldName> heldNames) {
  public PendingDdl {
    heldNames = List.copyOf(heldNames);
  }

  /// What the control record says.
  public sealed interface Effect {
    /// A name or an alias does not mean the collection any more.
    record Renamed() implements Effect {}

    /// All rows are gone.
    record Truncated() implements Effect {}

    /// The partition is gone, with its rows.
    record PartitionDropped(PartitionId partition) implements Effect {}

    /// There is another field. It becomes part of the schema when the control record is everywhere: nobody writes
    /// it before all who read have heard of it.
    ///
    /// @param timestamp of the change, see [Collection]
    record FieldAdded(Field field, long timestamp) implements Effect {}

    /// The rows of a snapshot are in the first manifests of all shards. The collection becomes visible when the
    /// control record is everywhere.
    ///
    /// @param versions that each shard's first manifest begins with, by shard index
    record Imported(List<Long> versions) implements Effect {
      public Imported {
        versions = List.copyOf(versions);
      }
    }
  }

  public record HeldName(DatabaseId database, String databaseName, String name) {}

  public static PendingDdl of(Effect effect) {
    return new PendingDdl(effect, List.of());
  }
}
