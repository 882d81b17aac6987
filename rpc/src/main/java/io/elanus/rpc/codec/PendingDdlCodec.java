package io.elanus.rpc.codec;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.DatabaseId;
import io.elanus.common.model.PartitionId;
import io.elanus.common.model.PendingDdl;
import io.elanus.common.model.PendingDdl.Effect;
import io.elanus.common.model.PendingDdl.HeldName;
import io.elanus.proto.internal.FieldAddedMeta;
import io.elanus.proto.internal.HeldNameMeta;
import io.elanus.proto.internal.ImportedMeta;
import io.elanus.proto.internal.PartitionDroppedMeta;
import io.elanus.proto.internal.PendingDdlMeta;
import io.elanus.proto.internal.RenamedMeta;
import io.elanus.proto.internal.TruncatedMeta;
import java.util.List;
import java.util.Optional;

/// Changes of collections that are under way, as the metastore keeps them.
final class PendingDdlCodec {
  private PendingDdlCodec() {}

  static PendingDdlMeta encode(PendingDdl pending) {
    PendingDdlMeta.Builder meta = PendingDdlMeta.newBuilder();
    switch (pending.effect()) {
      case Effect.Renamed _ -> meta.setRenamed(RenamedMeta.getDefaultInstance());
      case Effect.Truncated _ -> meta.setTruncated(TruncatedMeta.getDefaultInstance());
      case Effect.PartitionDropped(PartitionId partition) ->
          meta.setPartitionDropped(
              PartitionDroppedMeta.newBuilder().setPartitionId(partition.value()));
      case Effect.FieldAdded added -> meta.setFieldAdded(encode(added));
      case Effect.Imported(List<Long> versions) ->
          meta.setImported(ImportedMeta.newBuilder().addAllVersions(versions));
    }
    for (HeldName held : pending.heldNames()) {
      meta.addHeldNames(
          HeldNameMeta.newBuilder()
              .setDatabaseId(held.database().value())
              .setDatabaseName(held.databaseName())
              .setName(held.name()));
    }
    return meta.build();
  }

  private static FieldAddedMeta.Builder encode(Effect.FieldAdded added) {
    FieldAddedMeta.Builder meta = FieldAddedMeta.newBuilder().setTimestamp(added.timestamp());
    return added
        .struct()
        .map(struct -> meta.setStruct(SchemaCodec.encode(struct, added.fields())))
        .orElseGet(() -> meta.setField(SchemaCodec.encode(added.fields().getFirst())));
  }

  private static Effect.FieldAdded decode(FieldAddedMeta added) {
    return added.hasStruct()
        ? new Effect.FieldAdded(
            added.getStruct().getFieldsList().stream().map(SchemaCodec::decode).toList(),
            Optional.of(SchemaCodec.decode(added.getStruct())),
            added.getTimestamp())
        : new Effect.FieldAdded(SchemaCodec.decode(added.getField()), added.getTimestamp());
  }

  /// @throws io.elanus.common.error.DbException `CORRUPT` for a change of a newer version
  static PendingDdl decode(PendingDdlMeta meta) {
    Effect effect =
        switch (meta.getEffectCase()) {
          case RENAMED -> new Effect.Renamed();
          case TRUNCATED -> new Effect.Truncated();
          case PARTITION_DROPPED ->
              new Effect.PartitionDropped(
                  new PartitionId(meta.getPartitionDropped().getPartitionId()));
          case FIELD_ADDED -> decode(meta.getFieldAdded());
          case IMPORTED -> new Effect.Imported(meta.getImported().getVersionsList());
          case EFFECT_NOT_SET ->
              throw ErrorCode.CORRUPT.because("a change of a collection is of a newer version");
        };
    return new PendingDdl(
        effect,
        meta.getHeldNamesList().stream()
            .map(held ->
                new HeldName(
                    new DatabaseId(held.getDatabaseId()), held.getDatabaseName(), held.getName()))
            .toList());
  }
}
