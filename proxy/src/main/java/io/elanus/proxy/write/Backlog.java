package io.elanus.proxy.write;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.manifest.ShardPointer;
import io.elanus.common.manifest.ShardPointerCodec;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.Watcher;
import io.elanus.common.model.ShardId;
import io.elanus.common.run.Closer;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.rpc.codec.FloorCodec;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this proxy has appended and no manifest covers yet: the distance from each shard's checkpoint to its
/// end, as far as this proxy made it. Beyond a limit writes are refused, with the reason, until the owner
/// of the log has flushed; so a stopped owner fills neither the log nor the tails of the leaders.
///
/// ```
/// pointer: checkpoint ──┐             appended here
///          . . . . . . .|[4 MiB][4 MiB][3 MiB]        distance of the shard: 11 MiB
/// ```
///
/// It needs nobody: the checkpoints are watched in the metastore, what was appended is known here. Each
/// proxy judges by what it wrote itself since it started, so several together may reach the limit each.
public final class Backlog implements AutoCloseable {
  /// Well above what an owner leaves unflushed, which is the size of a flush for a log and all its shards.
  ///
  /// @param shardBytes most bytes of one shard's records
  /// @param logBytes most bytes of all shards of one log, without those that are halted
  public record Limits(long shardBytes, long logBytes) {
    /// Two flushes of the default size for a shard, four for a log.
    public static final Limits DEFAULT = new Limits(1L << 30, 2L << 30);

    public Limits {
      if (shardBytes < 1 || logBytes < shardBytes) {
        throw new IllegalArgumentException(
            "backlog of a shard %d, of a log %d".formatted(shardBytes, logBytes));
      }
    }
  }

  private static final Logger log = LoggerFactory.getLogger(Backlog.class);

  /// Parts of a limit that are told apart: what the watch of a checkpoint frees is exact to that.
  private static final int PARTS = 128;

  private final Limits limits;
  private final Gate gate;
  private final Closer closer = new Closer();

  // guarded by gate
  private final Map<ShardId, Shard> shards = new HashMap<>();
  private final Map<ShardId, ShardPointer> pointers = new HashMap<>();
  private final Map<LogId, Position> floors = new HashMap<>();
  private final Map<LogId, Long> logBytes = new HashMap<>();

  public Backlog(Run run, MetaStore metaStore, Limits limits) {
    this.limits = limits;
    this.gate = run.gate();
    closer.add(Watcher.start(run, metaStore, MetaKeys.POINTERS, new Pointers()));
    closer.add(Watcher.start(run, metaStore, MetaKeys.FLOORS, new Floors()));
  }

  /// @throws DbException `RATE_LIMIT`, when the shard, or its log, is too far behind
  void requireRoom(ShardId shard, LogId logId) {
    Optional<DbException> refusal = gate.read(() -> refusal(shard, logId));
    if (refusal.isPresent()) {
      throw refusal.get();
    }
  }

  /// `bytes` of `shard` were appended to `logId`, at `position`.
  void appended(ShardId shard, LogId logId, Position position, int bytes) {
    gate.change(() -> {
      shards.computeIfAbsent(shard, _ -> new Shard(logId)).add(position, bytes);
      free(shard);
    });
  }

  /// Bytes of the shard's records that no manifest covers, as far as known here.
  long bytes(ShardId shard) {
    return gate.read(() -> Optional.ofNullable(shards.get(shard)).map(s -> s.bytes).orElse(0L));
  }

  /// Of all shards.
  public long bytes() {
    return gate.read(() -> shards.values().stream().mapToLong(shard -> shard.bytes).sum());
  }

  @Override
  public void close() {
    closer.close();
  }

  private Optional<DbException> refusal(ShardId id, LogId logId) {
    Shard shard = shards.get(id);
    if (shard != null && shard.bytes >= limits.shardBytes()) {
      return Optional.of(
          refused(
              "shard",
              id,
              shard.bytes,
              limits.shardBytes(),
              shard.halted
                  ? "the shard is halted at a record that cannot be applied"
                  : "its datanode is behind or stopped"));
    }
    long bytes = logBytes.getOrDefault(logId, 0L);
    boolean halted = shard != null && shard.halted;
    return bytes >= limits.logBytes() && !halted
        ? Optional.of(
            refused("log", logId, bytes, limits.logBytes(), "its datanode is behind or stopped"))
        : Optional.empty();
  }

  private static DbException refused(
      String what, Object which, long bytes, long limit, String reason) {
    return ErrorCode.RATE_LIMIT.with(
        what, which, "unflushedBytes", bytes, "limit", limit, "reason", reason);
  }

