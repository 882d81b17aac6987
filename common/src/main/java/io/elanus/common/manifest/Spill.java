package io.elanus.common.manifest;

import io.elanus.common.wal.Position;
import java.util.List;

/// The records of a halted shard, from the checkpoint of its manifest on: its owner could not apply the
/// first of them, so it keeps them all in the bucket, and the log may forget them.
///
/// ```
/// log       . . . . . X . . . . . . . | . . .        X cannot be applied
/// manifest  segments  ^ spill files    through
///           checkpoint
/// ```
///
/// Who takes the shard up applies the files, then the log from `through` on.
///
/// @param through every record of the shard before it lies before the checkpoint or in one of `files`
/// @param reason why the record at the checkpoint could not be applied
/// @param files in the order of the log
public record Spill(Position through, String reason, List<SpillEntry> files) {
  public Spill {
    files = List.copyOf(files);
  }
}
