package io.elanus.segment.tail;

import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordHeader;
import io.elanus.segment.tail.Verdict.Applied;
import io.elanus.segment.tail.Verdict.Ignored;
import io.elanus.segment.tail.Verdict.Reason;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;

/// What became of the last partial upserts of a shard, for those who wait for it. Written by the thread that reads
/// the log, read by any.
final class PartialVerdicts {
  /// A proxy asks soon, for some hundred at a time.
  private static final int MAX = 16_384;

  private record Write(long writer, long sequence) {}

  private final Map<Write, Boolean> verdicts = new ConcurrentHashMap<>();
  private final Queue<Write> order = new ArrayDeque<>();

  /// A repeat of one that took effect changes nothing.
  void note(LogRecord record, Verdict verdict) {
    if (record instanceof LogRecord.Upsert upsert && upsert.readAt().isPresent()) {
      switch (verdict) {
        case Applied _ -> note(upsert.header(), true);
        case Ignored(Reason reason) -> {
          if (reason == Reason.CONFLICT) {
            note(upsert.header(), false);
          }
        }
      }
    }
  }

  private void note(RecordHeader header, boolean tookEffect) {
    Write write = new Write(header.writer(), header.sequence());
    if (verdicts.putIfAbsent(write, tookEffect) == null) {
      order.add(write);
    }
    if (order.size() > MAX) {
      verdicts.remove(order.remove());
    }
  }

  Optional<Boolean> find(long writer, long sequence) {
    return Optional.ofNullable(verdicts.get(new Write(writer, sequence)));
  }
}
