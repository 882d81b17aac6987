package io.elanus.adapters.embedded;

import io.elanus.common.format.ByteReader;
import io.elanus.common.format.Format;
import io.elanus.common.wal.LogId;

/// What a file of a log begins with (docs/formats/embedded-log.md):
///
/// ```
/// magic "ELWF", version 2, log (4), incarnation (8), first offset (8), CRC32C (4)
/// ```
///
/// @param version 1 for files with plain payloads, which are read and gone on with
record LogFileHeader(int version, LogId log, long incarnation, long firstOffset) {
  static final int BYTES = 30;

  private static final Format FORMAT = new Format("header of an embedded log file", "ELWF", 2);

  /// Of a file that is made today.
  LogFileHeader(LogId log, long incarnation, long firstOffset) {
    this(FORMAT.version(), log, incarnation, firstOffset);
  }

  /// Of the payloads in this file.
  PayloadMask mask() {
    return version == 1 ? PayloadMask.NONE : PayloadMask.of(incarnation);
  }

  byte[] encode() {
    return FORMAT.encode(
        BYTES,
        out -> {
          out.i32(log.value());
          out.i64(incarnation);
          out.i64(firstOffset);
        });
  }

  /// @throws io.elanus.common.error.DbException `CORRUPT`
  static LogFileHeader decode(byte[] bytes) {
    return FORMAT.decode(bytes, LogFileHeader::read);
  }

  private static LogFileHeader read(ByteReader in, int version) {
    return new LogFileHeader(version, new LogId(in.i32()), in.i64(), in.i64());
  }
}