  /// Forgets what manifests cover by now. A halted shard's records count from its checkpoint on, though they
  /// are in the bucket: its spill is bounded that way.
  private void free(ShardId id) {
    Shard shard = shards.get(id);
    if (shard == null) {
      return;
    }
    ShardPointer pointer = pointers.get(id);
    shard.halted(pointer != null && pointer.isHalted());
    if (pointer != null) {
      shard.dropBefore(pointer.checkpoint());
    }
    Position floor = floors.get(shard.logId);
    if (floor != null && !shard.halted) {
      shard.dropBefore(floor);
    }
    if (shard.bytes == 0) {
      shards.remove(id);
    }
  }

  private void gone(ShardId id) {
    pointers.remove(id);
    Optional.ofNullable(shards.remove(id)).ifPresent(Shard::dropAll);
  }

  /// @param endOffset after the last of its records
  private record Part(long incarnation, long endOffset, long bytes) {}

  private final class Shard {
    private final LogId logId;
    private final Deque<Part> parts = new ArrayDeque<>();
    private long bytes;
    private boolean halted;

    Shard(LogId logId) {
      this.logId = logId;
    }

    /// Positions may come out of order: appends overlap.
    void add(Position position, int added) {
      count(added);
      Part last = parts.peekLast();
      long end = position.offset() + 1;
      if (last != null
          && last.incarnation() == position.incarnation()
          && last.bytes() < limits.shardBytes() / PARTS) {
        parts.removeLast();
        parts.addLast(
            new Part(last.incarnation(), Math.max(last.endOffset(), end), last.bytes() + added));
      } else {
        long highest = last == null ? end : Math.max(last.endOffset(), end);
        parts.addLast(new Part(position.incarnation(), highest, added));
      }
    }

    void dropBefore(Position covered) {
      while (!parts.isEmpty() && isCovered(parts.getFirst(), covered)) {
        count(-parts.removeFirst().bytes());
      }
    }

    void dropAll() {
      count(-bytes);
    }

    void halted(boolean now) {
      if (halted != now) {
        long moved = bytes;
        count(-moved);
        halted = now;
        count(moved);
      }
    }

    private void count(long more) {
      bytes += more;
      if (!halted) {
        logBytes.merge(logId, more, Long::sum);
      }
    }

    /// What lies in another incarnation of the log is nobody's business any more.
    private static boolean isCovered(Part part, Position covered) {
      return part.incarnation() != covered.incarnation() || part.endOffset() <= covered.offset();
    }
  }

  private final class Pointers implements Watcher.Listener {
    @Override
    public void listed(List<MetaEntry> entries) {
      Set<ShardId> present = new HashSet<>();
      entries.forEach(entry -> present.add(MetaKeys.pointedShard(entry.key())));
      List<ShardPointer> known = entries.stream().flatMap(entry -> decode(entry).stream()).toList();
      gate.change(() -> {
        List<ShardId> missing =
            pointers.keySet().stream().filter(id -> !present.contains(id)).toList();
        missing.forEach(Backlog.this::gone);
        known.forEach(this::take);
      });
    }

    @Override
    public void changed(List<MetaEvent> events) {
      for (MetaEvent event : events) {
        Optional<MetaEntry> entry =
            event.value().map(value -> new MetaEntry(event.key(), value, event.revision()));
        if (entry.isEmpty()) {
          gate.change(() -> gone(MetaKeys.pointedShard(event.key())));
        } else {
          decode(entry.get()).ifPresent(pointer -> gate.change(() -> take(pointer)));
        }
      }
    }

    private void take(ShardPointer pointer) {
      pointers.put(pointer.shard(), pointer);
      free(pointer.shard());
    }

    /// A damaged one says nothing; the others must go on.
    private static Optional<ShardPointer> decode(MetaEntry entry) {
      try {
        return Optional.of(ShardPointerCodec.decode(entry.value()));
      } catch (DbException e) {
        log.warn("pointer cannot be read key={}", entry.key(), e);
        return Optional.empty();
      }
    }
  }

  private final class Floors implements Watcher.Listener {
    @Override
    public void listed(List<MetaEntry> entries) {
      entries.forEach(this::take);
    }

    @Override
    public void changed(List<MetaEvent> events) {
      for (MetaEvent event : events) {
        event.value().ifPresent(value -> take(new MetaEntry(event.key(), value, event.revision())));
      }
    }

    private void take(MetaEntry entry) {
      LogId logId = MetaKeys.logOf(entry.key());
      Position floor = FloorCodec.decode(entry);
      gate.change(() -> {
        floors.put(logId, floor);
        List.copyOf(shards.keySet()).forEach(Backlog.this::free);
      });
    }
  }
}
