package io.elanus.datanode;

/// What an owned log held when somebody last had its turn.
///
/// @param bytes in no manifest yet
/// @param halted, setAside shards that do not go on
/// @param putOff whether the last flush failed
record TailCounts(long bytes, int halted, int setAside, boolean putOff) {
  static final TailCounts NONE = new TailCounts(0, 0, 0, false);

  /// Under the turn of the log's owner.
  static TailCounts of(OwnedLog log) {
    OwnedShards shards = log.shards();
    int halted = (int) shards.all().stream().filter(shard -> shard.halt().isPresent()).count();
    return new TailCounts(shards.sizeBytes(), halted, shards.aside().size(), log.isPutOff());
  }
}
