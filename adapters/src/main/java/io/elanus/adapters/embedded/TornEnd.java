package io.elanus.adapters.embedded;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// Tells a write that a crash cut short from damage to bytes that were once safe.
///
/// ```
///   | r | r | r |  ?  | r | r |        batch of the later records begins after ?   -> damage
///   | r | r | r |  ?  | 0 0 0 0 0      same batch, and zeros or the end of the file -> torn
/// ```
/// Zeros prove something because nothing that is written is zeros for long: payloads are masked ([PayloadMask]).
/// A few bytes of a sector, at the start or the end of what is torn, prove nothing.
final class TornEnd {
  private static final int SECTOR_BYTES = 512;

  /// One flipped byte, or chance, makes no zeros of so many.
  private static final int MIN_ZERO_BYTES = 8;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment file;
  private final long incarnation;

  private TornEnd(MemorySegment file, long incarnation) {
    this.file = file;
    this.incarnation = incarnation;
  }

  /// @param start of the first frame that is not whole
  /// @param offset expected there
  /// @param cut whether the file ends inside that frame
  /// @return why the bytes from `start` on are not a torn end; empty when they are
  static Optional<String> refute(Path path, long incarnation, long start, long offset, boolean cut)
      throws IOException {
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment file = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
      TornEnd end = new TornEnd(file, incarnation);
      long proof = end.laterBatch(start + 1, offset);
      if (proof >= 0) {
        return Optional.of("what follows at byte %d was written later".formatted(proof));
      }
      return cut || end.hasZeroSector(start)
          ? Optional.empty()
          : Optional.of("these bytes were written whole");
    }
  }

  /// Where a frame lies that was written after a sync of record `offset`; -1 for nowhere.
  private long laterBatch(long start, long offset) {
    for (long at = start; at <= file.byteSize() - LogFrame.HEAD_BYTES; at++) {
      if (LogFrame.isMagic(file.get(INT, at)) && provesSync(at, offset)) {
        return at;
      }
    }
    return -1;
  }

  private boolean provesSync(long at, long offset) {
    byte[] bytes = file.asSlice(at, LogFrame.HEAD_BYTES).toArray(ValueLayout.JAVA_BYTE);
    return LogFrame.decode(bytes, 0, incarnation)
        .filter(frame -> frame.kind() == LogFrame.Kind.SEAL || frame.batchStart() > offset)
        .isPresent();
  }

  /// Whether a sector that was written, or should have been, reads as zeros from `start` on.
  private boolean hasZeroSector(long start) {
    long at = start;
    while (at < file.byteSize()) {
      long end = Math.min(file.byteSize(), (at / SECTOR_BYTES + 1) * SECTOR_BYTES);
      if (end - at >= MIN_ZERO_BYTES && isZero(at, end)) {
        return true;
      }
      at = end;
    }
    return false;
  }

  private boolean isZero(long start, long end) {
    for (long at = start; at < end; at++) {
      if (file.get(ValueLayout.JAVA_BYTE, at) != 0) {
        return false;
      }
    }
    return true;
  }
}
