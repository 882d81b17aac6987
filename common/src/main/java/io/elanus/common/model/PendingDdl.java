package io.elanus.common.model;

import java.util.List;
import java.util.Optional;

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

    /// There is another field, or a struct with its sub-fields. They become part of the schema when the control record
    /// is everywhere: nobody writes them before all who read have heard of them.
    ///
    /// @param struct that `fields` are the sub-fields of
    /// @param timestamp of the change, see [Collection]
    record FieldAdded(List<Field> fields, Optional<StructField> struct, long timestamp)
        implements Effect {
      public FieldAdded {
        fields = List.copyOf(fields);
      }

      public FieldAdded(Field field, long timestamp) {
        this(List.of(field), Optional.empty(), timestamp);
      }

      /// The schema with what is added.
      public CollectionSchema addedTo(CollectionSchema schema) {
        CollectionSchema added = schema.with(fields);
        return struct.map(added::with).orElse(added);
      }
    }

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
