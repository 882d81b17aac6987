package io.elanus.proxy.write;

import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.WriterWindow;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// The sequences of this writer, per shard.
///
/// Consumers remember a window of the latest sequences and take everything below it for a repeat. So a
/// sequence is given out only while every record still on its way stays inside the window:
///
/// ```
///   held:  7 . . 10 .  .  . 70      next is 71 = 7 + 64: wait until 7 is released
/// ```
///
/// A record whose outcome stays unknown is released too: nobody waits for it, and wherever it lands it
/// takes effect once or not at all.
final class Slots {
  private final Run run;
  private final Map<ShardId, Shard> shards = new ConcurrentHashMap<>();

  Slots(Run run) {
    this.run = run;
  }

  /// The next sequence of the shard, held until closed.
  ///
  /// @throws io.elanus.common.error.DbException `TOO_MANY_REQUESTS` when none came free before the deadline
  Slot take(ShardId shard, Deadline deadline) {
    return shards.computeIfAbsent(shard, id -> new Shard(id, run.gate())).take(deadline);
  }

  /// One sequence on its way. Close it when the record is acknowledged, or nobody waits for it any more.
  static final class Slot implements AutoCloseable {
    private final Shard shard;
    private final long sequence;

    private Slot(Shard shard, long sequence) {
      this.shard = shard;
      this.sequence = sequence;
    }

    long sequence() {
      return sequence;
    }

    @Override
    public void close() {
      shard.release(sequence);
    }
  }

  private static final class Shard {
    private final ShardId id;
    private final Gate gate;

    // guarded by gate
    private final TreeSet<Long> held = new TreeSet<>();
    private long next = 1;

    Shard(ShardId id, Gate gate) {
      this.id = id;
      this.gate = gate;
    }

    Slot take(Deadline deadline) {
      while (gate.await(this::hasRoom, deadline)) {
        long sequence = gate.change(this::takeNext);
        if (sequence > 0) {
          return new Slot(this, sequence);
        }
      }
      throw ErrorCode.TOO_MANY_REQUESTS.because(
          "%d writes of shard %s wait for the log, no more can be sent: %s",
          WriterWindow.SIZE, id, ErrorCode.TOO_MANY_REQUESTS.text());
    }

    private boolean hasRoom() {
      return held.isEmpty() || next - held.first() < WriterWindow.SIZE;
    }

    /// 0 when somebody else was faster.
    private long takeNext() {
      if (!hasRoom()) {
        return 0L;
      }
      held.add(next);
      return next++;
    }

    void release(long sequence) {
      gate.change(() -> held.remove(sequence));
    }
  }
}
