package io.elanus.rootcoord;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.MemoryWal;

/// The log takes one record and then refuses all.
final class OneAppend implements MemoryWal.Faults {
  private int appends;

  @Override
  public void beforeAppend(LogId log) {
    appends++;
    if (appends > 1) {
      throw ErrorCode.LOG_FAILED.because("the log is full");
    }
  }
}
