package io.elanus.adapters.embedded;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// One file of a log, as far as it is durable. Guarded by the log's gate.
final class LogFile {
  /// Where to begin reading for some record.
  ///
  /// @param position of the frame of record `offset`
  /// @param limit where the durable frames of the file end
  record Place(Path path, PayloadMask mask, long position, long offset, long limit) {}

  /// So many bytes are read at most to find a record, or one batch.
  private static final long INDEX_STEP_BYTES = 64 << 10;

  private final Path path;
  private final long firstOffset;
  private final PayloadMask mask;
  private final TreeMap<Long, Long> positions = new TreeMap<>();
  private long endOffset;
  private long endPosition;

  /// A file without records.
  LogFile(Path path, long firstOffset, PayloadMask mask) {
    this.path = path;
    this.mask = mask;
    this.firstOffset = firstOffset;
    this.endOffset = firstOffset;
    this.endPosition = LogFileHeader.BYTES;
    positions.put(firstOffset, endPosition);
  }

  Path path() {
    return path;
  }

  long firstOffset() {
    return firstOffset;
  }

  long endOffset() {
    return endOffset;
  }

  PayloadMask mask() {
    return mask;
  }

  /// Where the records end, and the seal begins if there is one.
  long endPosition() {
    return endPosition;
  }

  /// More records, from the end on, have become durable.
  void extend(long newEndOffset, long newEndPosition) {
    if (endPosition - positions.lastEntry().getValue() >= INDEX_STEP_BYTES) {
      positions.put(endOffset, endPosition);
    }
    endOffset = newEndOffset;
    endPosition = newEndPosition;
  }

  /// @param offset of a record of this file
  Place find(long offset) {
    Map.Entry<Long, Long> before = positions.floorEntry(offset);
    return new Place(path, mask, before.getValue(), before.getKey(), endPosition);
  }
}
