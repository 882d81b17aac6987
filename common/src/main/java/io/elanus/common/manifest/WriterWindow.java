package io.elanus.common.manifest;

/// Which of one writer's latest sequences a shard has met. A sequence at or below `newest - 64` was met.
///
/// @param newest the largest sequence met
/// @param met bit i is set when sequence `newest - i` was met; bit 0 always is
/// @param lastVersion the effective version of this writer's last record, unlike that of every other
///     writer's: who wrote least recently is forgotten first
public record WriterWindow(long writer, long newest, long met, long lastVersion) {
  /// Sequences remembered; a writer has at most this many unresolved records per shard.
  public static final int SIZE = 64;

  public WriterWindow {
    if ((met & 1) == 0) {
      throw new IllegalArgumentException("the newest sequence must be met");
    }
  }
}
