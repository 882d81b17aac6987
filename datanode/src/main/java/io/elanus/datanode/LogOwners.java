package io.elanus.datanode;

import io.elanus.common.meta.MetaKeys;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.meta.MetaStore.MetaEvent;
import io.elanus.common.meta.Watcher;
import io.elanus.common.model.NodeId;
import io.elanus.common.run.Run;
import io.elanus.common.wal.LogId;
import io.elanus.proto.internal.OwnerMeta;
import io.elanus.rpc.codec.CatalogCodec;
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
final class LogOwners implements Watcher.Listener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LogOwners.class);

  private final MetaStore meta;
  private final NodeId node;
  private final Function<Ownership, LogOwner> start;
  private final Map<LogId, LogOwner> owners = new ConcurrentHashMap<>();
  private final Watcher watcher;

  LogOwners(Run run, MetaStore meta, NodeId node, Function<Ownership, LogOwner> start) {
    this.meta = meta;
    this.node = node;
    this.start = start;
    this.watcher = Watcher.start(run, meta, MetaKeys.OWNERS, this);
  }

  Optional<LogOwner> owner(LogId logId) {
    return Optional.ofNullable(owners.get(logId));
  }

  List<LogOwner> all() {
    return List.copyOf(owners.values());
  }

  @Override
  public void listed(List<MetaEntry> entries) {
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

  /// Answered by looking at all of them again: there is one key per log.
  @Override
  public void changed(List<MetaEvent> events) {
    listed(meta.range(MetaKeys.OWNERS).entries());
  }

  @Override
  public void close() {
    watcher.close();
    owners.values().forEach(LogOwner::close);
    owners.clear();
  }

  private Optional<Ownership> ownership(MetaEntry entry) {
    OwnerMeta owner = CatalogCodec.parse(entry, OwnerMeta.parser());
    LogId logId = new LogId(Integer.parseInt(entry.key().substring(MetaKeys.OWNERS.length())));
    return owner.getNodeId() == node.value()
        ? Optional.of(new Ownership(logId, owner.getEpoch(), entry.revision()))
        : Optional.empty();
  }
}
