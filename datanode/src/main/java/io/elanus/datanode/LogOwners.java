package io.elanus.datanode;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaRange;
import io.elanus.common.meta.MetaStore.MetaWatch;
import io.elanus.common.model.NodeId;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Run;
import io.elanus.common.run.Task;
import io.elanus.common.wal.LogId;
import io.elanus.proto.internal.OwnerMeta;
import io.elanus.rpc.codec.CatalogCodec;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows the `owner/` keys: starts a [LogOwner] for each log given to this node, stops it when the log
/// is given to somebody else.
final class LogOwners implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LogOwners.class);
  private static final Backoff RETRY = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

  private final Run run;
  private final MetaStore meta;
  private final NodeId node;
  private final Function<Ownership, LogOwner> start;
  private final Map<LogId, LogOwner> owners = new ConcurrentHashMap<>();
  private final Task task;
  private volatile boolean closed;

  LogOwners(Run run, MetaStore meta, NodeId node, Function<Ownership, LogOwner> start) {
    this.run = run;
    this.meta = meta;
    this.node = node;
    this.start = start;
    this.task = run.fork("log-owners", this::follow);
  }

  Optional<LogOwner> owner(LogId logId) {
    return Optional.ofNullable(owners.get(logId));
  }

  List<LogOwner> all() {
    return List.copyOf(owners.values());
  }

  @Override
  public void close() {
    closed = true;
    task.cancel();
    task.join(Deadline.NEVER);
    owners.values().forEach(LogOwner::close);
    owners.clear();
  }

  private void follow() {
    for (int failures = 1; !closed; failures++) {
      try {
        MetaRange range = meta.range(MetaKeys.OWNERS);
        reconcile(range.entries());
        try (MetaWatch watch = meta.watch(MetaKeys.OWNERS, range.revision())) {
          watch.poll(Deadline.NEVER);
        }
        failures = 0;
      } catch (DbException e) {
        if (closed || e.code() == ErrorCode.CANCELED) {
          return;
        }
        log.warn("cannot follow log owners node={}", node, e);
        run.sleep(RETRY.pause(failures, run.random()));
      }
    }
  }

  /// Any change is answered by looking at all of it again: there is one key per log.
  private void reconcile(List<MetaEntry> entries) {
    Map<LogId, Ownership> mine = new HashMap<>();
    entries.stream().flatMap(e -> ownership(e).stream()).forEach(o -> mine.put(o.log(), o));
    for (LogOwner owner : all()) {
      Ownership held = owner.ownership();
      if (!held.equals(mine.get(held.log()))) {
        owners.remove(held.log());
        owner.close();
        log.info("log released log={} epoch={}", held.log(), held.epoch());
      }
    }
    mine.forEach((logId, ownership) -> owners.computeIfAbsent(logId, _ -> start.apply(ownership)));
  }

  private Optional<Ownership> ownership(MetaEntry entry) {
    OwnerMeta owner = CatalogCodec.parse(entry, OwnerMeta.parser());
    LogId logId = new LogId(Integer.parseInt(entry.key().substring(MetaKeys.OWNERS.length())));
    return owner.getNodeId() == node.value()
        ? Optional.of(new Ownership(logId, owner.getEpoch(), entry.revision()))
        : Optional.empty();
  }
}
