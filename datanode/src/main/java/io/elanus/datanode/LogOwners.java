package io.elanus.datanode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.Watcher;
import io.elanus.common.model.NodeId;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.FanOut;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.wal.LogId;
import io.elanus.proto.internal.OwnerMeta;
import io.elanus.rpc.codec.CatalogCodec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows the `owner/` keys: starts a [LogOwner] for each log given to this node, stops it when the log
/// is given to somebody else.
final class LogOwners implements Watcher.Listener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LogOwners.class);

  /// How often a leaving node looks whether there is anybody to take its logs.
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Run run;
  private final MetaStore meta;
  private final NodeId node;
  private final FanOut fanOut;
  private final Function<Ownership, LogOwner> start;
  private final Gate gate;
  private final Watcher watcher;

  // guarded by gate; changed by the watcher's thread, and after its end by close
  private final Map<LogId, LogOwner> owners = new TreeMap<>();

  LogOwners(
      Run run, MetaStore meta, NodeId node, FanOut fanOut, Function<Ownership, LogOwner> start) {
    this.run = run;
    this.meta = meta;
    this.node = node;
    this.fanOut = fanOut;
    this.start = start;
    this.gate = run.gate();
    this.watcher = Watcher.start(run, meta, MetaKeys.OWNERS, this);
  }

  /// @throws DbException `NODE_NOT_MATCH` when this node does not own the log
  LogOwner require(LogId logId) {
    return gate.read(() -> Optional.ofNullable(owners.get(logId)))
        .orElseThrow(
            () -> ErrorCode.NODE_NOT_MATCH.because("node %s does not own log %s", node, logId));
  }

  List<LogOwner> all() {
    return gate.read(() -> List.copyOf(owners.values()));
  }

  /// Flushes all logs, then waits until they are somebody else's, or there is nobody who could own them.
  ///
  /// @param othersStay whether there is another node to take logs over
  /// @return what is left of it when `deadline` passed first, or nobody else will do it
  List<String> drain(BooleanSupplier othersStay, Deadline deadline) {
    List<String> unflushed =
        fanOut.all(all(), Deadline.NEVER, owner -> flush(owner, deadline)).stream()
            .flatMap(Optional::stream)
            .toList();
    while (!gate.read(owners::isEmpty)) {
      if (!othersStay.getAsBoolean()) {
        return unflushed;
      }
      if (deadline.hasPassed(run)) {
        return all().stream().map(owner -> "log %s".formatted(owner.ownership().log())).toList();
      }
      gate.await(owners::isEmpty, deadline.orEarlier(Deadline.after(run, LOOK)));
    }
    return List.of();
  }

  /// @return why it was not flushed; empty when it was
  private static Optional<String> flush(LogOwner owner, Deadline deadline) {
    try {
      owner.flushAll(deadline);
      return Optional.empty();
    } catch (DbException e) {
      if (e.code() == ErrorCode.CANCELED) {
        throw e;
      }
      return Optional.of("log %s: %s".formatted(owner.ownership().log(), e.text()));
    }
  }

  @Override
  public void listed(List<MetaEntry> entries) {
    Map<LogId, Ownership> mine = new TreeMap<>();
    entries.stream().flatMap(e -> ownership(e).stream()).forEach(o -> mine.put(o.log(), o));
    for (LogOwner owner : all()) {
      Ownership held = owner.ownership();
      if (held.equals(mine.get(held.log()))) {
        mine.remove(held.log());
      } else {
        release(owner);
      }
    }
    mine.forEach((logId, ownership) -> {
      LogOwner started = start.apply(ownership);
      gate.change(() -> owners.put(logId, started));
    });
  }

  /// Answered by looking at all of them again: there is one key per log.
  @Override
  public void changed(List<MetaEvent> events) {
    listed(meta.range(MetaKeys.OWNERS).entries());
  }

  @Override
  public void close() {
    watcher.close();
    all().forEach(this::release);
  }

  private void release(LogOwner owner) {
    owner.close();
    LogId logId = owner.ownership().log();
    gate.change(() -> owners.remove(logId));
    log.info("log released log={} epoch={}", logId, owner.ownership().epoch());
  }

  private Optional<Ownership> ownership(MetaEntry entry) {
    OwnerMeta owner = CatalogCodec.parse(entry, OwnerMeta.parser());
    LogId logId = MetaKeys.logOf(entry.key());
    return owner.getNodeId() == node.value()
        ? Optional.of(new Ownership(logId, owner.getEpoch(), entry.revision()))
        : Optional.empty();
  }
}
