package io.elanus.simulation;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.model.HybridTimestamp;
import io.elanus.common.model.ShardId;
import io.elanus.common.record.LogRecord;
import io.elanus.common.record.RecordCodec;
import io.elanus.common.record.RecordHeader;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.SimulatedProcess;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import io.elanus.simulation.Node.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// Bugs of those who write and read the log.
final class LogPlants {
  private LogPlants() {}

  private static boolean consumes(Kind kind) {
    return kind == Kind.QUERYNODE || kind == Kind.DATANODE;
  }

  static final class JoinedEnds implements Plant {
    private record Last(long atNanos, Position end) {}

    /// A batch that waited asks at the very instant the call before it came back.
    @Override
    public Wal wal(Kind kind, SimulatedProcess process, Wal wal) {
      Map<LogId, Last> last = new HashMap<>();
      return new ThroughWal(wal) {
        @Override
        public Position end(LogId log) {
          Last before = last.get(log);
          if (before != null && before.atNanos == process.nanoTime()) {
            return before.end;
          }
          Position end = wal.end(log);
          last.put(log, new Last(process.nanoTime(), end));
          return end;
        }
      };
    }
  }

  /// Changes what consumers read of a log.
  record Consumers(Supplier<Reading> reading) implements Plant {
    @Override
    public Wal wal(Kind kind, SimulatedProcess process, Wal wal) {
      return consumes(kind) ? reading.get().over(wal) : wal;
    }
  }

  interface Reading {
    Wal over(Wal wal);
  }

  static final class StartsAtEnd implements Reading {
    @Override
    public Wal over(Wal wal) {
      return new ThroughWal(wal) {
        @Override
        public WalReader tail(LogId log, Position from) {
          return wal.tail(log, wal.end(log));
        }
      };
    }
  }

  /// Changes records one by one, in the order a reader meets them.
  private static Wal rewriting(Wal wal, Supplier<UnaryOperator<LogRecord>> rewrite) {
    return rewriting(wal, rewrite, UnaryOperator.identity());
  }

  /// @param unknown what becomes of bytes that cannot be decoded
  private static Wal rewriting(
      Wal wal, Supplier<UnaryOperator<LogRecord>> rewrite, UnaryOperator<byte[]> unknown) {
    return new ThroughWal(wal) {
      @Override
      public WalReader tail(LogId log, Position from) {
        return new Rewriting(wal.tail(log, from), rewrite.get(), unknown);
      }
    };
  }

  private record Rewriting(
      Wal.WalReader reader, UnaryOperator<LogRecord> rewrite, UnaryOperator<byte[]> unknown)
      implements Wal.WalReader {
    @Override
    public List<Wal.WalRecord> poll(Deadline deadline) {
      List<Wal.WalRecord> rewritten = new ArrayList<>();
      for (Wal.WalRecord raw : reader.poll(deadline)) {
        rewritten.add(new Wal.WalRecord(raw.position(), raw.next(), rewritten(raw.bytes())));
      }
      return rewritten;
    }

    private byte[] rewritten(byte[] bytes) {
      LogRecord record;
      try {
        record = RecordCodec.decode(bytes);
      } catch (DbException _) {
        return unknown.apply(bytes);
      }
      return RecordCodec.encode(rewrite.apply(record));
    }

    @Override
    public Position position() {
      return reader.position();
    }

    @Override
    public void close() {
      reader.close();
    }
  }

  private record Written(ShardId shard, long writer) {
    static Written of(RecordHeader header) {
      return new Written(header.shard(), header.writer());
    }
  }

  static final class LargestSequence implements Reading {
    @Override
    public Wal over(Wal wal) {
      return rewriting(
          wal,
          () -> {
            Map<Written, Long> largest = new HashMap<>();
            return record -> {
              RecordHeader header = record.header();
              Long before = largest.merge(Written.of(header), header.sequence(), Math::max);
              boolean first = before == header.sequence();
              return first ? record : new LogRecord.Barrier(header);
            };
          });
    }
  }

  static final class NoRepeats implements Reading {
    @Override
    public Wal over(Wal wal) {
      return rewriting(
          wal,
          () -> {
            Map<Written, Long> count = new HashMap<>();
            return record -> {
              RecordHeader h = record.header();
              return withHeader(
                  record, sequenced(h, (1L << 40) + count.merge(Written.of(h), 1L, Long::sum)));
            };
          });
    }
  }

  /// What a forgotten writer writes is shown as another's.
  static final class ForgetsByTime implements Reading {
    private static final long FORGET_AFTER = HybridTimestamp.of(600_000, 0);

    private final Map<ShardId, Long> versions = new HashMap<>();
    private final Map<Written, Long> last = new HashMap<>();
    private final Map<Written, Long> lives = new HashMap<>();

