package io.elanus.adapters.embedded;

import io.elanus.common.error.ErrorCode;

/// @param logCount how many logs there are; fixed when the data directory is made
/// @param maxRecordBytes of one record
/// @param fileBytes size at which a log begins its next file; what trimming frees comes in such pieces
public record EmbeddedWalConfig(int logCount, int maxRecordBytes, long fileBytes) {
  /// Four logs keep both cores of a small machine busy; more only share its one disk.
  public static final EmbeddedWalConfig DEFAULT = new EmbeddedWalConfig(4, 16 << 20, 64L << 20);

  public EmbeddedWalConfig {
    require(logCount, 1, 1024, "embedded log count");
    require(maxRecordBytes, 1, 256 << 20, "largest record of the embedded log, in bytes,");
    require(fileBytes, 4 << 10, 1L << 40, "file size of the embedded log, in bytes,");
  }

  private static void require(long value, long min, long max, String what) {
    if (value < min || value > max) {
      throw ErrorCode.INVALID_PARAMETER.because(
          "%s is %d, must be from %d to %d", what, value, min, max);
    }
  }
}
