package io.elanus.proxy.service;

import java.util.concurrent.atomic.LongAdder;

/// How many rows were written, and vectors searched for, by calls that succeeded since the start. Any
/// thread.
public final class RowCounts {
  final LongAdder inserted = new LongAdder();
  final LongAdder upserted = new LongAdder();
  final LongAdder deleted = new LongAdder();
  final LongAdder searched = new LongAdder();

  public long inserted() {
    return inserted.sum();
  }

  public long upserted() {
    return upserted.sum();
  }

  /// Keys named by deletes, and rows that matched their conditions.
  public long deleted() {
    return deleted.sum();
  }

  /// Vectors that neighbours were sought for.
  public long searched() {
    return searched.sum();
  }
}