    @Override
    public Wal over(Wal wal) {
      return rewriting(wal, () -> this::rewrite);
    }

    private LogRecord rewrite(LogRecord record) {
      RecordHeader h = record.header();
      Written writer = Written.of(h);
      long version = versions.getOrDefault(h.shard(), 0L);
      if (last.getOrDefault(writer, Long.MAX_VALUE) < version - FORGET_AFTER) {
        lives.merge(writer, 1L, Long::sum);
        last.remove(writer);
      }
      last.merge(writer, h.timestamp(), Math::max);
      versions.put(h.shard(), Math.max(version + 1, h.timestamp()));
      long shown = h.writer() + (lives.getOrDefault(writer, 0L) << 32);
      return withHeader(
          record,
          new RecordHeader(
              h.shard(),
              shown,
              h.sequence(),
              h.attempt(),
              h.timestamp(),
              h.schemaVersion(),
              h.ddlSequence()));
    }
  }

  static final class SkipsUnknown implements Reading {
    @Override
    public Wal over(Wal wal) {
      return rewriting(wal, () -> UnaryOperator.identity(), LogPlants::barrierOf);
    }
  }

  private static byte[] barrierOf(byte[] unknown) {
    return RecordCodec.encode(new LogRecord.Barrier(RecordCodec.peek(unknown)));
  }

  static final class TrimToTheEnd implements Plant {
    @Override
    public Wal wal(Kind kind, SimulatedProcess process, Wal wal) {
      return new ThroughWal(wal) {
        @Override
        public void trim(LogId log, Position before) {
          wal.trim(log, wal.end(log));
        }
      };
    }
  }

  private static RecordHeader sequenced(RecordHeader h, long sequence) {
    return new RecordHeader(
        h.shard(), h.writer(), sequence, 0, h.timestamp(), h.schemaVersion(), h.ddlSequence());
  }

  private static LogRecord withHeader(LogRecord record, RecordHeader header) {
    return switch (record) {
      case LogRecord.Insert r -> new LogRecord.Insert(header, r.partition(), r.rows());
      case LogRecord.Upsert r ->
          new LogRecord.Upsert(header, r.partition(), r.replaced(), r.rows(), r.readAt());
      case LogRecord.Delete r -> new LogRecord.Delete(header, r.keys(), r.upTo(), r.partition());
      case LogRecord.DropCollection _,
          LogRecord.Truncate _,
          LogRecord.DropPartition _,
          LogRecord.Rename _,
          LogRecord.ImportCommit _,
          LogRecord.AddField _,
          LogRecord.Expire _,
          LogRecord.Mark _,
          LogRecord.Barrier _ ->
          record;
    };
  }

  static final class RetryUnderNewSequence implements Plant {
    private long last = 1L << 40;

    @Override
    public Wal wal(Kind kind, SimulatedProcess process, Wal wal) {
      return new ThroughWal(wal) {
        @Override
        public Position append(LogId log, byte[] bytes) {
          LogRecord record = RecordCodec.decode(bytes);
          if (record.header().attempt() == 0) {
            return wal.append(log, bytes);
          }
          return wal.append(
              log, RecordCodec.encode(withHeader(record, sequenced(record.header(), ++last))));
        }
      };
    }
  }

  static final class DropsFirstShardOnly implements Plant {
    @Override
    public Wal wal(Kind kind, SimulatedProcess process, Wal wal) {
      return new ThroughWal(wal) {
        @Override
        public Position append(LogId log, byte[] bytes) {
          RecordHeader header = RecordCodec.peek(bytes);
          boolean skipped = kind == Kind.COORDINATOR && header.shard().index() > 0;
          return skipped ? wal.end(log) : wal.append(log, bytes);
        }
      };
    }
  }

  static Wal withoutVersionsRead(Wal wal) {
    return rewriting(
        wal,
        () ->
            record ->
                record instanceof LogRecord.Upsert upsert
                    ? new LogRecord.Upsert(
                        upsert.header(), upsert.partition(), upsert.replaced(), upsert.rows())
                    : record);
  }

  static Wal withoutTruncates(Wal wal) {
    return rewriting(
        wal,
        () ->
            record ->
                record instanceof LogRecord.Truncate(RecordHeader header)
                    ? new LogRecord.Rename(header)
                    : record);
  }

  static final class UnknownIsFailed implements Plant {
    @Override
    public Wal wal(Kind kind, SimulatedProcess process, Wal wal) {
      return new ThroughWal(wal) {
        @Override
        public Position append(LogId log, byte[] bytes) {
          try {
            return wal.append(log, bytes);
          } catch (DbException e) {
            throw new DbException(ErrorCode.LOG_FAILED, e.text(), e);
          }
        }
      };
    }
  }
}
