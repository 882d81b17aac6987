package io.elanus.datanode;

import io.elanus.common.manifest.Spill;
import io.elanus.common.wal.Position;
import io.elanus.proto.internal.OwnedLogStatus;
import io.elanus.proto.internal.ShardTrouble;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How an owned log is.
///
/// @param applied everything before it was read; empty while the log is taken up
/// @param failure why it is being taken up anew; empty when there is no reason
/// @param troubles shards that do not go on
record LogStatus(
    Ownership ownership,
    Optional<Position> applied,
    Position floor,
    long tailBytes,
    String failure,
    List<ShardTrouble> troubles) {
  /// Under the turn of the log's owner.
  static LogStatus of(
      Ownership ownership, Optional<Position> applied, OwnedLog log, String failure) {
    List<ShardTrouble> troubles = new ArrayList<>();
    for (OwnedShard shard : log.shards().all()) {
      shard
          .halt()
          .ifPresent(halt ->
              troubles.add(
                  ShardTrouble.newBuilder()
                      .setCollectionId(shard.id().collection().value())
                      .setShard(shard.id().index())
                      .setKind(ShardTrouble.Kind.HALTED)
                      .setOffset(halt.at().offset())
                      .setReason(halt.reason())
                      .setSpilledBytes(spilledBytes(shard))
                      .build()));
    }
    for (OwnedShards.SetAside aside : log.shards().aside()) {
      troubles.add(
          ShardTrouble.newBuilder()
              .setCollectionId(aside.shard().collection().value())
              .setShard(aside.shard().index())
              .setKind(ShardTrouble.Kind.SET_ASIDE)
              .setOffset(aside.needed().offset())
              .setReason(aside.reason())
              .build());
    }
    return new LogStatus(
        ownership, applied, log.floor(), log.shards().sizeBytes(), failure, troubles);
  }

  private static long spilledBytes(OwnedShard shard) {
    return shard.spill().map(Spill::files).orElse(List.of()).stream()
        .mapToLong(file -> file.file().sizeBytes())
        .sum();
  }

  OwnedLogStatus encode() {
    return OwnedLogStatus.newBuilder()
        .setLog(ownership.log().value())
        .setEpoch(ownership.epoch())
        .setApplied(applied.map(Position::offset).orElse(-1L))
        .setFloor(floor.offset())
        .setTailBytes(tailBytes)
        .setFailure(failure)
        .addAllTroubles(troubles)
        .build();
  }
}
